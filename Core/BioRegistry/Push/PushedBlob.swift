// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
import BioOCI
package import BioSystem
import Glibc

/// A blob that is to be in a repository.
package struct PushedBlob: Sendable {
    /// SHA-256.
    package let digest: Digest
    /// Bytes.
    package let size: Int64
    package let content: any BlobContent
    package let isLayer: Bool

    package init(digest: Digest, size: Int64, content: any BlobContent, isLayer: Bool) {
        self.digest = digest
        self.size = size
        self.content = content
        self.isLayer = isLayer
    }

    /// A document.
    package init(_ bytes: [UInt8]) {
        self.init(
            digest: .sha256(of: bytes), size: Int64(bytes.count), content: MemoryContent(bytes: bytes), isLayer: false)
    }
}

/// Where the bytes of a blob are, for as often as they are wanted. Any thread, one at a time.
package protocol BlobContent: Sendable {
    /// The bytes from `offset` to the end.
    func open(at offset: Int64) throws -> any ByteSource
    /// What is thrown when they are not what they were announced as.
    func damage(expected: Digest, computed: Digest?) -> any Error
}

/// A document in memory.
struct MemoryContent: BlobContent {
    let bytes: [UInt8]

    func open(at offset: Int64) -> any ByteSource { MemorySource(Array(bytes.dropFirst(Int(offset)))) }

    func damage(expected: Digest, computed: Digest?) -> any Error {
        ImageError.blobDigest(expected: expected, computed: computed ?? expected, place: "memory")
    }
}

/// A file, such as one of the cache of layers, that nobody should change.
package struct FileContent: BlobContent {
    private let path: String
    private let size: Int64
    private let cancellation: Cancellation

    package init(path: String, size: Int64, cancellation: Cancellation) {
        self.path = path
        self.size = size
        self.cancellation = cancellation
    }

    package func open(at offset: Int64) throws -> any ByteSource {
        let file = try FileDescriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let status = try file.status()
        guard status.kind == .file, status.size == size else { throw ImageError.blobFile(path: path) }
        return FileBytes(try FileSource(file, from: offset, to: size, path: path, cancellation: cancellation))
    }

    package func damage(expected: Digest, computed: Digest?) -> any Error { ImageError.blobFile(path: path) }
}

/// A file that is open, whatever has its name by now.
final class OpenFileContent: BlobContent {
    private let file: FileDescriptor
    private let size: Int64
    /// For errors.
    private let name: String
    private let cancellation: Cancellation

    init(_ file: borrowing FileDescriptor, size: Int64, name: String, cancellation: Cancellation) throws(SystemError) {
        self.file = try file.duplicate()
        self.size = size
        self.name = name
        self.cancellation = cancellation
    }

    func open(at offset: Int64) throws -> any ByteSource {
        FileBytes(try FileSource(file, from: offset, to: size, path: name, cancellation: cancellation))
    }

    func damage(expected: Digest, computed: Digest?) -> any Error { ImageError.blobFile(path: name) }
}

/// A range of a file behind a reference.
private final class FileBytes: ByteSource {
    private var source: FileSource

    init(_ source: consuming FileSource) { self.source = source }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int { try source.read(into: buffer) }
}
