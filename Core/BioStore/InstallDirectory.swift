// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// Where one package is unpacked before it becomes visible: `pkgs/O/N/V/.bio-pkg-install-R.TOKEN`, mode 0700, in the
/// file system of its final place. It goes, with all in it, when this object goes.
///
/// The token is that of an `InstallationLock`, so what was left by an installation that was killed can be told, and
/// removed.
final class InstallDirectory {
    /// What was found of installations that are over.
    struct Abandoned {
        var removed: [String] = []
        /// Those that could not be removed, and why: no reason to fail.
        var left: [(path: String, error: SystemError)] = []

        func tell(_ progress: (PackageInstaller.Event) throws(StoreError) -> Void) throws(StoreError) {
            for path in removed { try progress(.removedAbandoned(path: path)) }
            for (path, error) in left { try progress(.leftAbandoned(path: path, because: .system(error))) }
        }

        /// Removes `path` and takes it down; false when that cannot be removed.
        mutating func remove(_ path: String) -> Bool {
            do throws(SystemError) {
                guard try FileStatus.ofLink(path) != nil else { return true }
                try Directory.remove(path)
                removed.append(path)
                return true
            } catch {
                left.append((path, error))
                return false
            }
        }
    }

    let path: String
    /// The directory that the package will be in: `pkgs/O/N/V`.
    let parent: String
    private var isMade = false
    /// Held for as long as there is anything to protect.
    private let lock: InstallationLock

    private static let attempts = 16

    /// Makes the directories of the store that are missing, and a fresh one to unpack into.
    init(for ident: QualifiedIdent, in root: FileSystemRoot, _ lock: InstallationLock) throws(SystemError) {
        self.lock = lock
        (parent, path) = Self.place(of: ident, lock.token[...], in: root)
        try lock.note(ident)
        // The parent may go at any moment with somebody else's failed installation.
        for _ in 0..<Self.attempts {
            try Self.make(["pkgs"] + ident.pathComponents.dropLast(), in: root)
            if mkdir(path, 0o700) == 0 {
                isMade = true
                return
            }
            guard errno == ENOENT else { throw SystemError("create directory", path) }
        }
        throw SystemError("create directory", path, .noSuchFile)
    }

    deinit {
        if isMade { do throws(SystemError) { try Directory.remove(path) } catch { lock.abandon() } }
        Self.removeEmpty(parent)
    }

    /// Version, name and origin were perhaps made for one installation only; what is not empty stays.
    static func removeEmpty(_ version: String) {
        var directory = version
        for _ in 0..<3 {
            guard rmdir(directory) == 0, let slash = directory.lastIndex(of: "/") else { return }
            directory = String(directory[..<slash])
        }
    }

    /// Where the installation with this token unpacks `ident`.
    static func place(
        of ident: QualifiedIdent, _ token: Substring, in root: FileSystemRoot
    ) -> (parent: String, path: String) {
        let parent = root.path("pkgs/\(ident.origin)/\(ident.name)/\(ident.version)")
        return (parent, "\(parent)/\(prefix(ident, root))\(token)")
    }

    /// A new file directly in it, mode 0644 whatever the umask.
    func makeFile(_ name: String) throws(SystemError) -> FileDescriptor {
        let path = "\(path)/\(name)"
        let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
        do throws(Errno) { try file.setMode(0o644) } catch { throw SystemError("create", path, error) }
        return file
    }

    /// Removes what killed installations of `ident` left. Others that are still running are let be.
    static func removeAbandoned(of ident: QualifiedIdent, in root: FileSystemRoot) throws(SystemError) -> Abandoned {
        let parent = root.path("pkgs/\(ident.origin)/\(ident.name)/\(ident.version)")
        let names: [[UInt8]]
        do throws(SystemError) { names = try Directory.names(parent) } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return Abandoned() }
            throw error
        }
        var found = Abandoned()
        let prefix = prefix(ident, root)
        for name in names.compactMap({ String(validating: $0, as: UTF8.self) }) where name.hasPrefix(prefix) {
            let token = name.dropFirst(prefix.count)
            guard InstallationLock.isToken(token) else { continue }
            let path = "\(parent)/\(name)"
            do throws(SystemError) {
                // One that went with its installation meanwhile was never abandoned.
                guard try InstallationLock.isAbandoned(token, in: root, &found), try FileStatus.ofLink(path) != nil
                else {
                    continue
                }
                try Directory.remove(path)
                found.removed.append(path)
            } catch { found.left.append((path, error)) }
        }
        return found
    }

    /// `.bio-pkg-install-RELEASE.`: with the release, so that one package's leftovers can be told from another's.
    private static func prefix(_ ident: QualifiedIdent, _ root: FileSystemRoot) -> String {
        "\(root.flavour.installTemporaryPrefix)-\(ident.release)."
    }

    /// Makes directories one in the other below the root's own. Those of a store are 0755 whatever the umask: others
    /// must be able to use the packages.
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
