// SPDX-License-Identifier: Apache-2.0

/// The platform a package is built for: the union of what the Habitat and Biome releases know.
package enum PackageTarget: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    case aarch64Darwin = "aarch64-darwin"
    case aarch64Linux = "aarch64-linux"
    case aarch64Windows = "aarch64-windows"
    case x86_64Darwin = "x86_64-darwin"
    case x86_64Linux = "x86_64-linux"
    case x86_64LinuxKernel2 = "x86_64-linux-kernel2"
    case x86_64Windows = "x86_64-windows"

    /// A text that is none of the known targets.
    package struct ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        package let text: String

        package init(text: String) { self.text = text }

        package var description: String { "\(text.quoted) is not a package target" }

        package var hint: String? {
            "known targets: " + PackageTarget.allCases.map(\.rawValue).joined(separator: ", ")
        }
    }

    package init(parsing text: some StringProtocol) throws(ParseError) {
        guard let target = PackageTarget(rawValue: String(text)) else { throw ParseError(text: String(text)) }
        self = target
    }

    /// The target of this program, fixed when it is compiled.
    package static let host: PackageTarget = {
        #if arch(arm64)
            return .aarch64Linux
        #else
            return .x86_64Linux
        #endif
    }()

    /// The part before the first dash.
    package var architecture: String { String(rawValue.prefix { $0 != "-" }) }

    /// The part after the first dash, a variant left out: `linux`, `darwin` or `windows`.
    package var system: String { String(rawValue.split(separator: "-")[1]) }

    /// What stands between the directories of a search path.
    package var pathSeparator: UInt8 { rawValue.hasSuffix("-windows") ? UInt8(ascii: ";") : UInt8(ascii: ":") }

    package var description: String { rawValue }
}
