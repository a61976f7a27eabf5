// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioDocument
import BioOCI
import BioTestSupport
import Testing

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension LayerListing {
    /// Lines of a kind and a path: `f a/b text`, `d a`, `l a target`, `h a target`, `w a`, `o a`.
    init(_ lines: String...) {
        self.init()
        for line in lines {
            let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let (path, text) = (bytes(words[1]), words.count > 2 ? words[2] : "")
            let kind: LayerMember.Kind =
                switch words[0] {
                case "d": .directory
                case "l": .symlink(bytes(text))
                case "h": .hardLink(bytes(text))
                case "w": .whiteout
                case "o": .opaque
                default: .file
                }
            let mode: UInt32 = words.count > 3 ? UInt32(words[3], radix: 8) ?? 0 : kind == .directory ? 0o755 : 0o644
            append(
                LayerMember(
                    path: path, kind: kind, mode: mode, size: kind == .file ? Int64(text.utf8.count) : 0,
                    mtime: words.count > 4 ? Int64(words[4]) ?? 0 : 0),
                kind == .file ? .sha256(of: bytes(text)) : nil)
        }
    }
}

extension FileTree {
    init(_ layers: LayerListing...) throws {
        self.init()
        for layer in layers { try apply(layer) }
    }

    /// The changes as lines, and how many files differ in time alone.
    static func changes(_ old: FileTree, _ new: FileTree) -> [String] {
        let diff = FileDiff(from: old, to: new)
        return diff.changes.map { change in
            let path = String(decoding: change.path, as: UTF8.self)
            if change.old == nil { return "+\(path)" }
            if change.new == nil { return "-\(path)" }
            return "~\(path) \(change.differences.map(\.rawValue).joined(separator: ","))"
        } + (diff.timesOnly > 0 ? ["times \(diff.timesOnly)"] : [])
    }
}

@Suite struct FileTreeTests {
    @Test func layersLieOnEachOther() throws {
        let tree = try FileTree(LayerListing("d etc", "f etc/a one", "f etc/b two"), LayerListing("f etc/a three"))
        #expect(tree.entry(at: bytes("etc/a"))?.kind == .file(.sha256(of: bytes("three"))))
        #expect(tree.entry(at: bytes("etc/b")) != nil && tree.entry(at: bytes("etc/c")) == nil)
    }

    @Test func whiteoutsHideWhatIsBelowAndNothingElse() throws {
        let below = LayerListing("f a/one 1", "f a/two 2", "f b/one 1", "f b/two 2")
        // Wherever in the layer they stand.
        for above in [LayerListing("f b/new 3", "w a", "o b"), LayerListing("w a", "o b", "f b/new 3")] {
            let tree = try FileTree(below, above)
            #expect(tree.entry(at: bytes("a")) == nil && tree.entry(at: bytes("a/one")) == nil)
            #expect(tree.entry(at: bytes("b"))?.kind == .directory && tree.entry(at: bytes("b/one")) == nil)
            #expect(tree.entry(at: bytes("b/new")) != nil)
        }
        let all = try FileTree(below, LayerListing("o ", "w nothing/there", "o nowhere"))
        #expect(all.entry(at: bytes("a")) == nil && all.entry(at: bytes("nowhere")) == nil)
    }

    @Test func aFileReplacesADirectoryAndBack() throws {
        let file = try FileTree(LayerListing("f a/b 1"), LayerListing("f a 2"))
        #expect(file.entry(at: bytes("a"))?.kind == .file(.sha256(of: bytes("2"))))
        #expect(file.entry(at: bytes("a/b")) == nil)
        let directory = try FileTree(LayerListing("l a elsewhere"), LayerListing("f a/b 1"))
        #expect(directory.entry(at: bytes("a"))?.kind == .directory && directory.entry(at: bytes("a/b")) != nil)
        let kept = try FileTree(LayerListing("f a/b 1"), LayerListing("d a x 700"))
        #expect(kept.entry(at: bytes("a"))?.mode == 0o700 && kept.entry(at: bytes("a/b")) != nil)
    }

