// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import CSystem
import Glibc

/// Where one package is unpacked before it becomes visible: `pkgs/O/N/V/.bio-pkg-install-R.XXXXXX`, mode 0700, in the
/// file system of its final place. It goes, with all in it, when this object goes.
///
/// The directory is locked (flock) for as long as its process lives, so a directory that can be locked by somebody else
/// belongs to nobody: an installation that was killed.
final class InstallDirectory {
    let path: String
    /// The directory that the package will be in: `pkgs/O/N/V`.
    let parent: String
    private let lock: FileDescriptor

    private static let attempts = 16

    /// Makes the directories of the store that are missing, and a fresh one to unpack into.
    init(for ident: QualifiedIdent, in root: FileSystemRoot) throws(SystemError) {
        let prefix = Self.prefix(ident, root)
        parent = root.path("pkgs/\(ident.origin)/\(ident.name)/\(ident.version)")
        for _ in 0..<Self.attempts {
            try Self.makeParent(of: ident, in: root)
            guard let directory = try Self.makeTemporary(in: parent, prefix) else { continue }
            let descriptor = try FileDescriptor.open(directory.path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            // Between making and locking it somebody may have taken it for an abandoned one, and removed it.
            guard bio_flock(descriptor.rawValue, 1, 0) == 0, try Self.isStillThere(descriptor, directory.path) else {
                continue
            }
            path = directory.keep()
            lock = descriptor
            return
        }
        throw SystemError("create a temporary directory in", parent, .wouldBlock)
    }

    deinit {
        try? Directory.remove(path)
        // Version, name and origin were perhaps made for this installation only; what is not empty stays.
        var directory = parent
        for _ in 0..<3 {
            guard rmdir(directory) == 0, let slash = directory.lastIndex(of: "/") else { return }
            directory = String(directory[..<slash])
        }
    }

    /// nil when the parent has just gone with somebody else's failed installation.
    private static func makeTemporary(in parent: String, _ prefix: String) throws(SystemError) -> TemporaryDirectory? {
        do throws(SystemError) { return try TemporaryDirectory(in: parent, prefix: prefix) } catch {
            if error.errno == .noSuchFile { return nil }
            throw error
        }
    }

    /// A new file directly in it, mode 0644 whatever the umask.
    func makeFile(_ name: String) throws(SystemError) -> FileDescriptor {
        do throws(Errno) {
            let file = try lock.makeFile(Array(name.utf8), mode: 0o600)
            try file.setMode(0o644)
            return file
        } catch { throw SystemError("create", "\(path)/\(name)", error) }
    }

    /// Removes what killed installations of `ident` left. Others that are still running are let be.
    static func removeAbandoned(of ident: QualifiedIdent, in root: FileSystemRoot) throws(SystemError) -> [String] {
        let parent = root.path("pkgs/\(ident.origin)/\(ident.name)/\(ident.version)")
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(parent) } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return [] }
            throw error
        }
        var removed: [String] = []
        let prefix = Array(prefix(ident, root).utf8)
        for name in names where name.starts(with: prefix) {
            let path = parent + "/" + String(decoding: name, as: UTF8.self)
            guard let descriptor = try? FileDescriptor.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW),
                bio_flock(descriptor.rawValue, 1, 0) == 0
            else { continue }
            try Directory.remove(path)
            removed.append(path)
        }
        return removed
    }

    /// `.bio-pkg-install-RELEASE.`: the release is part of it, so that one ident's leftovers can be told from another's.
    private static func prefix(_ ident: QualifiedIdent, _ root: FileSystemRoot) -> String {
        "\(root.flavour.installTemporaryPrefix)-\(ident.release)."
    }

    private static func isStillThere(
        _ descriptor: borrowing FileDescriptor, _ path: String
    ) throws(SystemError) -> Bool {
        guard let named = try FileStatus.ofLink(path) else { return false }
        do throws(Errno) {
            let opened = try descriptor.status()
            return opened.device == named.device && opened.inode == named.inode
        } catch { throw SystemError("look at", path, error) }
    }

    /// Directories of a store are 0755 whatever the umask: others must be able to use the packages.
    private static func makeParent(of ident: QualifiedIdent, in root: FileSystemRoot) throws(SystemError) {
        try make(["pkgs"] + ident.pathComponents.dropLast(), in: root)
    }

    /// Makes directories one in the other below the root's own.
    static func make(_ pieces: [String], in root: FileSystemRoot) throws(SystemError) {
        try Directory.create(root.path)
        var path = String(root.path("").dropLast())
        for piece in [""] + pieces {
            if !piece.isEmpty { path += "/" + piece }
            if mkdir(path, 0o755) == 0 {
                guard chmod(path, 0o755) == 0 else { throw SystemError("change the mode of", path) }
            } else {
                try Directory.create(path)  // fine when it is there
            }
        }
    }
}
