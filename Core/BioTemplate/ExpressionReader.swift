// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Reads what stands inside a tag: names, literals, sub-expressions, named arguments and block parameters.
struct ExpressionReader {
    let source: TemplateSource
    var offset: Int
    private var depth = 0

    /// The most sub-expressions inside each other.
    static let maximumDepth = 32

    init(source: TemplateSource, offset: Int) {
        self.source = source
        self.offset = offset
    }

    // MARK: - Expressions

    /// A name or literal, with arguments when it is a name that has some.
    mutating func expression() throws(TemplateError) -> TemplateExpression {
        let head = try operand()
        guard case .path(let path) = head else {
            if let byte = peekPastBlanks(), !isEnd(byte) { throw unexpected("the end of the tag") }
            return head
        }
        let (arguments, named) = try arguments()
        guard !arguments.isEmpty || !named.isEmpty else { return head }
        return .call(TemplateCall(path: path, arguments: arguments, named: named))
    }

    /// A name and its arguments, as a block opens with.
    mutating func call() throws(TemplateError) -> TemplateCall {
        skipBlanks()
        let path = try path()
        let (arguments, named) = try arguments()
        return TemplateCall(path: path, arguments: arguments, named: named)
    }

    mutating func arguments() throws(TemplateError) -> ([TemplateExpression], [TemplateCall.Named]) {
        var arguments: [TemplateExpression] = []
        var named: [TemplateCall.Named] = []
        while let byte = peekPastBlanks(), !isEnd(byte), !atBlockParameters {
            if let name = takeArgumentName() {
                named.append(TemplateCall.Named(name: name.text, value: try operand(), offset: name.offset))
            } else if named.isEmpty {
                arguments.append(try operand())
            } else {
                throw unexpected("name=value: named arguments come last")
            }
        }
        return (arguments, named)
    }

    mutating func operand() throws(TemplateError) -> TemplateExpression {
        let start = offset + blanks
        switch peekPastBlanks() {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .literal(.string(try string()), offset: start)
        case UInt8(ascii: "("): return try subexpression()
        default:
            if let number = takeNumber() { return .literal(number, offset: start) }
            let path = try path()
            switch path.text {
            case "true": return .literal(true, offset: start)
            case "false": return .literal(false, offset: start)
            case "null", "undefined": return .literal(.null, offset: start)
            default: return .path(path)
            }
        }
    }

    private mutating func subexpression() throws(TemplateError) -> TemplateExpression {
        let start = offset
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw error(.nestingTooDeep(limit: Self.maximumDepth)) }
        offset += 1
        let call = try call()
        guard peekPastBlanks() == UInt8(ascii: ")") else {
            throw peek == nil ? source.error(.unclosed("the sub-expression"), at: start) : unexpected("')'")
        }
        offset += 1
        return .call(call)
    }

    /// The names of `as |value key|`; none when there is no such thing.
    mutating func blockParameters() throws(TemplateError) -> [String] {
        guard peekPastBlanks() != nil, atBlockParameters else { return [] }
        offset += 2
        skipBlanks()
        offset += 1
        var names: [String] = []
        while let byte = peekPastBlanks(), byte != UInt8(ascii: "|") {
            guard let end = identifierEnd(offset) else { throw unexpected("a name for a block parameter") }
            names.append(source.text(offset..<end))
            offset = end
        }
        guard peek != nil, !names.isEmpty else { throw unexpected("a name for a block parameter") }
        offset += 1
        return names
    }

    // MARK: - Bytes

    var peek: UInt8? { offset < source.bytes.count ? source.bytes[offset] : nil }
    func at(_ distance: Int) -> UInt8? {
        offset + distance < source.bytes.count ? source.bytes[offset + distance] : nil
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        offset += 1
        return true
    }

    private var blanks: Int {
        var count = 0
        while let byte = at(count), isBlank(byte) { count += 1 }
        return count
    }

    mutating func skipBlanks() { offset += blanks }

    mutating func peekPastBlanks() -> UInt8? {
        skipBlanks()
        return peek
    }

    /// A byte that ends the arguments.
    private func isEnd(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "}") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "~")
    }

    func unexpected(_ expected: String) -> TemplateError {
        guard let byte = peek else { return error(.unexpected(found: "end of the template", expected: expected)) }
        var end = identifierEnd(offset) ?? offset + 1
        if byte == UInt8(ascii: "}") { while end < source.bytes.count, source.bytes[end] == byte { end += 1 } }
        let found = byte == newline ? "end of the line" : "'\(source.text(offset..<min(end, offset + 40)))'"
        return error(.unexpected(found: found, expected: expected))
    }

    func error(_ problem: TemplateError.Problem) -> TemplateError { source.error(problem, at: offset) }
}

func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == newline || byte == 0x0D }