    @Test func aHardLinkIsItsFile() throws {
        let tree = try FileTree(LayerListing("f a text"), LayerListing("h b a"))
        #expect(tree.entry(at: bytes("a")) == tree.entry(at: bytes("b")))
        for target in ["nothing", "d"] {
            #expect(throws: ArchiveError.hardLinkOutside(path: bytes("b"), target: bytes(target))) {
                try FileTree(LayerListing("d d", "h b \(target)"))
            }
        }
    }

    /// Names and targets are one limit.
    @Test func targetsCountAsNamesDo() {
        #expect(LayerListing("l a 12345", "h bc 1234", "f d 1").pathBytes == 4 + 9)
    }

    @Test func directoriesThatNobodyListsAreCounted() throws {
        let deep = LayerListing("f a/b/c/d 1", "f a/b/c/e 1", "d a")
        var tree = FileTree(limit: 5)
        try tree.apply(deep)
        try tree.apply(deep)
        #expect(throws: ArchiveError.tooLarge(.members, limit: 5)) { try tree.apply(LayerListing("f a/f 1")) }
        var small = FileTree(limit: 4)
        #expect(throws: ArchiveError.tooLarge(.members, limit: 4)) { try small.apply(deep) }
        // What is hidden and made again is new.
        var churned = FileTree(limit: 9)
        try churned.apply(deep)
        #expect(throws: ArchiveError.tooLarge(.members, limit: 9)) {
            for _ in 0..<2 { try churned.apply(LayerListing("w a", "f a/b/c/d 1")) }
        }
    }

    @Test func manyLayersOfAHostileShapeAreQuick() throws {
        var layer = LayerListing()
        let deep = (0..<256).map { "\($0)" }.joined(separator: "/")
        for index in 0..<2000 {
            layer.append(LayerMember(path: bytes("\(deep)"), kind: .whiteout), nil)
            layer.append(LayerMember(path: bytes("wide/\(index)"), kind: .file), nil)
        }
        var tree = FileTree()
        for _ in 0..<10 { try tree.apply(layer) }
        #expect(tree.entry(at: bytes("wide/1999")) != nil)
    }
}

@Suite struct ImageFilesTests {
    /// An engine gives no layers, and says which it has.
    @Test func aLayerIsReadFromWhereItCanBe() throws {
        func layer(_ name: String) -> MemoryImages.Layer { .init(name, tar: RawTar.archive { $0.file(name) }) }
        func side(_ names: [String], gives: Bool) throws -> ImageFiles.Side {
            let layers = names.map(layer)
            let image = MemoryImages.image("x", layers: layers)
            let source = MemoryImages(.engine(reference: "x"), [image], layers: gives ? layers : [])
            return (source, image)
        }
        let engine = try side(["a", "b", "c"], gives: false)
        for order in [["a", "b", "c"], ["c", "b", "a"], ["a", "c", "b", "d"]] {
            let place = try side(order, gives: true)
            for (old, new) in [(engine, place), (place, engine)] {
                var files = ImageFiles()
                #expect(try files.diff(old, new).changes.map(\.path) == (order.contains("d") ? [bytes("d")] : []))
            }
        }
        var files = ImageFiles()
        #expect(throws: ImageFilesError.noLayers(place: "docker-daemon:x")) {
            _ = try files.diff(try side(["a"], gives: true), engine)
        }
    }
}

@Suite struct FileDiffTests {
    @Test func aFileInAnotherLayerIsNoDifference() throws {
        let one = try FileTree(LayerListing("d a", "f a/x 1"), LayerListing("f a/y 2"))
        let other = try FileTree(LayerListing("f a/y 2", "f gone 3"), LayerListing("w gone", "d a", "f a/x 1"))
        #expect(FileDiff(from: one, to: other).isEqual)
    }

    @Test func changesAreNamed() throws {
        let old = try FileTree(
            LayerListing(
                "f same 1", "f text 1", "f mode 1", "l link a", "f kind 1", "d gone", "f gone/x 1", "f time 1 644 5"))
        let new = try FileTree(
            LayerListing("f same 1", "f text 2", "f mode 1 755", "l link b", "d kind", "f new/y 1", "f time 1 644 6"))
        #expect(
            FileTree.changes(old, new) == [
                "-gone", "-gone/x", "~kind kind,mode", "~link target", "~mode mode", "+new", "+new/y", "~text content",
                "times 1",
            ])
    }

    @Test func theDocumentTellsBothSides() throws {
        let diff = FileDiff(
            from: try FileTree(LayerListing("f a 1")),
            to: try FileTree(LayerListing("f a 22 600"), LayerListing("l b c")))
        let changes = diff.document["changes"]?.array ?? []
        #expect(changes.count == 2 && changes[0]["path"] == "/a" && changes[1]["old"] == .null)
        #expect(changes[0]["differences"] == ["content", "mode"] && changes[0]["new"]?["mode"] == "0600")
        #expect(changes[0]["old"]?["size"] == 1 && changes[1]["new"]?["target"] == "c")
    }
}
