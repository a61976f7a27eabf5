// SPDX-License-Identifier: Apache-2.0

/// A place in a text, both counted from one; columns count characters (Unicode scalars).
package struct DocumentPosition: Hashable, Sendable, CustomStringConvertible {
    package let line: Int
    package let column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The position of the byte at `offset`.
    init(offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        self = Self.positions(of: [offset], in: bytes)[0]
    }

    /// The positions of bytes whose `offsets` do not go back, in one pass.
    static func positions(of offsets: [Int], in bytes: UnsafeBufferPointer<UInt8>) -> [DocumentPosition] {
        var found: [DocumentPosition] = []
        found.reserveCapacity(offsets.count)
        var line = 1
        var column = 1
        var next = 0
        for offset in offsets {
            while next < min(offset, bytes.count) {
                if bytes[next] == 0x0A {
                    line += 1
                    column = 1
                } else if bytes[next] & 0xC0 != 0x80 {
                    column += 1
                }
                next += 1
            }
            found.append(DocumentPosition(line: line, column: column))
        }
        return found
    }

    package var description: String { "\(line):\(column)" }
}
