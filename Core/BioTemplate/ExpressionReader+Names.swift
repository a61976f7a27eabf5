// SPDX-License-Identifier: Apache-2.0

extension ExpressionReader {
    mutating func path() throws(TemplateError) -> TemplatePath {
        skipBlanks()
        let start = offset
        let isData = take(UInt8(ascii: "@"))
        var levels = 0
        var isScoped = false
        var names: [String] = []
        repeat {
            if peek == UInt8(ascii: "["), let name = try bracketed() {
                names.append(name)
            } else if peek == UInt8(ascii: "."), at(1) == UInt8(ascii: "."), names.isEmpty {
                levels += 1
                isScoped = true
                offset += 2
            } else if peek == UInt8(ascii: "."), at(1) != UInt8(ascii: "."), names.isEmpty, !isScoped {
                isScoped = true
                offset += 1
            } else if let end = identifierEnd(offset) {
                let name = source.text(offset..<end)
                if name == "this", names.isEmpty, !isData, offset == start || levels > 0 {
                    isScoped = true
                } else {
                    names.append(name)
                }
                offset = end
            } else {
                throw unexpected(offset == start ? "a name" : "a name after '\(source.text(start..<offset))'")
            }
        } while takeSeparator()
        return TemplatePath(
            offset: start, text: source.text(start..<offset), levels: levels, isData: isData, isScoped: isScoped,
            names: names)
    }

    /// A dot or slash; none is needed before a bracket: `members[0]`.
    private mutating func takeSeparator() -> Bool {
        take(UInt8(ascii: ".")) || take(UInt8(ascii: "/")) || peek == UInt8(ascii: "[")
    }

    /// `[any text]`, a name with characters that a bare one cannot have.
    private mutating func bracketed() throws(TemplateError) -> String? {
        guard let end = source.bytes[offset...].firstIndex(where: { $0 == UInt8(ascii: "]") || $0 == newline }),
            source.bytes[end] != newline
        else { throw error(.unclosed("'['")) }
        defer { offset = end + 1 }
        return source.text(offset + 1..<end)
    }

    mutating func takeArgumentName() -> (text: String, offset: Int)? {
        guard let end = identifierEnd(offset) else { return nil }
        var index = end
        while index < source.bytes.count, isBlank(source.bytes[index]) { index += 1 }
        guard index < source.bytes.count, source.bytes[index] == UInt8(ascii: "=") else { return nil }
        defer { offset = index + 1 }
        return (source.text(offset..<end), offset)
    }

    /// At `as |`.
    var atBlockParameters: Bool {
        guard at(0) == UInt8(ascii: "a"), at(1) == UInt8(ascii: "s") else { return false }
        var index = offset + 2
        while index < source.bytes.count, isBlank(source.bytes[index]) { index += 1 }
        return index > offset + 2 && index < source.bytes.count && source.bytes[index] == UInt8(ascii: "|")
    }

    func identifierEnd(_ start: Int) -> Int? {
        var end = start
        while end < source.bytes.count, isIdentifier(source.bytes[end]) { end += 1 }
        return end > start ? end : nil
    }
}

/// Whether a bare name may have this byte (the Handlebars language, "identifiers").
private func isIdentifier(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"),
        UInt8(ascii: ":"), UInt8(ascii: "?"):
        true
    default: byte >= 0x80
    }
}
