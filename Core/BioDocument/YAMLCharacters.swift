// SPDX-License-Identifier: Apache-2.0

/// The characters that a YAML text may hold as they are.
enum YAMLCharacters {
    /// libyaml compares each `%TAG` with all before it. One in the first column of a text counts as well.
    private static let mostDirectives = 64

    /// Refuses what is not UTF-8, what is no printable character (YAML 1.2.2 section 5.1), a byte order mark that is not
    /// the first, and the three characters that YAML 1.1 takes for line breaks and YAML 1.2 does not.
    static func check(_ bytes: [UInt8]) throws(DocumentError) {
        do throws(UTF8.ValidationError) { _ = try UTF8Span(validating: bytes.span) } catch {
            throw self.error(.notUTF8, at: error.byteOffsets.lowerBound, in: bytes)
        }
        var offset = 0
        var directives = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "%"), offset == 0 || bytes[offset - 1] == 0x0A || bytes[offset - 1] == 0x0D {
                directives += 1
                if directives > mostDirectives {
                    throw error(.syntax("more than \(mostDirectives) directives"), at: offset, in: bytes)
                }
            }
            guard byte >= 0x20, byte < 0x7F || byte == 0xC2 || byte == 0xE2 || byte == 0xEF else {
                let isBreak = byte == 0x0A || byte == 0x0D || byte == 0x09
                if !isBreak && byte < 0x80 {
                    throw error(.notPrintable(UInt32(byte)), at: offset, in: bytes)
                }
                offset += 1
                continue
            }
            if byte >= 0x80, let scalar = refused(bytes, offset) {
                throw error(.notPrintable(scalar), at: offset, in: bytes)
            }
            offset += 1
        }
    }

    /// The character at `offset` when it is one of those; its first byte is C2, E2 or EF, its bytes are UTF-8.
    private static func refused(_ bytes: [UInt8], _ offset: Int) -> UInt32? {
        switch (bytes[offset], bytes[offset + 1]) {
        case (0xC2, 0x80...0x9F): UInt32(bytes[offset + 1])
        case (0xE2, 0x80) where bytes[offset + 2] == 0xA8 || bytes[offset + 2] == 0xA9:
            0x2000 + UInt32(bytes[offset + 2]) - 0x80
        case (0xEF, 0xBB) where bytes[offset + 2] == 0xBF && offset > 0: 0xFEFF
        case (0xEF, 0xBF) where bytes[offset + 2] >= 0xBE: 0xFFC0 + UInt32(bytes[offset + 2]) - 0x80
        default: nil
        }
    }

    private static func error(_ problem: DocumentError.Problem, at offset: Int, in bytes: [UInt8]) -> DocumentError {
        bytes.withUnsafeBufferPointer { DocumentError(problem, at: DocumentPosition(offset: offset, in: $0)) }
    }
}
