// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioStore
import BioSystem

/// What an operator has set while services run: `sup/default/applied/SERVICE.GROUP.toml`, the last layer of a service's
/// configuration. Later versions take the place of earlier ones.
package struct AppliedConfiguration: Hashable, Sendable {
    package let version: UInt64
    /// An object.
    package let value: DocumentValue

    private static let limit = 1 << 20

    package static func directory(in root: FileSystemRoot) -> String { root.path("sup/default/applied") }

    package static func path(_ group: ServiceGroup, in root: FileSystemRoot) -> String {
        "\(directory(in: root))/\(group).toml"
    }

    /// nil when nothing is applied.
    package init?(of group: ServiceGroup, in root: FileSystemRoot) throws(SupervisorError) {
        let path = Self.path(group, in: root)
        guard let bytes = try TextFile.bytes(path, limit: 2 * Self.limit) else { return nil }
        let document: DocumentValue
        do throws(DocumentError) {
            document = try TOMLDocument(parsing: bytes, maximumLength: 2 * Self.limit).value
        } catch {
            throw .badConfiguration(path: path, error)
        }
        guard let number = document["version"]?.int, let config = document["config"], config.object != nil else {
            throw .badApplied(path: path)
        }
        version = UInt64(clamping: number)
        value = config
    }

    /// Reads a TOML text that somebody gave; `origin` is what errors call it.
    package static func parse(_ bytes: [UInt8], origin: String) throws(SupervisorError) -> DocumentValue {
        do throws(DocumentError) { return try TOMLDocument(parsing: bytes).value } catch {
            throw .badConfiguration(path: origin, error)
        }
    }

    /// Puts `value` in force as `version`, which has to be newer than what is.
    package static func apply(
        _ value: DocumentValue, version: UInt64, to group: ServiceGroup, in root: FileSystemRoot
    ) throws(SupervisorError) {
        let path = path(group, in: root)
        do throws(SystemError) {
            try Directory.create(root.path("sup/default"))
            try Directory.create(directory(in: root), mode: 0o700)
        } catch { throw .system(error) }
        let lock: DirectoryLock
        do throws(SystemError) { lock = try DirectoryLock(directory(in: root), cancellation: .never) } catch {
            throw .system(error)
        }
        defer { withExtendedLifetime(lock) {} }
        if let present = try AppliedConfiguration(of: group, in: root), present.version >= version {
            throw .refused(.notNewer(version: version, than: present.version, group), path: nil)
        }
        let document: DocumentValue = ["version": .integer(version), "config": value]
        let text: String
        do throws(TOMLWriter.Refusal) { text = try document.tomlText() } catch { throw .notWritable(error, path: path) }
        // It may hold secrets.
        do throws(SystemError) { try AtomicFile.write(Array(text.utf8), to: path, mode: 0o600) } catch {
            throw .system(error)
        }
    }
}
