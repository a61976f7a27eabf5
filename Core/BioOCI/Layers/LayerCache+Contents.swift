// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioCrypto
package import BioSystem
import Glibc

/// What lies in a cache, for those who look after it.
extension LayerCache {
    /// A layer and its blobs.
    package struct Entry: Hashable, Sendable {
        package let key: Digest
        /// Nil when what is known of it is damaged: nothing of it is of use.
        package let facts: LayerFacts?
        package let title: String
        /// Of the packages in it (`LayerKey.artifacts`); empty for file trees.
        package let artifacts: [String]
        package let blobs: [Blob]
        /// Bytes of all its files.
        package let size: Int64
        /// When an export asked for it last, in seconds since 1970.
        package let lastUsed: Int64
    }

    package struct Blob: Hashable, Sendable {
        /// By its name.
        package let compression: String
        package let encoder: String
        package let digest: Digest
        package let size: Int64
        package let path: String
    }

    /// Why something in the cache is not what it should be.
    package enum Damage: Hashable, Sendable, CustomStringConvertible {
        case facts
        /// Of a blob, by its compression.
        case size(String)
        case digest(String)
        case content(String)

        package var description: String {
            switch self {
            case .facts: "what is known of the layer cannot be read"
            case .size(let compression): "the blob with \(compression) has another size than it was made with"
            case .digest(let compression): "the blob with \(compression) has another digest than it was made with"
            case .content(let compression): "the blob with \(compression) unpacks to something else than the layer"
            }
        }
    }

    /// All layers, by key.
    package func entries() throws(LayerError) -> [Entry] {
        let names = try reporting { () throws(SystemError) in try list(path) }
        var entries: [Entry] = []
        for name in names {
            guard let key = Digest(.sha256, hexBytes: name), let entry = try entry(key) else { continue }
            entries.append(entry)
        }
        return entries
    }

    /// nil when it has just been removed.
    private func entry(_ key: Digest) throws(LayerError) -> Entry? {
        let record = try record(of: key)
        var (size, lastUsed, blobs): (Int64, Int64, [Blob]) = (0, 0, [])
        let names = try reporting { () throws(SystemError) in try list(directory(key)) }
        for name in names {
            let place = "\(directory(key))/\(String(decoding: name, as: UTF8.self))"
            guard let status = try reporting({ () throws(SystemError) in try FileStatus.ofLink(place) }) else {
                continue
            }
            size += status.size
            lastUsed = max(lastUsed, status.modified)
            if let blob = try blobRecord(place) {
                blobs.append(
                    Blob(
                        compression: blob.compression, encoder: String(decoding: name, as: UTF8.self),
                        digest: blob.digest, size: blob.size, path: place))
            }
        }
        guard !names.isEmpty || record != nil else { return nil }
        return Entry(
            key: key, facts: record?.facts, title: record?.title ?? "", artifacts: record?.artifacts ?? [],
            blobs: blobs, size: size, lastUsed: lastUsed)
    }

    private func list(_ directory: String) throws(SystemError) -> [[UInt8]] {
        do throws(SystemError) { return try Directory.names(directory) } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return [] }
            throw error
        }
    }

    // MARK: - Verifying

    /// Reads all of a layer's blobs: each must have its digest, and unpack to the layer.
    package func damage(of entry: Entry, cancellation: Cancellation) throws -> [Damage] {
        guard let facts = entry.facts else { return [.facts] }
        var found: [Damage] = []
        for blob in entry.blobs {
            if let damage = try damage(of: blob, facts, cancellation) { found.append(damage) }
        }
        return found
    }

    private func damage(of blob: Blob, _ facts: LayerFacts, _ cancellation: Cancellation) throws -> Damage? {
        guard let status = try FileStatus.ofLink(blob.path), status.kind == .file, status.size == blob.size else {
            return .size(blob.compression)
        }
        let file = try FileDescriptor.open(blob.path, O_RDONLY | O_NOFOLLOW)
        guard try Digest.sha256(ofFile: file, path: blob.path, cancellation: cancellation) == blob.digest else {
            return .digest(blob.compression)
        }
        let source = try FileSource(file, path: blob.path, cancellation: cancellation)
        do throws(ArchiveError) {
            let content =
                "\(Compression.none)" == blob.compression
                ? try Self.content(of: source) : try Self.content(of: DecodingSource(source, threads: 1))
            return content == facts ? nil : .content(blob.compression)
        } catch {
            switch error {
            case .cancelled, .system, .libraryMissing: throw error
            default: return .content(blob.compression)
            }
        }
    }

    private static func content<Source: ByteSource & ~Copyable>(
        of source: consuming Source
    ) throws(ArchiveError) -> LayerFacts {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var hasher = SHA256Hasher()
        var size: Int64 = 0
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { return LayerFacts(diffID: hasher.finalize(), size: size) }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            size += Int64(count)
        }
    }

    // MARK: - Removing

    /// Removes a layer with all its blobs. False: an export uses it.
    package func remove(_ entry: Entry) throws(LayerError) -> Bool {
        try reporting { () throws(SystemError) in
            let locks = try locks()
            guard try locks.takeForRemoval(entry.key) else { return false }
            defer { locks.endRemoval(entry.key) }
            try Directory.remove(directory(entry.key))
            return true
        }
    }

    /// What nobody uses: files that are no layer of this cache, as an interrupted removal leaves them.
    package func removeLeftovers() throws(LayerError) {
        try reporting { () throws(SystemError) in
            AtomicFile.removeAbandoned(in: path)
            for name in try list(path) where Digest(.sha256, hexBytes: name) != nil {
                AtomicFile.removeAbandoned(in: "\(path)/\(String(decoding: name, as: UTF8.self))")
            }
        }
    }
}
