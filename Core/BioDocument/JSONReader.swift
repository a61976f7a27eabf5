// SPDX-License-Identifier: Apache-2.0

extension DocumentValue {
    /// Reads one JSON text (RFC 8259), strictly: UTF-8 without a byte order mark, no duplicate keys, no lone
    /// surrogates, nothing after the value, at most `maximumDepth` arrays and objects inside each other.
    package init(json bytes: [UInt8], maximumDepth: Int = 128) throws(DocumentError) {
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(DocumentError) -> DocumentValue in
            var reader = JSONReader(bytes: buffer, maximumDepth: maximumDepth)
            return try reader.document()
        }
    }

    package init(json text: String, maximumDepth: Int = 128) throws(DocumentError) {
        try self.init(json: Array(text.utf8), maximumDepth: maximumDepth)
    }
}

extension Document {
    /// Reads one JSON text as `DocumentValue(json:)` does.
    package init(json bytes: [UInt8], limits: DocumentLimits = DocumentLimits()) throws(DocumentError) {
        try limits.check(length: bytes.count)
        self = try bytes.withUnsafeBufferPointer { (buffer) throws(DocumentError) -> Document in
            var reader = JSONReader(
                bytes: buffer, maximumDepth: limits.depth, offsets: [], maximumValues: limits.values)
            let value = try reader.document()
            let positions = DocumentPosition.positions(of: reader.offsets ?? [], in: buffer)
            var index = 0
            return Document(value: value, places: DocumentPlaces(of: value, positions, &index))
        }
    }
}

private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")
private let newline = UInt8(ascii: "\n")

