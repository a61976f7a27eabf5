// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Lines and columns of many offsets in one text: the text is walked once, and each place counts from the mark before it.
struct TemplatePositions {
    private struct Mark {
        let line: Int
        let column: Int
    }

    /// Bytes from one mark to the next.
    private static let distance = 1024

    private let bytes: [UInt8]
    private var marks: [Mark] = []

    init(of source: TemplateSource) {
        bytes = source.bytes
        var mark = Mark(line: 1, column: 1)
        for start in stride(from: 0, through: bytes.count, by: Self.distance) {
            marks.append(mark)
            mark = count(start..<min(start + Self.distance, bytes.count), from: mark)
        }
    }

    /// The place of a byte that begins a character.
    func position(of offset: Int) -> DocumentPosition {
        let number = min(offset, bytes.count) / Self.distance
        let place = count(number * Self.distance..<min(offset, bytes.count), from: marks[number])
        return DocumentPosition(line: place.line, column: place.column)
    }

    private func count(_ range: Range<Int>, from mark: Mark) -> Mark {
        var line = mark.line
        var column = mark.column
        for byte in bytes[range] {
            if byte == newline {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                // A character counts with its first byte.
                column += 1
            }
        }
        return Mark(line: line, column: column)
    }
}
