// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioTestSupport

@testable import BioOCI

/// Layers made of members in memory. What was made once, or is told to be, is known.
final class MemoryLayers: LayerProvider {
    private var known: [String: LayerFacts] = [:]
    /// Titles of the layers that were made, in order.
    private(set) var made: [String] = []
    /// Called before a layer is made.
    var onMaking: (String) throws -> Void = { _ in }

    func knownFacts(of layer: Layer) -> LayerFacts? { known[layer.title] }

    func forget() { known = [:] }

    func writePlain<Sink: ByteSink & ~Copyable>(_ layer: Layer, into sink: consuming Sink) throws -> LayerFacts {
        try onMaking(layer.title)
        made.append(layer.title)
        let packed = try TarPacking(Pipeline(.none, threads: 2)).write(Boxed(try layer.members()), into: sink)
        let facts = LayerFacts(diffID: packed.digest, size: packed.size)
        known[layer.title] = facts
        return facts
    }

    func plainSize(of layer: Layer) throws -> Int64 {
        var size: Int64 = 1024
        var members = try layer.members()
        while let member = try members.nextMember() {
            size += Int64(try TarHeader.blocks(of: member).count) + (member.size + 511) / 512 * 512
        }
        return size
    }

    struct NoBlobs: Error {}
    func blobs(of layers: [Layer], _ compression: Compression) throws -> [LayerBlob] { throw NoBlobs() }
    func blob(of layer: Layer, _ compression: Compression) throws -> LayerBlob { throw NoBlobs() }

    private struct Boxed: TarMembers {
        var members: any TarMembers
        init(_ members: any TarMembers) { self.members = members }
        mutating func next() throws -> TarItem? { try members.next() }
        mutating func nextMember() throws -> TarMember? { try members.nextMember() }
        var changed: @Sendable (Int) -> any Error { members.changed }
    }
}

extension Layer {
    /// A layer of files: a path, a mode and bytes each.
    init(_ title: String, _ files: [(String, UInt32, [UInt8])]) {
        self.init(title: title, packages: [], key: nil) {
            FileMembers(rest: files[...])
        }
    }

    private struct FileMembers: TarMembers {
        var rest: ArraySlice<(String, UInt32, [UInt8])>

        mutating func next() -> TarItem? {
            guard let (path, mode, bytes) = rest.popFirst() else { return nil }
            return TarItem(Self.member(path, mode, bytes), .bytes(bytes))
        }

        mutating func nextMember() -> TarMember? { rest.popFirst().map(Self.member) }

        private static func member(_ path: String, _ mode: UInt32, _ bytes: [UInt8]) -> TarMember {
            TarMember(path: Array(path.utf8), kind: .file, mode: mode, size: Int64(bytes.count), mtime: 1)
        }

        var changed: @Sendable (Int) -> any Error { { _ in ArchiveError.truncated } }
    }

    /// A layer with one file of so many bytes that no other layer has.
    static func noise(_ title: String, bytes: Int) -> Layer {
        var random = SystemRandomNumberGenerator()
        var content: [UInt8] = []
        while content.count < bytes { withUnsafeBytes(of: random.next()) { content += $0 } }
        let kept = content
        return Layer(title, [("data/\(title.filter { $0 != "/" })", 0o644, kept)])
    }
}

extension Image {
    init(_ layers: [Layer], _ references: [String], process: ProcessConfiguration = ProcessConfiguration()) {
        self.init(
            platform: Platform(os: "linux", architecture: "amd64"), process: process,
            created: "2020-01-01T00:00:00Z", layers: layers,
            references: references.map { try! ImageReference(parsing: $0) })
    }
}
