// SPDX-License-Identifier: Apache-2.0

extension PackageMetadata {
    /// A line `name=value`.
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }

        /// The value's words; text after a further `=` does not count (which is how binds are read).
        package var words: [String] {
            value.utf8.prefix { $0 != UInt8(ascii: "=") }.split(whereSeparator: MetaFileText.isBlank)
                .map { String(Substring($0)) }
        }

        /// The value's pieces between `separator`, empty ones left out.
        func pieces(separator: UInt8) -> [String] {
            value.utf8.split(separator: separator).map { String(Substring($0)) }
        }
    }

    /// A variable that holds directories.
    package struct PathVariable: Hashable, Sendable {
        package let name: String
        package let directories: [String]
    }

    /// How a composite binds one of its services to others.
    package struct ServiceBinds: Hashable, Sendable {
        package struct Bind: Hashable, Sendable {
            package let name: String
            package let service: PackageIdent
        }

        package let service: PackageIdent
        package let binds: [Bind]
    }

    /// What sort of package it is. Composites were removed from Habitat in 2019; native packages came later.
    package enum PackageType: String, Hashable, Sendable {
        case standalone, composite, native
    }
}
