// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioCrypto
package import BioSystem

/// Reads the layers of two images, each that both have once, for what a container sees.
package struct ImageFiles {
    package static let limits = PayloadReader.Limits(totalBytes: 1 << 38, members: 1_000_000, pathBytes: 256 << 20)

    private let limits: PayloadReader.Limits
    private let cancellation: Cancellation
    /// Called with the stored bytes of a layer that has been read.
    private let progress: (Int64) -> Void
    private var kept: [Digest: LayerListing] = [:]
    /// What has been read of all layers.
    private var used = PayloadReader.Limits(totalBytes: 0, members: 0, pathBytes: 0)

    package init(
        limits: PayloadReader.Limits = Self.limits, cancellation: Cancellation = .never,
        progress: @escaping (Int64) -> Void = { _ in }
    ) {
        self.limits = limits
        self.cancellation = cancellation
        self.progress = progress
    }

    /// An image and the place that it lies in.
    package typealias Side = (source: any ImageSource, image: StoredImage)

    package mutating func diff(_ old: Side, _ new: Side) throws -> FileDiff {
        let (lower, upper) = (old.image.layers.map(\.diffID), new.image.layers.map(\.diffID))
        let common = zip(lower, upper).prefix { $0 == $1 }.count
        let base = try tree(FileTree(limit: limits.members), old, or: new, layers: 0..<common, keeping: [])
        let shared = Set(lower[common...]).intersection(upper[common...])
        let before = try tree(base, old, or: new, layers: common..<lower.count, keeping: shared)
        let after = try tree(base, new, or: old, layers: common..<upper.count, keeping: shared)
        return FileDiff(from: before, to: after)
    }

    private mutating func tree(
        _ base: FileTree, _ side: Side, or other: Side, layers places: Range<Int>, keeping: Set<Digest>
    ) throws -> FileTree {
        var tree = base
        for layer in side.image.layers[places] {
            let listing = try kept[layer.diffID] ?? listing(of: layer, side, or: other)
            if keeping.contains(layer.diffID) { kept[layer.diffID] = listing }
            do throws(ArchiveError) { try tree.apply(listing, cancellation: cancellation) } catch {
                throw ImageFilesError.layer(title: layer.title, place: "\(side.source.location)", error)
            }
        }
        return tree
    }

    private mutating func listing(
        of layer: StoredImage.Layer, _ side: Side, or other: Side
    ) throws -> LayerListing {
        if let bytes = try side.source.openLayer(layer) {
            return try listing(of: layer, bytes, place: "\(side.source.location)")
        }
        // An engine gives no layers; a layer with the same diff id is the same.
        guard let same = other.image.layers.first(where: { $0.diffID == layer.diffID }),
            let bytes = try other.source.openLayer(same)
        else { throw ImageFilesError.noLayers(place: "\(side.source.location)") }
        return try listing(of: same, bytes, place: "\(other.source.location)")
    }

    private mutating func listing(
        of layer: StoredImage.Layer, _ bytes: any ByteSource, place: String
    ) throws -> LayerListing {
        let (listing, found): (LayerListing, Digest)
        do throws(ArchiveError) { (listing, found) = try read(bytes) } catch {
            throw ImageFilesError.layer(title: layer.title, place: place, error)
        }
        if found != layer.diffID {
            throw ImageFilesError.otherContent(
                title: layer.title, place: place, found: found, announced: layer.diffID)
        }
        progress(layer.descriptor?.size ?? 0)
        return listing
    }

    /// All layers together keep the limits of one archive: what is known of their files is held in memory.
    private mutating func read(_ bytes: any ByteSource) throws(ArchiveError) -> (LayerListing, Digest) {
        let left = PayloadReader.Limits(
            totalBytes: limits.totalBytes - used.totalBytes, members: limits.members - used.members,
            pathBytes: limits.pathBytes - used.pathBytes)
        var reader = try ForeignLayerReader(
            StoredBytes(bytes), limits: left, decoderThreads: 1, cancellation: cancellation)
        let listing = try LayerListing(&reader)
        let diffID = try reader.diffID()
        used.totalBytes += reader.tarSize
        used.members += Int64(listing.members.count)
        used.pathBytes += listing.pathBytes
        return (listing, diffID)
    }
}

/// A source behind its type.
private struct StoredBytes: ByteSource {
    private var source: any ByteSource

    init(_ source: any ByteSource) { self.source = source }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
        try source.read(into: buffer)
    }
}
