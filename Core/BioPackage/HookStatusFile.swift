// SPDX-License-Identifier: Apache-2.0

/// A file that an installer leaves in a package's directory: how a hook ended. It is never part of an artifact.
package enum HookStatusFile: String, Hashable, Sendable, CaseIterable {
    case install = "INSTALL_HOOK_STATUS"
    /// Habitat only.
    case uninstall = "UNINSTALL_HOOK_STATUS"

    /// The exit code that the file's first line says; nil when that is no number.
    package static func exitCode(in bytes: [UInt8]) -> Int32? {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        return Int32(String(decoding: line, as: UTF8.self).filter { $0 != "\r" && $0 != " " })
    }

    /// The file's content: the decimal number, no line end.
    package static func contents(exitCode: Int32) -> [UInt8] { Array(String(exitCode).utf8) }
}
