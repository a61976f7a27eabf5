// SPDX-License-Identifier: Apache-2.0

package import BioArchive
package import BioCrypto
package import BioOCI

/// What a registry holds under one reference, as it is stored.
package final class RegistryContents: ImageContents {
    package let location: ImageLocation
    package let repository: Repository
    private let reference: ImageReference
    private let pool: ClientPool
    private let manifests: RepositoryManifests

    package init(_ reference: ImageReference, _ session: RegistrySession) {
        location = .registry(reference)
        self.reference = reference
        repository = Repository(of: reference)
        pool = ClientPool(session)
        manifests = RepositoryManifests(repository, pool, writes: false)
    }

    package func top() throws -> StoredDocument {
        let full = reference.normalized
        let name = full.digest.map { "\($0)" } ?? full.tag ?? "latest"
        guard let found = try named(name) else {
            throw RegistryError.missing(what: "image '\(name)'", place: "\(repository)")
        }
        if let digest = full.digest, found.descriptor.digest != digest {
            throw RegistryError.otherContent(
                what: "the manifest", place: "\(repository)", expected: digest, found: found.descriptor.digest)
        }
        return found
    }

    /// What a tag or digest stands for; nil: nothing.
    package func named(_ name: String) throws -> StoredDocument? {
        guard let (bytes, digest, announced) = try manifests.content(of: name) else { return nil }
        // What the document says of itself counts more than what was said of it.
        let type = DocumentKind.mediaType(of: bytes) ?? announced.map { MediaType($0) } ?? .ociManifest
        return StoredDocument(
            descriptor: Descriptor(mediaType: type, digest: digest, size: Int64(bytes.count)), bytes: bytes)
    }

    package func document(_ descriptor: Descriptor) throws -> [UInt8] {
        guard let (bytes, digest, _) = try manifests.content(of: "\(descriptor.digest)") else {
            throw RegistryError.missing(what: "manifest \(descriptor.digest)", place: "\(repository)")
        }
        guard digest == descriptor.digest else {
            throw RegistryError.otherContent(
                what: "a manifest", place: "\(repository)", expected: descriptor.digest, found: digest)
        }
        return bytes
    }

    package func open(_ descriptor: Descriptor, at offset: Int64) throws -> any ByteSource {
        let held = pool.take()
        let source = try held.client.blob(descriptor, of: repository, from: offset)
        return PooledSource(source, held, pool, size: descriptor.size - offset)
    }

    package func referrers(of digest: Digest) throws -> [Descriptor] {
        try pool.with { try $0.referrers(of: digest, in: repository).descriptors }
    }
}

/// A blob that is being read, and the connection that it comes from: another one can have that once the blob has ended.
private final class PooledSource: ByteSource {
    private var source: any ByteSource
    private var held: ClientPool.Held?
    private let pool: ClientPool
    private var left: Int64
    private let spare = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 16)

    deinit { spare.deallocate() }

    init(_ source: any ByteSource, _ held: ClientPool.Held, _ pool: ClientPool, size: Int64) {
        left = size
        self.source = source
        self.held = held
        self.pool = pool
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        let count = try source.read(into: buffer)
        left -= Int64(count)
        // Who reads a blob knows how long it is, and does not ask for its end.
        if left <= 0, held != nil {
            let end = try count == 0 ? 0 : source.read(into: UnsafeMutableRawBufferPointer(spare))
            if end == 0, let held = held.take() { pool.give(back: held) }
        }
        return count
    }
}
