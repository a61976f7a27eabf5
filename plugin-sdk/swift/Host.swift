// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// The host, as a plugin's Swift code sees it: each service of `bio_export.h` behind one method.
public struct Host {
    let raw: UnsafePointer<bio_host>

    init(_ raw: UnsafePointer<bio_host>) { self.raw = raw }

    public enum LogLevel: UInt32, Sendable { case debug = 1, note, warning }

    /// Shows one line to the user.
    public func log(_ level: LogLevel, _ message: String) {
        guard let log = table(.log, bio_log.self), let write = log.write else { return }
        message.withBioStr { write(raw, level.rawValue, $0) }
    }

    /// Whether the user asked to stop.
    public var isCancelled: Bool {
        guard let cancel = table(.cancel, bio_cancel.self), let requested = cancel.requested else { return false }
        return requested(raw) != 0
    }

    /// Runs `body` as one piece of long work of `total` steps; it gets a function that says how many are done.
    public func progress<R, E: Error>(_ title: String, total: Int, _ body: ((Int) -> Void) throws(E) -> R) throws(E)
        -> R
    {
        guard let progress = table(.progress, bio_progress.self), let begin = progress.begin, let step = progress.step,
            let end = progress.end
        else { return try body { _ in } }
        let id = title.withBioStr { begin(raw, $0, UInt64(total)) }
        defer { end(raw, id) }
        return try body { step(raw, id, UInt64($0)) }
    }

    /// Emits an artifact: intended while planning, made while running.
    public func emit(_ artifact: Artifact) throws(ExportFailure) {
        guard let host = HostTable.copy(UnsafeRawPointer(raw), bio_host.self), let emit = host.emit else {
            throw .lacking(.progress)
        }
        let code = artifact.withABI { emit(raw, $0) }
        guard code == 0 else { throw .host(code) }
    }

    /// The entries of a package, in byte order of their paths, with their numbers.
    public func files(of package: Package) throws(ExportFailure) -> [(number: UInt64, file: PackageFile)] {
        try files(of: package, from: 0) { _ in true }
    }

    /// Those entries of a package whose paths begin with `prefix`, as in `bin/`, without looking at all the others.
    public func files(of package: Package, startingWith prefix: [UInt8]) throws(ExportFailure)
        -> [(number: UInt64, file: PackageFile)]
    {
        try files(of: package, from: try firstFile(of: package, notBefore: prefix)) { $0.path.starts(with: prefix) }
    }

    /// The entry at `path`; nil when the package has none.
    public func file(at path: [UInt8], of package: Package) throws(ExportFailure) -> PackageFile? {
        let found = try page(of: package, from: try firstFile(of: package, notBefore: path), count: 1).first
        return found?.path == path ? found : nil
    }

    /// Entries from `first` on, as long as they are `wanted`.
    private func files(of package: Package, from first: UInt64, while wanted: (PackageFile) -> Bool)
        throws(ExportFailure) -> [(number: UInt64, file: PackageFile)]
    {
        var found: [(number: UInt64, file: PackageFile)] = []
        while true {
            let batch = try page(of: package, from: first + UInt64(found.count), count: 256)
            for file in batch {
                guard wanted(file) else { return found }
                found.append((first + UInt64(found.count), file))
            }
            if batch.isEmpty { return found }
        }
    }

