// SPDX-License-Identifier: Apache-2.0

/// A variable that every command honours; those of single options stand with them.
package struct SharedVariable: Hashable, Sendable {
    package let name: String
    /// What it does, no final period.
    package let help: String

    package static let all = [
        SharedVariable(name: "FS_ROOT", help: "directory to use instead of / for packages and caches"),
        SharedVariable(name: "BIO_FLAVOUR", help: "habitat, biome or biome-2.1 (HAB_ is BIO_ then)"),
        SharedVariable(name: "HAB_GLYPH_STYLE", help: "signs before messages: full, limited or ascii"),
        SharedVariable(name: "HAB_NOCOLORING", help: "1 or true: no colours; NO_COLOR does the same"),
        SharedVariable(name: "HAB_NONINTERACTIVE", help: "1 or true: plain lines instead of progress bars"),
    ]

    /// As the help of `bio` shows them: one a line, indented.
    static var listing: String {
        let width = all.map(\.name.count).max() ?? 0
        return all.map { "  \($0.name.padded(to: width + 2)) \($0.help)" }.joined(separator: "\n")
    }
}
