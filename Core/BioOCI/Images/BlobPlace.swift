// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem
import Glibc

/// The files of an image layout, in a directory or in an archive.
protocol BlobPlace: AnyObject, Sendable {
    /// For errors.
    var name: String { get }
    /// A whole file by its path in the layout; nil when it is not there.
    func file(_ path: String, what: String, limit: Int) throws -> [UInt8]?
    /// The bytes of a blob from `offset` on; its length is the announced one. Checked against the digest when they are
    /// all read and `isChecked`.
    func open(_ descriptor: Descriptor, at offset: Int64, isChecked: Bool) throws -> BlobSource
}

extension BlobPlace {
    /// The bytes of a blob, checked.
    func open(_ descriptor: Descriptor) throws -> BlobSource { try open(descriptor, at: 0, isChecked: true) }

    /// A blob that is a document, checked.
    func document(_ descriptor: Descriptor, what: String, limit: Int) throws -> [UInt8] {
        guard descriptor.size <= limit else { throw ImageError.tooLarge(what: what, place: name, limit: limit) }
        guard let bytes = try file(Layout.blobPath(descriptor.digest), what: what, limit: limit) else {
            throw ImageError.blobMissing(descriptor.digest, place: name)
        }
        guard Int64(bytes.count) == descriptor.size else {
            throw ImageError.blobSize(
                descriptor.digest, place: name, expected: descriptor.size, found: Int64(bytes.count))
        }
        let computed = Digest.sha256(of: bytes)
        guard computed == descriptor.digest else {
            throw ImageError.blobDigest(expected: descriptor.digest, computed: computed, place: name)
        }
        return bytes
    }
}

/// A layout in a directory.
final class LayoutBlobs: BlobPlace {
    let name: String
    private let cancellation: Cancellation

    init(_ path: String, cancellation: Cancellation) {
        name = path
        self.cancellation = cancellation
    }

    func file(_ path: String, what: String, limit: Int) throws -> [UInt8]? {
        try Layout.smallFile("\(name)/\(path)", what: what, limit: limit)
    }

    func open(_ descriptor: Descriptor, at offset: Int64, isChecked: Bool) throws -> BlobSource {
        let path = "\(name)/\(Layout.blobPath(descriptor.digest))"
        let file: FileDescriptor
        // Without waiting for who writes into a fifo.
        do throws(SystemError) { file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK) } catch {
            if error.errno == .noSuchFile { throw ImageError.blobMissing(descriptor.digest, place: name) }
            throw error
        }
        let status = try file.status()
        guard status.kind == .file else { throw ImageError.notAFile(path: path) }
        guard status.size == descriptor.size else {
            throw ImageError.blobSize(
                descriptor.digest, place: name, expected: descriptor.size, found: status.size)
        }
        return BlobSource(
            file, path: path, from: offset, size: descriptor.size - offset,
            digest: isChecked && offset == 0 ? descriptor.digest : nil, cancellation: cancellation)
    }
}

/// A layout in a tar.
final class ArchiveBlobs: BlobPlace {
    private let archive: ImageArchive

    init(_ archive: ImageArchive) { self.archive = archive }

    var name: String { archive.path }

    func file(_ path: String, what: String, limit: Int) throws -> [UInt8]? {
        try archive.file(path, what: what, limit: limit)
    }

    func open(_ descriptor: Descriptor, at offset: Int64, isChecked: Bool) throws -> BlobSource {
        guard let entry = try archive.entry(Layout.blobPath(descriptor.digest)) else {
            throw ImageError.blobMissing(descriptor.digest, place: name)
        }
        guard entry.size == descriptor.size else {
            throw ImageError.blobSize(descriptor.digest, place: name, expected: descriptor.size, found: entry.size)
        }
        return try archive.open(
            entry, at: offset, digest: isChecked && offset == 0 ? descriptor.digest : nil)
    }
}
