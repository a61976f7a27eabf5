// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// A file tree under construction in the host. Paths are bytes, relative; parents appear by themselves.
public struct RootFilesystem {
    private let host: UnsafePointer<bio_host>
    private let table: bio_rootfs
    let handle: bio_handle

    init(host: UnsafePointer<bio_host>, table: bio_rootfs, handle: bio_handle) {
        self.host = host
        self.table = table
        self.handle = handle
    }

    /// Every entry of a package, under its prefix.
    public func add(_ package: Package) throws(ExportFailure) {
        try check(table.add_package?(host, handle, package.index))
    }

    /// A copy of entry `file` of a package at `path`.
    public func addCopy(at path: [UInt8], of package: Package, file: UInt64) throws(ExportFailure) {
        try check(path.withBioStr { table.add_copy?(host, handle, $0, package.index, file) })
    }

    /// A file of the given content, at most 64 KiB.
    public func addFile(at path: String, mode: UInt32, _ content: [UInt8]) throws(ExportFailure) {
        try check(
            path.withBioStr { path in content.withBioStr { table.add_file?(host, handle, path, mode, $0) } })
    }

    public func addDirectory(at path: String, mode: UInt32 = 0o755) throws(ExportFailure) {
        try check(path.withBioStr { table.add_directory?(host, handle, $0, mode) })
    }

    public func addSymlink(at path: String, to target: String) throws(ExportFailure) {
        try addSymlink(at: Array(path.utf8), to: Array(target.utf8))
    }

    public func addSymlink(at path: [UInt8], to target: [UInt8]) throws(ExportFailure) {
        try check(path.withBioStr { path in target.withBioStr { table.add_symlink?(host, handle, path, $0) } })
    }

    /// Every entry of another tree, as it is now, below `path`.
    public func add(_ other: RootFilesystem, below path: String) throws(ExportFailure) {
        try check(path.withBioStr { table.add_tree?(host, handle, $0, other.handle) })
    }

    /// Nil: this host's table has no such function.
    private func check(_ code: Int32?) throws(ExportFailure) {
        guard code == 0 else { throw .host(code ?? BIO_E_UNSUPPORTED) }
    }
}
