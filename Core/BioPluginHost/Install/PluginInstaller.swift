// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioDocument
import BioPackage
package import BioSystem
import CSystem
import Glibc

/// Puts plugins into one place and takes them out again. A plugin appears, is replaced and goes in one rename; what a
/// kill leaves has a name with a leading dot, which no catalog looks at, and goes with the next installation.
package struct PluginInstaller {
    package let place: String
    private let cancellation: Cancellation
    private let lock: DirectoryLock

    /// Waits while somebody else is at work in the place, which is made when missing.
    package init(place: String, cancellation: Cancellation = .never) throws(SystemError) {
        try Self.create(place)
        self.place = place
        self.cancellation = cancellation
        lock = try DirectoryLock(place, cancellation: cancellation)
        for name in try Directory.names(place).compactMap({ String(validating: $0, as: UTF8.self) })
        where name.hasPrefix(PluginStage.prefix) {
            try Directory.remove("\(place)/\(name)")
        }
    }

    /// Makes a directory and its parents so that others can read them: root's umask may be 077.
    private static func create(_ directory: String) throws(SystemError) {
        if try FileStatus.of(directory) != nil { return }
        if let slash = directory.lastIndex(of: "/"), slash != directory.startIndex {
            try create(String(directory[..<slash]))
        }
        try Directory.create(directory)
        let made = try FileDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
        do throws(Errno) { try made.setMode(0o755) } catch { throw SystemError("set the mode of", directory, error) }
    }

    /// Unpacks what is in `path`, which the user named `source`, beside its place.
    package func stage(
        _ path: String, named source: String, keys: KeyRing, temporaryDirectory: String
    ) throws -> StagedPlugin {
        try StagedPlugin.unpack(
            path, named: source, in: place, keys: keys, temporaryDirectory: temporaryDirectory,
            cancellation: cancellation)
    }

    /// A plugin of this place.
    package struct Installed: Hashable, Sendable {
        package let directory: String
        package let version: String
        package let files: Digest
        /// nil: `bio plugin install` did not put it there, or somebody changed it since.
        package let receipt: InstallReceipt?
        /// Who vouched for it when it was installed, where somebody has changed it since.
        package var formerKeys: [PublicKey] = []
    }

    /// The plugin `id` as it is there; nil: it is not.
    package func installed(_ id: String) throws -> Installed? {
        let directory = "\(place)/\(id)"
        guard try FileStatus.ofLink(directory) != nil else { return nil }
        guard let bytes = try PluginEvidenceReader.bytes(PluginFileList.fileName, in: directory),
            let list = try? PluginFileList(parsing: bytes), list.id == id,
            let receipt = InstallReceipt.read(in: place, id: id, files: list.digest)
        else {
            let version = (try? PluginManifest.read(in: directory))?.version ?? "unknown"
            return Installed(
                directory: directory, version: version, files: Self.nothing, receipt: nil,
                formerKeys: receipts(of: id).compactMap { InstallReceipt.read($0, id: id)?.key })
        }
        return Installed(directory: directory, version: list.version, files: list.digest, receipt: receipt)
    }

    private static let nothing = Digest.blake2b256(of: [])

    /// Asks the staged plugin what it is, in a runner of its own, and holds the answer against its manifest.
    package func describe(_ staged: borrowing StagedPlugin, _ runtime: PluginExport.Runtime) throws
        -> PluginDescription
    {
        let manifest = staged.manifest
        guard manifest.target == .host else {
            throw PluginInstallError.otherTarget(plugin: manifest.id, manifest.target)
        }
        guard PluginLibrary.speaks(built: manifest.abiBuilt, needed: manifest.abiNeeded) else {
            throw PluginInstallError.otherABI(
                plugin: manifest.id, built: manifest.abiBuilt, needed: manifest.abiNeeded)
        }
        let description = try PluginExport.describe(staged.bundle, runtime)
        if let text = manifest.disagreement(with: description) {
            throw PluginInstallError.disagree(plugin: manifest.id, text)
        }
        return description
    }

    /// Puts it in its place; what was there goes. The receipt is there before: without its files it says nothing.
    /// - Returns: the plugin's directory.
    package func place(
        _ staged: consuming StagedPlugin, _ description: PluginDescription, key: PublicKey?, at time: Int64
    ) throws -> String {
        let (id, list) = (staged.manifest.id, staged.list)
        try DescriptionFile.write(description, in: staged.directory)
        try AtomicFile.write(Array(list.text.utf8), to: "\(staged.directory)/\(PluginFileList.fileName)")
        let receipt = InstallReceipt(
            id: id, version: list.version, files: list.digest, source: staged.source,
            package: staged.package?.ident, key: key, installed: time)
        let receipts = "\(place)/\(InstallReceipt.directoryName)"
        try Self.create(receipts)
        let receiptPath = InstallReceipt.path(in: place, id: id, files: list.digest)
        let wasThere = try FileStatus.ofLink(receiptPath) != nil
        let target = "\(place)/\(id)"
        do {
            try AtomicFile.write(receipt.document.jsonBytes(.pretty), to: receiptPath)
            let root = try FileDescriptor.open(place, O_RDONLY | O_DIRECTORY)
            do throws(Errno) { try root.synchronizeFileSystem() } catch {
                throw SystemError("synchronise", place, error)
            }
            try cancellation.check("install", target)
            try Self.swap(staged.directory, target)
        } catch {
            if !wasThere { unlink(receiptPath) }
            throw error
        }
        try Directory.synchronize(place)
        removeReceipts(of: id, but: list.digest)
        return target
    }

    /// Removes the plugin `id`, which `install` put there.
    package func remove(_ id: String) throws {
        guard let installed = try installed(id) else { throw PluginInstallError.absent(plugin: id, place: place) }
        guard installed.receipt != nil || hasReceipt(id) else {
            throw PluginInstallError.notInstalledHere(plugin: id, directory: installed.directory)
        }
        let stage = try TemporaryDirectory(in: place, prefix: PluginStage.prefix)
        guard rename(installed.directory, "\(stage.path)/plugin") == 0 else {
            throw SystemError("remove", installed.directory)
        }
        try Directory.synchronize(place)
        removeReceipts(of: id, but: nil)
        // The last one's directory goes too; another's receipt keeps it.
        rmdir("\(place)/\(InstallReceipt.directoryName)")
        try stage.remove()
    }

    /// The new directory in its place, and the old one, if there is one, where the new one was.
    private static func swap(_ new: String, _ target: String) throws(SystemError) {
        if bio_rename_noreplace(AT_FDCWD, new, AT_FDCWD, target) == 0 { return }
        guard Errno.current == .exists else { throw SystemError("rename into", target) }
        if bio_rename_exchange(AT_FDCWD, new, AT_FDCWD, target) == 0 { return }
        // Where two directories cannot change places in one step, the old one is back when the second step fails.
        let old = "\(new).old"
        guard rename(target, old) == 0 else { throw SystemError("replace", target) }
        if rename(new, target) == 0 { return }
        let error = Errno.current
        _ = rename(old, target)
        throw SystemError("rename into", target, error)
    }

    // MARK: - Receipts

    /// Whether a receipt of the plugin is there, of whichever files.
    private func hasReceipt(_ id: String) -> Bool { !receipts(of: id).isEmpty }

    private func receipts(of id: String) -> [String] {
        let directory = "\(place)/\(InstallReceipt.directoryName)"
        let length = id.utf8.count + 1 + 2 * Digest.byteCount + ".json".utf8.count
        return ((try? Directory.names(directory)) ?? []).compactMap { String(validating: $0, as: UTF8.self) }
            .filter { $0.hasPrefix("\(id)-") && $0.utf8.count == length }.map { "\(directory)/\($0)" }
    }

    /// What is left of them is about files that nobody has any more, and harms nobody.
    private func removeReceipts(of id: String, but files: Digest?) {
        let kept = files.map { InstallReceipt.path(in: place, id: id, files: $0) }
        for path in receipts(of: id) where path != kept { unlink(path) }
    }
}
