// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioDocument
import BioExport
import BioOCI
import BioPackage
import BioSystem
import BioTestSupport
import Testing

/// The vectors of docs/reference/layers.md, made by what exports use, and by a judge that knows the page only.
@Suite struct LayerVectorTests {
    private static let page = "docs/reference/layer-vectors.json"

    private struct Vector {
        let name: String
        let layer: Layer
        let diffID: String
        let size: Int
    }

    private static func vectors(in root: String) throws -> [Vector] {
        let document = try DocumentValue(json: try contents(of: "\(SourceTree.root)/\(page)"))
        #expect(document["recipe"]?.string == LayerRecipe.version)
        return try (document["vectors"]?.array ?? []).enumerated().map { number, value in
            let content = VectorContent(value, root: "\(root)/\(number)")
            let layers = try content.layers()
            #expect(layers.count == 1)
            return Vector(
                name: value["name"]?.string ?? "", layer: try #require(layers.first),
                diffID: value["diff_id"]?.string ?? "", size: value["size"]?.int ?? 0)
        }
    }

    @Test(arguments: [1, 3]) func everyVectorHasItsDigest(threads: Int) throws {
        let scratch = try Scratch()
        let maker = LayerMaker(threads: threads, cache: nil, scratch: scratch.path, isCancelled: { false })
        let vectors = try Self.vectors(in: scratch.path)
        #expect(vectors.count > 10)
        for vector in vectors {
            #expect(try maker.plainSize(of: vector.layer) == Int64(vector.size), "\(vector.name)")
            let facts = try maker.writePlain(vector.layer, into: CollectedBytes())
            #expect("\(facts.diffID)" == vector.diffID, "\(vector.name)")
            #expect(try maker.blob(of: vector.layer, .gzip).facts == facts)
        }
    }

    @Test func theJudgeAgrees() throws {
        let result = try Tool.run([
            "python3", "\(SourceTree.root)/Tests/Support/layers/judge.py", "\(SourceTree.root)/\(Self.page)",
        ])
        #expect(result.code == 0, "\(result.text)\(result.errorText)")
    }

    /// GNU tar reads it, and what it unpacks has the links, modes and times of the page.
    @Test func tarUnpacksHardLinks() throws {
        let scratch = try Scratch()
        let vectors = try Self.vectors(in: scratch.path)
        let layer = try #require(vectors.first { $0.name == "hard links" }).layer
        let maker = LayerMaker(threads: 1, cache: nil, scratch: scratch.path, isCancelled: { false })
        let blob = try maker.blob(of: layer, .gzip)
        try Directory.create(scratch.file("out"))
        #expect(try Tool.run(["tar", "-C", scratch.file("out"), "-xpzf", blob.path]).code == 0)
        let package = scratch.file("out/hab/pkgs/acme/tool/1.0/20260101000000")
        let one = try #require(try FileStatus.of("\(package)/a/one"))
        #expect(one.linkCount == 3)
        #expect(try FileStatus.of("\(package)/b")?.inode == one.inode)
        #expect(one.mode == 0o755)
        #expect(one.modified == 1)
        #expect(try FileStatus.of(scratch.file("out/hab/pkgs"))?.mode == 0o775)
    }
}

/// The content of one vector as packages below a root and a tree.
private struct VectorContent {
    let value: DocumentValue
    let root: String

    init(_ value: DocumentValue, root: String) {
        self.value = value
        self.root = root
    }

    func layers() throws -> [Layer] {
        let own = try packages("packages")
        var packages = own + (try self.packages("below"))
        if packages.isEmpty { packages = [try package("hab/pkgs/none/none/1/1", [])] }
        var tree = RootFilesystem()
        for entry in value["tree"]?.array ?? [] { try add(entry, to: &tree) }
        let trees = value["tree"] == nil ? [] : [PackageLayers.Tree(title: "root file system", tree: tree)]
        let made = try PackageLayers(packages, bytes: PackageBytes(root: root))
            .layers(value["below"] == nil ? Array(own.indices) : Array(packages.indices), trees: trees, most: most(own))
        return value["below"] == nil ? made : made.suffix(1)
    }

