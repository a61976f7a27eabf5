// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Reads one tag: its kind, what it says, where it ends and which blanks around it go.
struct TagScanner {
    enum Content {
        case comment
        /// The inside of a raw block.
        case raw(Range<Int>)
        case expression(TemplateExpression)
        case open(TemplateBlock)
        case inline(String)
        case partial(TemplatePartial)
        case openPartial(TemplatePartial)
        /// `{{else}}`, or `{{else if …}}` with its block.
        case otherwise(TemplateBlock?)
        case close(String, offset: Int)
    }

    static let rawEnd: StaticString = "{{{{/raw}}}}"

    let source: TemplateSource
    let start: Int
    /// The end of the tag, of a raw block the end of its first one.
    private(set) var end: Int
    private(set) var trimsLeft = false
    private(set) var trimsRight = false
    /// A tag of this kind takes its whole line with it when it is alone there.
    private(set) var canStandAlone = true

    init(source: TemplateSource, start: Int) {
        self.source = source
        self.start = start
        end = start
    }

    mutating func content() throws(TemplateError) -> Content {
        var reader = ExpressionReader(source: source, offset: start + 2)
        if reader.peek == UInt8(ascii: "{"), reader.at(1) == UInt8(ascii: "{") { return try rawBlock() }
        trimsLeft = reader.take(UInt8(ascii: "~"))
        if reader.peek == UInt8(ascii: "!") { return try comment(reader.offset) }
        let isTriple = reader.take(UInt8(ascii: "{"))
        if isTriple { trimsLeft = reader.take(UInt8(ascii: "~")) || trimsLeft }
        let sigil = reader.peekPastBlanks()
        let result: Content
        switch sigil {
        case UInt8(ascii: "#") where !isTriple: result = try opening(&reader)
        case UInt8(ascii: "^") where !isTriple: result = try inverted(&reader)
        case UInt8(ascii: "/") where !isTriple:
            reader.offset += 1
            result = try closing(&reader)
        case UInt8(ascii: ">") where !isTriple:
            reader.offset += 1
            result = .partial(try partial(&reader))
        default:
            if !isTriple, takesElse(&reader) {
                result = try otherwise(&reader)
            } else {
                canStandAlone = false
                if !isTriple { _ = reader.take(UInt8(ascii: "&")) }
                result = .expression(try reader.expression())
            }
        }
        try finish(&reader, isTriple: isTriple)
        return result
    }

    /// Takes the braces that close the tag.
    private mutating func finish(_ reader: inout ExpressionReader, isTriple: Bool) throws(TemplateError) {
        reader.skipBlanks()
        trimsRight = reader.take(UInt8(ascii: "~"))
        if isTriple {
            guard reader.take(UInt8(ascii: "}")) else { throw unclosed(reader, "'}}}'") }
            trimsRight = reader.take(UInt8(ascii: "~")) || trimsRight
        }
        guard reader.peek == UInt8(ascii: "}"), reader.at(1) == UInt8(ascii: "}") else {
            throw unclosed(reader, isTriple ? "'}}}'" : "'}}'")
        }
        end = reader.offset + 2
    }

    private func unclosed(_ reader: ExpressionReader, _ expected: String) -> TemplateError {
        reader.peek == nil ? source.error(.unclosed("the tag"), at: start) : reader.unexpected(expected)
    }

    // MARK: - Kinds

    private func opening(_ reader: inout ExpressionReader) throws(TemplateError) -> Content {
        reader.offset += 1
        switch reader.peekPastBlanks() {
        case UInt8(ascii: ">"):
            reader.offset += 1
            return .openPartial(try partial(&reader))
        case UInt8(ascii: "*"):
            reader.offset += 1
            let call = try reader.call()
            guard call.path.simpleName == "inline", call.arguments.count == 1,
                case .literal(let literal, _) = call.arguments[0], let name = literal.string
            else {
                throw source.error(
                    .unexpected(found: "'*\(call.path.text)'", expected: "'*inline \"name\"'"), at: call.path.offset)
            }
            return .inline(name)
        default: return .open(try block(&reader, isInverted: false))
        }
    }

