// SPDX-License-Identifier: Apache-2.0

/// How large a text may be that somebody else wrote.
package struct DocumentLimits: Hashable, Sendable {
    /// Bytes of the text.
    package var length: Int
    /// Values inside each other.
    package var depth: Int
    /// Values in all. In YAML what an alias stands for counts each time, and 64 bytes of a text as one more value.
    package var values: Int

    package init(length: Int = 1 << 20, depth: Int = 64, values: Int = 1 << 18) {
        self.length = length
        self.depth = depth
        self.values = values
    }

    func check(length count: Int) throws(DocumentError) {
        guard count <= length else {
            throw DocumentError(.tooLong(limit: length), at: DocumentPosition(line: 1, column: 1))
        }
    }
}
