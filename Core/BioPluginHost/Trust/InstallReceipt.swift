// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioDocument
import BioPackage
import BioSystem
import Glibc

/// What `bio plugin install` keeps of one plugin, outside its directory, so that no bundle can bring its own. It is
/// about exactly one list of files, whose digest is in its name: a plugin whose list is another has no receipt.
package struct InstallReceipt: Hashable, Sendable {
    package let id: String
    package let version: String
    /// Of the text of `plugin.files`.
    package let files: Digest
    /// The directory, archive or artifact that it came from, as the user named it.
    package let source: String
    /// The package that it was taken from; nil: from none.
    package let package: String?
    /// The key that signed the plugin or its package; nil: nobody did.
    package let key: PublicKey?
    /// Seconds since 1970 in UTC.
    package let installed: Int64

    /// Beside the plugins of a place. A leading dot: the catalog does not look into it.
    package static let directoryName = ".receipts"
    static let largest = 64 * 1024

    package init(
        id: String, version: String, files: Digest, source: String, package: String?, key: PublicKey?, installed: Int64
    ) {
        self.id = id
        self.version = version
        self.files = files
        self.source = source
        self.package = package
        self.key = key
        self.installed = installed
    }

    /// What the user agreed to.
    package var acceptance: PluginAcceptance { key.map { .key("\($0.name)") } ?? .unsigned }

    package static func path(in place: String, id: String, files: Digest) -> String {
        "\(place)/\(directoryName)/\(id)-\(files.hex).json"
    }

    package var document: DocumentValue {
        [
            "schema_version": 1, "id": .string(id), "version": .string(version), "files": .string("\(files)"),
            "source": .string(source), "package": .optional(package), "key": .optional(key.map { "\($0.name)" }),
            "public_key": .optional(key?.text), "installed": .integer(installed),
        ]
    }

    /// nil when the document is no receipt that this program writes.
    init?(_ document: DocumentValue) {
        guard document["schema_version"]?.int == 1, let id = document["id"]?.string,
            let version = document["version"]?.string,
            let files = document["files"]?.string.flatMap({ try? Digest(parsing: $0) }),
            let source = document["source"]?.string, let installed = document["installed"]?.int
        else { return nil }
        let key = document["public_key"]?.string
        let parsed = key.flatMap { try? PublicKey(parsing: Array($0.utf8)) }
        guard (key == nil) == (parsed == nil) else { return nil }
        self.init(
            id: id, version: version, files: files, source: source, package: document["package"]?.string, key: parsed,
            installed: Int64(installed))
    }

    /// The receipt of `id` with this list of files in `place`; nil when there is none that can be used.
    package static func read(in place: String, id: String, files: Digest) -> InstallReceipt? {
        let receipt = read(path(in: place, id: id, files: files), id: id)
        return receipt?.files == files ? receipt : nil
    }

    /// The receipt at `path`, if it is one of `id`.
    static func read(_ path: String, id: String) -> InstallReceipt? {
        guard let file = try? FileDescriptor.open(path, O_RDONLY | O_NONBLOCK),
            (try? file.status())?.kind == .file, let bytes = try? file.readToEnd(limit: largest),
            let document = try? DocumentValue(json: bytes), let receipt = InstallReceipt(document), receipt.id == id
        else { return nil }
        return receipt
    }
}