    private func inverted(_ reader: inout ExpressionReader) throws(TemplateError) -> Content {
        reader.offset += 1
        let next = reader.peekPastBlanks()
        if next == UInt8(ascii: "}") || next == UInt8(ascii: "~") { return .otherwise(nil) }
        return .open(try block(&reader, isInverted: true))
    }

    private func otherwise(_ reader: inout ExpressionReader) throws(TemplateError) -> Content {
        let next = reader.peekPastBlanks()
        if next == UInt8(ascii: "}") || next == UInt8(ascii: "~") { return .otherwise(nil) }
        return .otherwise(try block(&reader, isInverted: false))
    }

    private func closing(_ reader: inout ExpressionReader) throws(TemplateError) -> Content {
        reader.skipBlanks()
        let offset = reader.offset
        return .close(try reader.path().calledName, offset: offset)
    }

    private func block(
        _ reader: inout ExpressionReader, isInverted: Bool
    ) throws(TemplateError) -> TemplateBlock {
        let call = try reader.call()
        return TemplateBlock(call: call, isInverted: isInverted, parameters: try reader.blockParameters())
    }

    private func partial(_ reader: inout ExpressionReader) throws(TemplateError) -> TemplatePartial {
        reader.skipBlanks()
        let offset = reader.offset
        let name: TemplatePartial.Name
        switch try reader.operand() {
        case .path(let path): name = .fixed(path.calledName)
        case .literal(let literal, _): name = .fixed(literal.templateText)
        case let other: name = .computed(other)
        }
        let (arguments, named) = try reader.arguments()
        guard arguments.count <= 1 else {
            throw source.error(
                .argumentCount(function: ">", expected: "one context at most", found: arguments.count),
                at: arguments[1].offset)
        }
        return TemplatePartial(
            offset: offset, name: name, context: arguments.first, named: named, indent: start..<start, body: nil)
    }

    /// Takes the word `else`.
    private func takesElse(_ reader: inout ExpressionReader) -> Bool {
        let word = Array("else".utf8)
        for (distance, byte) in word.enumerated() where reader.at(distance) != byte { return false }
        guard let next = reader.at(word.count), isBlank(next) || next == UInt8(ascii: "}") || next == UInt8(ascii: "~")
        else { return false }
        reader.offset += word.count
        return true
    }

    // MARK: - Comments and raw blocks

    private mutating func comment(_ mark: Int) throws(TemplateError) -> Content {
        let dashes = Array("!--".utf8)
        let isLong = source.bytes[mark...].starts(with: dashes)
        var index = mark + (isLong ? 3 : 1)
        while let close = find("}}", from: index) {
            var before = close
            if source.bytes[before - 1] == UInt8(ascii: "~"), before - 1 > mark {
                trimsRight = true
                before -= 1
            }
            // `{{!--}}` is whole: the dashes that begin it may end it.
            if !isLong || before - 2 >= mark + 1 && source.bytes[before - 2..<before].elementsEqual(dashes[1...]) {
                end = close + 2
                return .comment
            }
            trimsRight = false
            index = close + 1
        }
        throw source.error(.unclosed("the comment"), at: start)
    }

    private mutating func rawBlock() throws(TemplateError) -> Content {
        var reader = ExpressionReader(source: source, offset: start + 4)
        let call = try reader.call()
        guard reader.peekPastBlanks() != nil, source.bytes[reader.offset...].starts(with: Array("}}}}".utf8)) else {
            throw unclosed(reader, "'}}}}'")
        }
        guard call.path.simpleName == "raw", !call.hasArguments else {
            throw source.error(
                .unknownBlock(call.path.text), at: call.path.offset, hint: "the one raw block is '{{{{raw}}}}'")
        }
        let inside = reader.offset + 4
        guard let close = find(Self.rawEnd, from: inside) else {
            throw source.error(.unclosed("'{{{{raw}}}}'"), at: start)
        }
        end = inside
        return .raw(inside..<close)
    }

    private func find(_ text: StaticString, from start: Int) -> Int? {
        let count = text.utf8CodeUnitCount
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: count)
        guard start + count <= source.bytes.count else { return nil }
        return (start...source.bytes.count - count).first { source.bytes[$0..<$0 + count].elementsEqual(wanted) }
    }
}
