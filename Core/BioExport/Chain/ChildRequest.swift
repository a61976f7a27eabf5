// SPDX-License-Identifier: Apache-2.0

/// An export that another one asks for (`bio_child`).
package struct ChildRequest: Hashable, Sendable {
    package struct Option: Hashable, Sendable {
        package let id: String
        /// As on the format's command line; of a flag `true`.
        package let value: String

        package init(id: String, value: String) {
            self.id = id
            self.value = value
        }
    }

    package let format: String
    /// Numbers of packages that the user named; empty: all of them.
    package let roots: [UInt32]
    /// Of the format's own, in their order; a list stands several times.
    package let options: [Option]

    package init(format: String, roots: [UInt32] = [], options: [Option] = []) {
        self.format = format
        self.roots = roots
        self.options = options
    }
}
