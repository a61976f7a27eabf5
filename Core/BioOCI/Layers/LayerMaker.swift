// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
import BioSystem
import Glibc
import Synchronization

/// Makes the layers of one export, or takes them from the cache: each once, however many ask for it.
package final class LayerMaker: LayerProvider, Sendable {
    /// Where a blob came from.
    package enum Origin: Hashable, Sendable { case cached, made }

    private let threads: Int
    private let cache: LayerCache?
    private let scratch: String
    private let isCancelled: @Sendable () -> Bool
    private let progress: LayerProgress
    private let known: Mutex<Known> = Mutex(Known())

    /// What was found or made.
    private struct Known: Sendable {
        var facts: [Layer.Identity: LayerFacts] = [:]
        var blobs: [Layer.Identity: [Compression: LayerBlob]] = [:]
        var made: Set<Layer.Identity> = []
        var encoders: [Compression: String] = [:]
        var directory: LockedDirectory?
        var scratchFiles = 0
    }

    private static let scratchPrefix = ".bio-layers-"

    /// How many layers are made at a time. One more than threads, so that nobody idles while a blob is put on the medium;
    /// many would cost memory, and win nothing over more threads for each.
    private static func workers(_ threads: Int) -> Int { threads == 1 ? 1 : min(threads + 1, 5) }

    /// - Parameters:
    ///   - cache: nil: nothing is kept.
    ///   - scratch: a directory that is there, for what is not cached; it goes with this object.
    ///   - progress: bytes of content packed, of how many that are to be packed as far as is known; called often, by one
    ///     thread at a time.
    package init(
        threads: Int, cache: LayerCache?, scratch: String,
        progress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in },
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.threads = max(1, threads)
        self.cache = cache
        self.scratch = scratch
        self.progress = LayerProgress(progress)
        self.isCancelled = isCancelled
    }

    // MARK: - What is asked for

    package func knownFacts(of layer: Layer) throws -> LayerFacts? {
        if let facts = known.withLock({ $0.facts[layer.identity] }) { return facts }
        guard let cache, let key = layer.key, let facts = try cache.facts(of: key) else { return nil }
        known.withLock { $0.facts[layer.identity] = facts }
        return facts
    }

    package func plainSize(of layer: Layer) throws -> Int64 {
        if let facts = try knownFacts(of: layer) { return facts.size }
        return try TarRecipe.size(of: try layer.members())
    }

    package func blob(of layer: Layer, _ compression: Compression) throws -> LayerBlob {
        try blobs(of: [layer], compression)[0]
    }

    package func blobs(of layers: [Layer], _ compression: Compression) throws -> [LayerBlob] {
        if compression == .xz { throw LayerError.compression(compression) }
        let encoder = try encoder(compression)
        var missing: [Layer] = []
        for layer in layers where try found(layer, compression, encoder) == nil {
            if !missing.contains(where: { $0.identity == layer.identity }) { missing.append(layer) }
        }
        try make(missing, compression, encoder)
        return try layers.map { layer in
            guard let blob = try found(layer, compression, encoder) else { throw ArchiveError.cancelled }
            return blob
        }
    }

    package func writePlain<Sink: ByteSink & ~Copyable>(
        _ layer: Layer, into sink: consuming Sink
    ) throws -> LayerFacts {
        progress.expect(layer.contentSize)
        let members = WatchedMembers(try layer.members(), progress)
        let packed = try TarPacking(Pipeline(.none, threads: threads, isCancelled: isCancelled))
            .write(members, into: sink)
        let facts = packed.layerFacts
        // The cache first: when it knew something else, it must forget that.
        if let cache, let key = layer.key { try cache.keep(facts, of: layer, key) }
        try learn(facts, of: layer)
        known.withLock { _ = $0.made.insert(layer.identity) }
        return facts
    }

    /// Where what was given of the layer came from; nil: nothing of it was.
    package func origin(of layer: Layer) -> Origin? {
        known.withLock { known in
            if known.made.contains(layer.identity) { return .made }
            return known.facts[layer.identity] == nil ? nil : .cached
        }
    }

    // MARK: - Making

    private func encoder(_ compression: Compression) throws(ArchiveError) -> String {
        if let encoder = known.withLock({ $0.encoders[compression] }) { return encoder }
        let encoder = try compression.encoder()
        known.withLock { $0.encoders[compression] = encoder }
        return encoder
    }

    private func found(_ layer: Layer, _ compression: Compression, _ encoder: String) throws -> LayerBlob? {
        if let blob = known.withLock({ $0.blobs[layer.identity]?[compression] }) { return blob }
        guard let cache, let key = layer.key, let blob = try cache.blob(of: key, compression, encoder: encoder) else {
            return nil
        }
        try learn(blob, of: layer, isMade: false)
        return blob
    }

    private func make(_ layers: [Layer], _ compression: Compression, _ encoder: String) throws {
        for layer in layers { progress.expect(layer.contentSize) }
        let schedule = LayerSchedule(layers.map(\.contentSize), threads: threads)
        for number in schedule.alone {
            try make(layers[number], compression, encoder, threads: threads, isCancelled)
        }
        let workers = min(Self.workers(threads), schedule.together.count)
        if workers == 0 { return }
        let each = max(1, threads / workers)
        let work = LayerWork(schedule.together)
        ThreadCrew.run(workers) { [self] _ in
            work.perform { number in
                try make(layers[number], compression, encoder, threads: each) { self.isCancelled() || work.hasFailed }
            }
        }
        if let failure = work.failure { throw failure }
    }

    private func make(
        _ layer: Layer, _ compression: Compression, _ encoder: String, threads: Int,
        _ isCancelled: @escaping @Sendable () -> Bool
    ) throws {
        let pack = { (file: borrowing FileDescriptor, path: String) throws -> PackedTar in
            let packing = TarPacking(
                Pipeline(compression, threads: threads, isCancelled: isCancelled), digestsPlain: compression != .none)
            return try packing.write(
                WatchedMembers(try layer.members(), self.progress), into: try FileSink(file, path: path))
        }
        if let cache, let key = layer.key {
            let (blob, isMade) = try cache.blob(
                of: layer, key, compression, encoder: encoder, isCancelled: isCancelled, pack: pack)
            try learn(blob, of: layer, isMade: isMade)
        } else {
            let path = try scratchFile()
            let file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            let packed = try pack(file, path)
            let blob = LayerBlob(
                facts: packed.layerFacts, compression: compression, digest: packed.digest, size: packed.size,
                path: path)
            try learn(blob, of: layer, isMade: true)
        }
    }

    /// A name for a file that goes with this object.
    private func scratchFile() throws(SystemError) -> String {
        let result = known.withLock { known -> Result<String, SystemError> in
            do throws(SystemError) {
                if known.directory == nil {
                    try LockedDirectory.removeAbandoned(in: scratch, prefix: Self.scratchPrefix)
                    known.directory = try LockedDirectory(in: scratch, prefix: Self.scratchPrefix)
                }
            } catch { return .failure(error) }
            guard let directory = known.directory else {
                return .failure(SystemError("create a directory in", scratch, .noSuchFile))
            }
            known.scratchFiles += 1
            return .success("\(directory.path)/\(known.scratchFiles)")
        }
        return try result.get()
    }

    // MARK: - Remembering

    private func learn(_ blob: LayerBlob, of layer: Layer, isMade: Bool) throws(LayerError) {
        try learn(blob.facts, of: layer)
        known.withLock { known in
            known.blobs[layer.identity, default: [:]][blob.compression] = blob
            if isMade { known.made.insert(layer.identity) }
        }
    }

    /// Throws when somebody was told something else of the layer.
    private func learn(_ facts: LayerFacts, of layer: Layer) throws(LayerError) {
        let before = known.withLock { known in
            let before = known.facts[layer.identity]
            known.facts[layer.identity] = facts
            return before
        }
        if let before, before != facts { throw .differs(title: layer.title, cache: cache?.path ?? "") }
    }
}
