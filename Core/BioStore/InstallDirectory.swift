// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// Where one package is unpacked before it becomes visible: `pkgs/O/N/V/.bio-pkg-install-R.XXXXXX`, mode 0700, in the
/// file system of its final place. It goes, with all in it, when this object goes.
///
/// The directory is locked for as long as its process lives (`LockedDirectory`), so one that was left by an installation
/// that was killed can be told, and removed.
final class InstallDirectory {
    var path: String { directory.path }
    /// The directory that the package will be in: `pkgs/O/N/V`.
    let parent: String
    private let directory: LockedDirectory

    private static let attempts = 16

    /// Makes the directories of the store that are missing, and a fresh one to unpack into.
    init(for ident: QualifiedIdent, in root: FileSystemRoot) throws(SystemError) {
        parent = root.path("pkgs/\(ident.origin)/\(ident.name)/\(ident.version)")
        // The parent may go at any moment with somebody else's failed installation.
        for _ in 0..<Self.attempts {
            try Self.makeParent(of: ident, in: root)
            guard let made = try LockedDirectory(in: parent, prefix: Self.prefix(ident, root)) else { continue }
            directory = made
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

    /// A new file directly in it, mode 0644 whatever the umask.
    func makeFile(_ name: String) throws(SystemError) -> FileDescriptor {
        do throws(Errno) {
            let file = try directory.descriptor.makeFile(Array(name.utf8), mode: 0o600)
            try file.setMode(0o644)
            return file
        } catch { throw SystemError("create", "\(path)/\(name)", error) }
    }

    /// Removes what killed installations of `ident` left. Others that are still running are let be.
    static func removeAbandoned(of ident: QualifiedIdent, in root: FileSystemRoot) throws(SystemError) -> [String] {
        try LockedDirectory.removeAbandoned(
            in: root.path("pkgs/\(ident.origin)/\(ident.name)/\(ident.version)"), prefix: prefix(ident, root))
    }

    /// `.bio-pkg-install-RELEASE.`: with the release, so that one package's leftovers can be told from another's.
    private static func prefix(_ ident: QualifiedIdent, _ root: FileSystemRoot) -> String {
        "\(root.flavour.installTemporaryPrefix)-\(ident.release)."
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