    /// One layer for all that the vector holds.
    private func most(_ own: [ExportPackage]) -> Int { value["below"] == nil ? 1 : 2 }

    private func packages(_ key: String) throws -> [ExportPackage] {
        try (value[key]?.array ?? []).map { value in
            let prefix = value["prefix"]?.string ?? ""
            let files = try (value["entries"]?.array ?? []).map { try file($0, prefix) }
            return try package(prefix, Self.linked(files).sorted { $0.path.precedes($1.path) })
        }
    }

    private func package(_ prefix: String, _ files: [PackageFile]) throws -> ExportPackage {
        let pieces = prefix.split(separator: "/").map(String.init)
        let release = "2026010100000\(pieces[5].utf8.count % 10)"
        let ident = try QualifiedIdent(parsing: "\(pieces[2])/\(pieces[3])/\(pieces[4])/\(release)")
        return ExportPackage(
            ident: ident, roles: .root, target: .x86_64Linux, prefix: prefix,
            artifactDigest: "\(Digest.blake2b256(of: Array("\(root)/\(prefix)".utf8)))", signer: "acme-20260101000000",
            files: PackageFiles(files), metadata: [])
    }

    /// Hard links know size and digest of what they are names of.
    private static func linked(_ files: [PackageFile]) -> [PackageFile] {
        files.map { file in
            guard let first = files.first(where: { $0.path == file.firstName }) else { return file }
            return PackageFile(
                path: file.path, kind: .regular, mode: file.mode, size: first.size, digest: first.digest,
                firstName: first.path)
        }
    }

    private func file(_ entry: DocumentValue, _ prefix: String) throws -> PackageFile {
        let path = Self.bytes(entry["path"])
        let mode = UInt32(entry["mode"]?.string ?? "777", radix: 8) ?? 0
        switch entry["kind"]?.string {
        case "directory": return PackageFile(path: path, kind: .directory, mode: mode)
        case "symlink":
            return PackageFile(path: path, kind: .symlink, mode: mode, linkTarget: Self.bytes(entry["target"]))
        case "hard link":
            return PackageFile(path: path, kind: .regular, mode: mode, firstName: Self.bytes(entry["target"]))
        default:
            let body = Self.bytes(entry["content"])
            try write(body, "\(root)/\(prefix)", path)
            return PackageFile(
                path: path, kind: .regular, mode: mode, size: UInt64(body.count), digest: .blake2b256(of: body))
        }
    }

    /// Bytes of the package on disk, where another mode, time and owner must not count.
    private func write(_ body: [UInt8], _ prefix: String, _ path: [UInt8]) throws {
        try Directory.create(prefix, mode: 0o700)
        var directory = try FileDescriptor.open(prefix)
        let pieces = path.split(separator: 0x2F).map(Array.init)
        for piece in pieces.dropLast() {
            try? directory.makeDirectory(piece, mode: 0o700)
            directory = try directory.openBeneath(piece)
        }
        let file = try directory.makeFile(pieces[pieces.count - 1], mode: 0o600)
        try file.writeAll(body)
    }

    private func add(_ entry: DocumentValue, to tree: inout RootFilesystem) throws {
        let mode = UInt32(entry["mode"]?.string ?? "777", radix: 8) ?? 0
        let node: RootFilesystem.Node =
            switch entry["kind"]?.string {
            case "directory": .directory(mode: mode)
            case "symlink": .symlink(Self.bytes(entry["target"]))
            default: .content(Self.bytes(entry["content"]), mode: mode)
            }
        try tree.add(Self.bytes(entry["path"]), node)
    }

    private static func bytes(_ value: DocumentValue?) -> [UInt8] {
        if let text = value?.string { return Array(text.utf8) }
        if let hex = value?["hex"]?.string {
            let digits = Array(hex.utf8)
            return stride(from: 0, to: digits.count, by: 2).map {
                UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) ?? 0
            }
        }
        let fill = Array((value?["fill"]?.string ?? "").utf8)
        return fill.isEmpty ? [] : (0..<(value?["count"]?.int ?? 0)).map { fill[$0 % fill.count] }
    }
}