/// One pass over the bytes; the position is worked out from the offset when something is wrong.
private struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    let maximumDepth: Int
    /// Where each value begins, its key if it has one, in the order of the text; nil when nobody wants to know.
    var offsets: [Int]?
    var maximumValues = Int.max
    var offset = 0
    var depth = 0

    mutating func document() throws(DocumentError) -> DocumentValue {
        skipBlanks()
        let result = try value(at: offset)
        skipBlanks()
        if offset < bytes.count { throw error(.trailing(found: found())) }
        return result
    }

    /// `place` is where the value begins for whoever looks for it: its key if it has one.
    mutating func value(at place: Int) throws(DocumentError) -> DocumentValue {
        offsets?.append(place)
        if let count = offsets?.count, count > maximumValues { throw error(.tooMany(limit: maximumValues)) }
        guard let byte = peek else { throw error(.unexpectedEnd) }
        switch byte {
        case quote: return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw error(.unexpected(found: found(), expected: "a value"))
        }
    }

    mutating func object() throws(DocumentError) -> DocumentObject {
        try enter()
        var members: [DocumentObject.Member] = []
        var keys = DistinctKeys()
        skipBlanks()
        if take(UInt8(ascii: "}")) { return leave(DocumentObject()) }
        while true {
            let keyOffset = offset
            guard peek == quote else { throw unexpected("a key in double quotes") }
            let key = try string()
            guard keys.insert(key, among: members) else { throw error(.duplicateKey(key), at: keyOffset) }
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw unexpected("':'") }
            skipBlanks()
            members.append(DocumentObject.Member(key: key, value: try value(at: keyOffset)))
            skipBlanks()
            if take(UInt8(ascii: "}")) { return leave(DocumentObject(distinct: members)) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("',' or '}'") }
            skipBlanks()
        }
    }

    mutating func array() throws(DocumentError) -> [DocumentValue] {
        try enter()
        var elements: [DocumentValue] = []
        skipBlanks()
        if take(UInt8(ascii: "]")) { return leave(elements) }
        while true {
            elements.append(try value(at: offset))
            skipBlanks()
            if take(UInt8(ascii: "]")) { return leave(elements) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("',' or ']'") }
            skipBlanks()
        }
    }

    mutating func string() throws(DocumentError) -> String {
        offset += 1
        let start = offset
        while let byte = peek, byte != quote, byte != backslash, byte >= 0x20 { offset += 1 }
        if peek == quote {
            defer { offset += 1 }
            return try text(start, offset)
        }
        var result: [UInt8] = Array(bytes[start..<offset])
        while let byte = peek {
            if byte == quote {
                guard let text = String(validating: result, as: UTF8.self) else { throw error(.notUTF8, at: start) }
                offset += 1
                return text
            }
            if byte < 0x20 { throw error(.controlCharacter(byte)) }
            if byte == backslash {
                try escape(into: &result)
            } else {
                result.append(byte)
                offset += 1
            }
        }
        throw error(.unexpectedEnd)
    }

    mutating func escape(into result: inout [UInt8]) throws(DocumentError) {
        let start = offset
        guard start + 1 < bytes.count else { throw error(.unexpectedEnd, at: bytes.count) }
        offset += 2
        switch bytes[start + 1] {
        case quote: result.append(quote)
        case backslash: result.append(backslash)
        case UInt8(ascii: "/"): result.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"):
            let first = try hexadecimal(start)
            var scalar = UInt32(first)
            if (0xD800...0xDBFF).contains(first) {
                let low = offset
                guard offset + 1 < bytes.count, bytes[offset] == backslash, bytes[offset + 1] == UInt8(ascii: "u")
                else { throw error(.loneSurrogate(piece(start, 6)), at: start) }
                offset += 2
                let second = try hexadecimal(low)
                guard (0xDC00...0xDFFF).contains(second) else {
                    throw error(.loneSurrogate(piece(start, 6)), at: start)
                }
                scalar = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            }
            guard let character = Unicode.Scalar(scalar) else {
                throw error(.loneSurrogate(piece(start, 6)), at: start)
            }
            result.append(contentsOf: Array(String(character).utf8))
        default:
            throw error(.badEscape(piece(start, 2)), at: start)
        }
    }

    /// Four hexadecimal digits at the offset; `start` is where their escape begins.
    mutating func hexadecimal(_ start: Int) throws(DocumentError) -> UInt16 {
        guard offset + 4 <= bytes.count else { throw error(.unexpectedEnd, at: bytes.count) }
        var value: UInt16 = 0
        for index in offset..<offset + 4 {
            guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue, bytes[index] < 0x80 else {
                throw error(.badEscape(piece(start, 6)), at: start)
            }
            value = value << 4 | UInt16(digit)
        }
        offset += 4
        return value
    }

    mutating func number() throws(DocumentError) -> DocumentNumber {
        let start = offset
        _ = take(UInt8(ascii: "-"))
        let whole = digits()
        var valid = whole == 1 || whole > 1 && bytes[offset - whole] != UInt8(ascii: "0")
        if valid, take(UInt8(ascii: ".")) { valid = digits() > 0 }
        if valid, take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            valid = digits() > 0
        }
        // What follows a number must not look like more of it: `1x`, `01`, `1.2.3`.
        if let byte = peek, isWordByte(byte) { valid = false }
        guard valid else {
            while let byte = peek, isWordByte(byte) { offset += 1 }
            throw error(.badNumber(piece(start, min(offset - start, 40))), at: start)
        }
        return DocumentNumber(checked: try text(start, offset))
    }

    mutating func digits() -> Int {
        let start = offset
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { offset += 1 }
        return offset - start
    }

    mutating func word(_ word: StaticString, _ value: DocumentValue) throws(DocumentError) -> DocumentValue {
        let end = offset + word.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard end <= bytes.count, bytes[offset..<end].elementsEqual(expected),
            end == bytes.count || !isWordByte(bytes[end])
        else { throw error(.unexpected(found: found(), expected: "a value")) }
        offset = end
        return value
    }

    // MARK: - Bytes

    var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        offset += 1
        return true
    }

    mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == newline || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    mutating func enter() throws(DocumentError) {
        depth += 1
        if depth > maximumDepth { throw error(.tooDeep(limit: maximumDepth)) }
        offset += 1
    }

    mutating func leave<T>(_ value: T) -> T {
        depth -= 1
        return value
    }

    func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    func text(_ start: Int, _ end: Int) throws(DocumentError) -> String {
        guard let text = String(validating: bytes[start..<end], as: UTF8.self) else {
            throw error(.notUTF8, at: start)
        }
        return text
    }

    func piece(_ start: Int, _ count: Int) -> String {
        String(decoding: bytes[start..<min(start + count, bytes.count)], as: UTF8.self)
    }

    /// The word or character at the offset, quoted, for an error text.
    func found() -> String {
        guard let byte = peek else { return "end of text" }
        var end = offset
        while end < bytes.count, end - offset < 40, isWordByte(bytes[end]) { end += 1 }
        if end > offset { return "'\(piece(offset, end - offset))'" }
        return byte > 0x20 && byte < 0x7F ? "'\(piece(offset, 1))'" : "byte \(byte)"
    }

    func unexpected(_ expected: String) -> DocumentError {
        peek == nil ? error(.unexpectedEnd) : error(.unexpected(found: found(), expected: expected))
    }

    func error(_ problem: DocumentError.Problem, at place: Int? = nil) -> DocumentError {
        DocumentError(problem, at: DocumentPosition(offset: place ?? offset, in: bytes))
    }
}
