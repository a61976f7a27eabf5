// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioSystem
import Glibc

/// Where the bytes of installed packages are read from: the package's directory, never through a symbolic link.
package struct PackageBytes: Sendable {
    /// The root that prefixes such as `hab/pkgs/…` lie under; no closing slash unless it is `/`.
    private let root: String

    package init(root: String) { self.root = root }

    /// Opens a regular file of a package and checks that its size is still that of the artifact.
    package func open(_ file: PackageFile, of package: ExportPackage) throws(ServiceError) -> FileDescriptor {
        try open(file, in: try directory(of: package, for: file), of: package)
    }

    /// The directory of a package; `file` is the one in it that errors name.
    func directory(of package: ExportPackage, for file: PackageFile) throws(ServiceError) -> FileDescriptor {
        do throws(SystemError) {
            return try FileDescriptor.open(
                root == "/" ? "/" + package.prefix : "\(root)/\(package.prefix)", O_RDONLY | O_DIRECTORY)
        } catch {
            if Self.meansChange(error.errno) { throw Self.changed(file, package) }
            throw ServiceError(.io, "\(error)")
        }
    }

    /// The same as the first, with the package's directory open already.
    func open(
        _ file: PackageFile, in directory: borrowing FileDescriptor, of package: ExportPackage
    ) throws(ServiceError) -> FileDescriptor {
        guard file.kind == .regular else {
            throw ServiceError(.invalid, "'\(Self.shown(file, package))' is no regular file")
        }
        let opened: FileDescriptor
        let status: FileStatus
        do throws(SystemError) {
            // Non-blocking, so that a fifo somebody put there cannot stop us; it is refused below.
            opened = try directory.openBeneath(file.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        } catch {
            if Self.meansChange(error.errno) { throw Self.changed(file, package) }
            throw ServiceError(.io, "\(error)", hint: error.hint)
        }
        do throws(Errno) { status = try opened.status() } catch {
            throw ServiceError(.io, "cannot look at '\(Self.shown(file, package))': \(error)")
        }
        guard status.kind == .file, status.size == Int64(file.size) else { throw Self.changed(file, package) }
        return opened
    }

    /// Whether a file that cannot be opened is one that is not there any more, or has become a link, a socket, or lies
    /// below something that is no directory.
    static func meansChange(_ error: Errno) -> Bool {
        [.noSuchFile, .tooManyLinks, .crossDevice, .notDirectory, .noSuchDevice].contains(error)
    }

    private static func shown(_ file: PackageFile, _ package: ExportPackage) -> String {
        "\(package.prefix)/\(MemberPath.text(file.path))"
    }

    static func changed(_ file: PackageFile, _ package: ExportPackage) -> ServiceError {
        ServiceError(
            .digest, "'\(shown(file, package))' is not what the signed package holds",
            hint: "reinstall it: remove the directory of '\(package.ident)' and run 'bio pkg install' again",
            fault: .package)
    }
}
