// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
package import BioSystem
import Glibc

/// Where the bytes of installed packages are read from: the package's directory, never through a symbolic link.
package struct PackageBytes: Sendable {
    /// The root that prefixes such as `hab/pkgs/…` lie under; no closing slash unless it is `/`.
    private let root: String

    package init(root: String) { self.root = root }

    /// Opens a regular file of a package and checks that its size is still that of the artifact.
    package func open(_ file: PackageFile, of package: ExportPackage) throws(ServiceError) -> FileDescriptor {
        let shown = "\(package.prefix)/\(MemberPath.text(file.path))"
        guard file.kind == .regular else { throw ServiceError(.invalid, "'\(shown)' is no regular file") }
        let opened: FileDescriptor
        let status: FileStatus
        do throws(SystemError) {
            let directory = try FileDescriptor.open(
                root == "/" ? "/" + package.prefix : "\(root)/\(package.prefix)", O_RDONLY | O_DIRECTORY)
            // Non-blocking, so that a fifo somebody put there cannot stop us; it is refused below.
            opened = try directory.openBeneath(file.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        } catch {
            if Self.meansChange(error.errno) { throw Self.changed(shown, package) }
            throw ServiceError(.io, "\(error)", hint: error.hint)
        }
        do throws(Errno) { status = try opened.status() } catch {
            throw ServiceError(.io, "cannot look at '\(shown)': \(error)")
        }
        guard status.kind == .file, status.size == Int64(file.size) else { throw Self.changed(shown, package) }
        return opened
    }

    /// Whether a file that cannot be opened is one that is not there any more, or has become a link, a socket, or lies
    /// below something that is no directory.
    static func meansChange(_ error: Errno) -> Bool {
        [.noSuchFile, .tooManyLinks, .crossDevice, .notDirectory, .noSuchDevice].contains(error)
    }

    static func changed(_ shown: String, _ package: ExportPackage) -> ServiceError {
        ServiceError(
            .digest, "'\(shown)' is not what the signed package holds",
            hint: "reinstall it: remove the directory of '\(package.ident)' and run 'bio pkg install' again",
            fault: .package)
    }
}

/// Passes a file's bytes on while it hashes them, so that what is written is what was signed.
struct HashedSource: ByteSource, ~Copyable {
    private var source: FileSource
    private var hasher = BLAKE2bHasher()

    init(_ source: consuming FileSource) { self.source = source }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = try source.read(into: buffer)
        hasher.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
        return count
    }

    /// The digest of everything read.
    consuming func finish() -> Digest { hasher.finalize() }
}
