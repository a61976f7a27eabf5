// SPDX-License-Identifier: Apache-2.0

/// What may stand in `keys`.
package enum PolicyKeys {
    /// Printable ASCII without a slash: a key's name, with or without its revision.
    package static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 246 && text.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: "/") }
    }
}
