// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
package import BioSystem
import Glibc
import Synchronization

/// Finished layers on disk, by key: one directory each, with what is known of the layer (`facts`), and for every encoder
/// that was used the blob and its digest (`docs/reference/layers.md`).
///
/// Any number of processes use one at the same time. What is in it appears whole or not at all. A blob is taken when its
/// size is right; `verify` reads it. What an object has given away is not removed by others as long as the object lives.
package final class LayerCache: Sendable {
    /// No closing slash.
    package let path: String
    private let cancellation: Cancellation
    private let held: Mutex<Held> = Mutex(Held())

    /// What is made with the first layer.
    private struct Held: Sendable {
        var locks: LayerLocks?
        var used: Set<Digest> = []
    }

    private static let facts = "facts"
    private static let pollMicroseconds: useconds_t = 10_000

    /// The directory is made when something is put into it. Waiting for another process ends when `cancellation` says so.
    package init(path: String, cancellation: Cancellation = .never) {
        self.path = path.utf8.count > 1 && path.utf8.last == 0x2F ? String(path.dropLast()) : path
        self.cancellation = cancellation
    }

    // MARK: - Using

    /// What is known of the layer; nil: nothing that is of use.
    package func facts(of key: LayerKey) throws(LayerError) -> LayerFacts? {
        guard try isThere(), let facts = try record(of: key.digest)?.facts else { return nil }
        Self.markUsed("\(directory(key.digest))/\(Self.facts)")
        return facts
    }

    /// The layer as a blob of that encoder, when it is there. It stays as long as this object.
    func blob(
        of key: LayerKey, _ compression: Compression, encoder: String
    ) throws(LayerError) -> LayerBlob? {
        guard try isThere() else { return nil }
        return try reporting { () throws(SystemError) in
            try use(key.digest)
            return try find(key.digest, compression, encoder)
        }
    }

    /// Whether there is a cache. Throws when it is nobody's who may be believed: blobs in it become images.
    private func isThere() throws(LayerError) -> Bool {
        guard let status = try reporting({ () throws(SystemError) in try FileStatus.of(path) }) else { return false }
        guard status.mode & 0o022 == 0, status.owner == geteuid() || status.owner == 0 else {
            throw .unsafeCache(path: path)
        }
        return true
    }

    private func find(
        _ key: Digest, _ compression: Compression, _ encoder: String
    ) throws(SystemError) -> LayerBlob? {
        let place = blobPath(key, encoder)
        guard let facts = LayerRecord(parsing: try read("\(directory(key))/\(Self.facts)"))?.facts,
            let record = BlobRecord(parsing: try read("\(place).json")),
            let status = try FileStatus.ofLink(place), status.kind == .file, status.size == record.size
        else { return nil }
        Self.markUsed(place)
        return LayerBlob(
            facts: facts, compression: compression, digest: record.digest, size: record.size, path: place)
    }

    /// The time of the file tells when it was used last. Somebody else's file keeps its owner's times.
    private static func markUsed(_ path: String) { _ = utimensat(AT_FDCWD, path, nil, AT_SYMLINK_NOFOLLOW) }

    // MARK: - Keeping

    /// The layer as a blob, found or made: `pack` writes it into the file it is given. When another process is at it,
    /// this waits, unless `isCancelled`, and takes what that one made.
    func blob(
        of layer: Layer, _ key: LayerKey, _ compression: Compression, encoder: String,
        isCancelled: () -> Bool, pack: (borrowing FileDescriptor, String) throws -> PackedTar
    ) throws -> (blob: LayerBlob, isMade: Bool) {
        _ = try isThere()
        let locks = try reporting { () throws(SystemError) in
            let locks = try use(key.digest)
            try Directory.create(directory(key.digest))
            return locks
        }
        while try !reporting({ () throws(SystemError) in try locks.takeForMaking(key.digest, encoder) }) {
            try reporting { () throws(SystemError) in try cancellation.check("wait for another export in", path) }
            if isCancelled() { throw ArchiveError.cancelled }
            usleep(Self.pollMicroseconds)
        }
        defer { locks.endMaking(key.digest, encoder) }
        if let blob = try reporting({ () throws(SystemError) in try find(key.digest, compression, encoder) }) {
            return (blob, false)
        }
        return (try make(layer, key, compression, encoder, pack), true)
    }

    private func make(
        _ layer: Layer, _ key: LayerKey, _ compression: Compression, _ encoder: String,
        _ pack: (borrowing FileDescriptor, String) throws -> PackedTar
    ) throws -> LayerBlob {
        let place = blobPath(key.digest, encoder)
        let file = try reporting { () throws(SystemError) in try AtomicFile(place) }
        let packed = try pack(file.descriptor, place)
        let facts = packed.layerFacts
        try keep(facts, of: layer, key)
        // The record is what makes the blob count, so it comes last, and after the blob is on the medium.
        do throws(SystemError) { try file.commit(mode: 0o444) } catch { throw LayerError.cache(error) }
        let record = BlobRecord(compression: "\(compression)", digest: packed.digest, size: packed.size)
        try reporting { () throws(SystemError) in try Self.write(record.bytes, to: "\(place).json") }
        return LayerBlob(
            facts: facts, compression: compression, digest: packed.digest, size: packed.size, path: place)
    }

    /// Keeps what was learned of a layer. Throws when something else is known of it: then nothing of it is.
    func keep(_ facts: LayerFacts, of layer: Layer, _ key: LayerKey) throws(LayerError) {
        let known = try record(of: key.digest)?.facts
        if known == facts { return }
        try reporting { () throws(SystemError) in
            try use(key.digest)
            guard known == nil else {
                return try forget(key.digest)
            }
            try Directory.create(directory(key.digest))
            let record = LayerRecord(facts: facts, title: layer.title, artifacts: key.artifacts)
            try Self.write(record.bytes, to: "\(directory(key.digest))/\(Self.facts)")
        }
        if known != nil { throw .differs(title: layer.title, cache: path) }
    }

    /// Removes all that makes blobs count. The blobs stay: others may copy from them just now.
    private func forget(_ key: Digest) throws(SystemError) {
        let directory = directory(key)
        for name in try Directory.names(directory) {
            let name = String(decoding: name, as: UTF8.self)
            guard name == Self.facts || name.hasSuffix(".json") else { continue }
            if unlink("\(directory)/\(name)") != 0, errno != ENOENT {
                throw SystemError("remove", "\(directory)/\(name)")
            }
        }
    }

    /// A power cut may spoil it, which shows: it is no document then.
    private static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let file = try AtomicFile(path)
        do throws(Errno) { try file.descriptor.writeAll(bytes) } catch { throw SystemError("write", path, error) }
        try file.commit(mode: 0o444, synchronizing: false)
    }

    // MARK: - Places

    func directory(_ key: Digest) -> String { "\(path)/\(key.hex)" }

    func blobPath(_ key: Digest, _ encoder: String) -> String { "\(directory(key))/\(encoder)" }

    func record(of key: Digest) throws(LayerError) -> LayerRecord? {
        try reporting { () throws(SystemError) in LayerRecord(parsing: try read("\(directory(key))/\(Self.facts)")) }
    }

    func blobRecord(_ path: String) throws(LayerError) -> BlobRecord? {
        try reporting { () throws(SystemError) in BlobRecord(parsing: try read("\(path).json")) }
    }

    /// Empty when there is none, or something that is too long for a record.
    private func read(_ path: String) throws(SystemError) -> [UInt8] {
        let file: FileDescriptor
        do throws(SystemError) { file = try FileDescriptor.open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK) } catch {
            if [.noSuchFile, .notDirectory, .tooManyLinks].contains(error.errno) { return [] }
            throw error
        }
        do throws(Errno) { return try file.readToEnd(limit: LayerRecord.byteLimit) } catch {
            if [EFBIG, EISDIR].contains(error.rawValue) { return [] }
            throw SystemError("read", path, error)
        }
    }

    // MARK: - Locks

    @discardableResult
    private func use(_ key: Digest) throws(SystemError) -> LayerLocks {
        let locks = try locks()
        if held.withLock({ !$0.used.contains(key) }) {
            try locks.use(key, cancellation)
            held.withLock { _ = $0.used.insert(key) }
        }
        return locks
    }

    func locks() throws(SystemError) -> LayerLocks {
        let result = held.withLock { held -> Result<LayerLocks, SystemError> in
            if let locks = held.locks { return .success(locks) }
            do throws(SystemError) {
                try Directory.create(path)
                let locks = try LayerLocks(in: path)
                held.locks = locks
                return .success(locks)
            } catch { return .failure(error) }
        }
        return try result.get()
    }

    func reporting<R: ~Copyable>(_ body: () throws(SystemError) -> R) throws(LayerError) -> R {
        do throws(SystemError) { return try body() } catch { throw .cache(error) }
    }
}

extension PackedTar {
    /// What an uncompressed tar is a digest of, is its blob.
    var layerFacts: LayerFacts { LayerFacts(diffID: plainDigest ?? digest, size: plainSize) }
}