    /// The number of the first entry whose path is `path` or comes after it; the number of entries if none does.
    private func firstFile(of package: Package, notBefore path: [UInt8]) throws(ExportFailure) -> UInt64 {
        var low: UInt64 = 0
        var high = package.fileCount
        while low < high {
            let middle = low + (high - low) / 2
            guard let file = try page(of: package, from: middle, count: 1).first else { return middle }
            if file.path.lexicographicallyPrecedes(path) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func page(of package: Package, from first: UInt64, count wanted: Int) throws(ExportFailure)
        -> [PackageFile]
    {
        guard let files = table(.files, bio_files.self), let page = files.page else { throw .lacking(.files) }
        var batch = [bio_file](repeating: bio_file(), count: wanted)
        var count: UInt64 = 0
        let code = page(raw, package.index, first, &batch, UInt64(wanted), &count)
        guard code == 0 else { throw .host(code) }
        return batch[..<Int(count)].map { PackageFile($0) }
    }

    /// Opens a regular file of a package for reading; the caller closes the descriptor.
    public func open(_ file: UInt64, of package: Package) throws(ExportFailure) -> Int32 {
        guard let files = table(.files, bio_files.self), let open = files.open else { throw .lacking(.files) }
        var descriptor: Int32 = -1
        let code = open(raw, package.index, file, &descriptor)
        guard code == 0 else { throw .host(code) }
        return descriptor
    }

    /// Begins an empty file tree.
    public func makeRootFilesystem() throws(ExportFailure) -> RootFilesystem {
        guard let rootfs = table(.rootfs, bio_rootfs.self), let begin = rootfs.begin else {
            throw .lacking(.rootfs)
        }
        var handle: bio_handle = 0
        let code = begin(raw, &handle)
        guard code == 0 else { throw .host(code) }
        return RootFilesystem(host: raw, table: rootfs, handle: handle)
    }

    /// The usual suffix of a tar with a compression: `.tar.gz` …
    public func archiveSuffix(_ compression: String) throws(ExportFailure) -> String {
        guard let archive = table(.archive, bio_archive.self), let suffixOf = archive.suffix else {
            throw .lacking(.archive)
        }
        var suffix = bio_str()
        let code = compression.withBioStr { suffixOf(raw, $0, &suffix) }
        guard code == 0 else { throw .host(code) }
        return String(suffix)
    }

    /// What the host wrote.
    public struct Written: Sendable {
        public let size: UInt64
        /// `sha256:…`
        public let digest: String
    }

    /// Writes a tree as a tar to `path` in the output directory.
    public func writeArchive(_ tree: RootFilesystem, path: String, compression: String) throws(ExportFailure)
        -> Written
    {
        guard let archive = table(.archive, bio_archive.self), let write = archive.write else {
            throw .lacking(.archive)
        }
        var written = bio_written()
        written.struct_size = UInt32(MemoryLayout<bio_written>.size)
        let code = path.withBioStr { path in
            compression.withBioStr { write(raw, tree.handle, path, $0, &written) }
        }
        guard code == 0 else { throw .host(code) }
        return Written(size: written.size, digest: String(written.digest))
    }

    /// The names that the user's naming options give an image that is about `package`, the first first:
    /// `core/redis:7.2.1`.
    public func references(of package: Package) throws(ExportFailure) -> [String] {
        guard let oci = table(.oci, bio_oci.self), let reference = oci.reference else { throw .lacking(.oci) }
        var names: [String] = []
        while true {
            var name = bio_str()
            let code = reference(raw, package.index, UInt32(names.count), &name)
            if code == BIO_E_NOT_FOUND { return names }
            guard code == 0 else { throw .host(code) }
            names.append(String(name))
        }
    }

    /// Begins an image without layers.
    public func makeImage() throws(ExportFailure) -> Image {
        guard let oci = table(.oci, bio_oci.self), let begin = oci.begin else { throw .lacking(.oci) }
        var handle: bio_handle = 0
        let code = begin(raw, &handle)
        guard code == 0 else { throw .host(code) }
        return Image(host: raw, table: oci, handle: handle)
    }

    func fail(_ failure: ExportFailure) -> Int32 {
        // A failure is no success, whatever its code says.
        let code = (1...999).contains(failure.code) ? failure.code : BIO_E_FAILED
        guard !failure.message.isEmpty, let table = table(.fail, bio_fail.self), let fail = table.fail else {
            return code
        }
        let (kind, subject) = failure.subject.abi
        return subject.withBioStr { subject in
            failure.message.withBioStr { message in
                failure.hint.withBioStr { hint in
                    var error = bio_error()
                    error.struct_size = UInt32(MemoryLayout<bio_error>.size)
                    error.code = code
                    error.subject_kind = kind
                    error.subject = subject.pointee
                    error.message = message.pointee
                    error.hint = hint.pointee
                    _ = fail(raw, &error)
                    return code
                }
            }
        }
    }

    func offers(_ service: HostService) -> Bool {
        guard let host = HostTable.copy(UnsafeRawPointer(raw), bio_host.self), let find = host.get_extension else {
            return false
        }
        return service.rawValue.withCString { find(raw, $0) } != nil
    }

    func table<Table>(_ service: HostService, _ type: Table.Type) -> Table? {
        guard let host = HostTable.copy(UnsafeRawPointer(raw), bio_host.self), let find = host.get_extension else {
            return nil
        }
        return HostTable.copy(service.rawValue.withCString { find(raw, $0) }, type)
    }
}

/// One entry of an installed package.
public struct PackageFile: Sendable {
    public enum Kind: UInt32, Sendable { case regular = 1, directory, symlink }
    /// Bytes, relative to the package's prefix.
    public let path: [UInt8]
    public let kind: Kind
    public let mode: UInt32
    public let size: UInt64
    /// Of a symbolic link: bytes as in the link.
    public let linkTarget: [UInt8]
    /// Of a regular file: `blake2b-256:…`.
    public let digest: String

    init(_ raw: bio_file) {
        path = Array(raw.path)
        kind = Kind(rawValue: raw.kind) ?? .regular
        mode = raw.mode
        size = raw.size
        linkTarget = Array(raw.link_target)
        digest = String(raw.digest)
    }
}
