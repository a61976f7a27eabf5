// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioExport
import BioOCI
import BioPackage
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct PackageLayersTests {
    /// A package of one file of that size, `acme/NAME/1/20260101000001`; nothing of it is on disk.
    private func package(
        _ name: String, _ size: UInt64 = 1, _ roles: ExportPackage.Roles = [], digest: String? = nil
    ) throws -> ExportPackage {
        let ident = try QualifiedIdent(parsing: "acme/\(name)/1/20260101000001")
        return ExportPackage(
            ident: ident, roles: roles, target: .x86_64Linux, prefix: "hab/pkgs/\(ident)",
            artifactDigest: digest ?? "\(Digest.blake2b256(of: Array(name.utf8)))", signer: "acme-20260101000000",
            files: PackageFiles([
                PackageFile(path: [], kind: .directory, mode: 0o755),
                PackageFile(
                    path: Array("f".utf8), kind: .regular, mode: 0o644, size: size, digest: .blake2b256(of: [])),
            ]), metadata: [])
    }

    private func layers(
        _ packages: [ExportPackage], trees: [PackageLayers.Tree] = [], most: Int = PackageLayers.defaultMost
    ) throws -> [Layer] {
        try PackageLayers(packages, bytes: PackageBytes(root: "/nowhere"))
            .layers(Array(packages.indices), trees: trees, most: most)
    }

    private func tree(_ name: String = "root file system") throws -> PackageLayers.Tree {
        var tree = RootFilesystem()
        try tree.add(Array("etc/\(name)".utf8), .content([1, 2, 3], mode: 0o644))
        return .init(title: name, tree: tree)
    }

    private func shown(_ layers: [Layer]) -> [String] {
        layers.map { layer in
            let names = layer.packages.map { $0.split(separator: "/")[1] }.joined(separator: " ")
            return layer.packages.count == 1 && layer.packages[0] == layer.title ? names : "\(layer.title): \(names)"
        }
    }

    @Test func onePackageIsOneLayerAndBasePackagesAreTheBottom() throws {
        let packages = [
            try package("glibc", 9, .base), try package("busybox", 5, .base), try package("zlib"),
            try package("redis", 3, [.root, .service]),
        ]
        let layers = try layers(packages, trees: [try tree()])
        #expect(shown(layers) == ["base packages: glibc busybox", "zlib", "redis", "root file system: "])
        #expect(layers.map(\.contentSize) == [14, 1, 3, 3])
    }

    /// Two formats with the same base packages share their layer, whatever one of them has besides.
    @Test func whatAFormatNeedsForItselfIsNotInTheBaseLayer() throws {
        var packages = try ["libc", "busybox", "jq", "redis"].map { try package($0, 1, $0 == "redis" ? .root : .base) }
        packages[0].isFormatsOwn = true
        packages[2].isFormatsOwn = true
        let layers = try layers(packages)
        #expect(shown(layers) == ["base packages: busybox", "libc", "jq", "redis"])
        #expect(try layers[0].key == self.layers([packages[1]])[0].key)
    }

    @Test func aNameThatMeansAWhiteoutIsRefused() throws {
        var tree = RootFilesystem()
        try tree.add(Array("etc/.wh.passwd".utf8), .content([1], mode: 0o644))
        #expect(throws: ServiceError.self) {
            let layer = try layers([], trees: [.init(title: "root file system", tree: tree)])[0]
            var members = try layer.members()
            while try members.nextMember() != nil {}
        }
    }

    /// `a` to `f` with growing sizes, `c` and `f` asked for, in that order.
    private func six() throws -> [ExportPackage] {
        try zip(["e", "a", "d", "c", "b", "f"], [5, 1, 4, 3, 2, 6] as [UInt64]).map { name, size in
            try package(name, size, name == "c" || name == "f" ? .root : [])
        }
    }

    @Test(arguments: [
        (7, ["e", "a", "d", "c", "b", "f"]), (6, ["e", "d", "small packages: a b", "c", "f"]),
        (5, ["e", "small packages: a d b", "c", "f"]), (4, ["small packages: e a d b", "c", "f"]),
        (3, ["small packages: e a d c b", "f"]), (2, ["small packages: e a d c b f"]),
    ])
    func overTheCapTheSmallestAreMerged(most: Int, expected: [String]) throws {
        let layers = try layers(try six(), trees: [try tree()], most: most)
        #expect(shown(layers) == expected + ["root file system: "])
        #expect(layers.count <= most)
    }

    @Test func sizesThatTieGoByIdent() throws {
        let packages = try ["d", "b", "a", "c"].map { try package($0) } + [try package("r", 1, .root)]
        #expect(shown(try layers(packages, most: 4)) == ["d", "c", "small packages: b a", "r"])
    }

    @Test func withBasePackagesThereIsLessRoom() throws {
        let packages = [try package("base", 100, .base)] + (try six())
        #expect(
            shown(try layers(packages, trees: [try tree()], most: 7))
                == ["base packages: base", "e", "d", "small packages: a b", "c", "f", "root file system: "])
        #expect(
            shown(try layers(packages, trees: [try tree()], most: 3))
                == ["base packages: base", "small packages: e a d c b f", "root file system: "])
        #expect(
            shown(try layers(packages, trees: [try tree()], most: 2))
                == ["all packages: base e a d c b f", "root file system: "])
    }

    @Test func oneLayerHoldsEverything() throws {
        let one = try layers(try six(), trees: [try tree("x"), try tree("y")], most: 1)
        #expect(shown(one) == ["all packages and x, y: e a d c b f"])
        #expect(shown(try layers(try six(), most: 1)) == ["small packages: e a d c b f"])
        #expect(shown(try layers([], trees: [try tree("x"), try tree("y")], most: 1)) == ["x, y: "])
    }

    @Test(arguments: [0, -1, 126]) func otherCapsAreRefused(most: Int) throws {
        #expect(throws: ServiceError.self) { try layers(try six(), most: most) }
    }

    // MARK: - Keys

    @Test func keysDependOnArtifactsAlone() throws {
        let key = try layers([try package("a", 1, [.root, .service])])[0].key
        #expect(try layers([try package("a", 7)])[0].key == key)
        #expect(try layers([try package("a", digest: "blake2b-256:00")])[0].key != key)
        #expect(try layers([try package("b")])[0].key != key)
        #expect(key?.artifacts == ["hab/pkgs/acme/a/1/20260101000001 \(Digest.blake2b256(of: Array("a".utf8)))"])
        let text = "layer/1\npackages\n\(key?.artifacts[0] ?? "")\n"
        #expect(key?.digest == .sha256(of: Array(text.utf8)))
        // Merged ones have one key in whatever order they came.
        let two = [try package("a", 1, .base), try package("b", 1, .base)]
        #expect(try layers(two)[0].key == layers(two.reversed())[0].key)
    }

    @Test func anUnverifiedPackageHasNoKey() throws {
        #expect(try layers([try package("a", 1, .unverified, digest: "")])[0].key == nil)
        let two = [try package("a", 1, .base), try package("b", 1, [.base, .unverified], digest: "")]
        #expect(try layers(two)[0].key == nil)
    }

    @Test func keysOfTreesAreTheirContent() throws {
        func key(_ change: (inout RootFilesystem) throws -> Void) throws -> Digest? {
            var tree = RootFilesystem()
            try tree.add(Array("hab/svc".utf8), .directory(mode: 0o755))
            try change(&tree)
            return try layers([try package("a")], trees: [.init(title: "t", tree: tree)])[1].key?.digest
        }
        let nodes: [RootFilesystem.Node] = [
            .content([], mode: 0o644), .content([1], mode: 0o644), .content([1], mode: 0o600), .directory(mode: 0o755),
            .symlink([1]), .symlink([2]), .packageFile(package: 0, file: 1),
        ]
        var keys = try nodes.map { node in try key { try $0.add(Array("x".utf8), node) } }
        keys.append(try key { try $0.add(Array("y".utf8), nodes[0]) })
        keys.append(try key { _ in })
        #expect(Set(keys).count == nodes.count + 2)
        #expect(!keys.contains(nil))
        #expect(try key { try $0.add(Array("x".utf8), nodes[2]) } == keys[2])
    }

    // MARK: - Bytes

    @Test func neitherTimesNorPlaceChangeAByte() throws {
        var found: Set<Digest> = []
        for time in [0, 1_700_000_000, -5] as [Int64] {
            let scratch = try Scratch()
            let fixture = try ExportFixture.small(in: scratch.file("root"))
            let file = fixture.path("acme/lib/1.0/20260101000001", "lib/data.txt")
            try FileDescriptor.open(file).setModified(time)
            let layer = try #require(
                try PackageLayers(fixture.packages, bytes: fixture.bytes).layers([0], trees: []).first)
            let maker = LayerMaker(threads: 2, cache: nil, scratch: scratch.path, isCancelled: { false })
            found.insert(try maker.blob(of: layer, .gzip).digest)
        }
        #expect(found.count == 1)
    }

    @Test func aChangedFileIsRefusedByName() throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        let file = fixture.path("acme/lib/1.0/20260101000001", "lib/data.txt")
        try AtomicFile.write(Array("one\nTWO\n".utf8), to: file)
        let layers = try PackageLayers(fixture.packages, bytes: fixture.bytes).layers([0, 1], trees: [])
        let maker = LayerMaker(threads: 2, cache: nil, scratch: scratch.path, isCancelled: { false })
        let error = #expect(throws: ServiceError.self) { try maker.blobs(of: layers, .gzip) }
        #expect(error?.code == .digest)
        #expect(error?.message.contains("acme/lib/1.0/20260101000001/lib/data.txt'") == true)
    }

    @Test func furtherNamesOnDiskAreHardLinks() throws {
        let scratch = try Scratch()
        let library = PackageFixture("acme/lib/1.0/20260101000001", files: [.init("b", "content\n")])
        let root = scratch.file("root")
        let first = try ExportFixture([library], in: root)
        let directory = first.path(library.ident, "")
        for name in ["a", "c"] { link("\(directory)b", "\(directory)\(name)") }
        let resolver = ExportResolver(ExportFixture.installer(root)) { _ in }
        let found = try resolver.resolve([.ident(try PackageIdent(parsing: library.ident))], base: []).packages
        let files = try #require(found.first).files.filter { $0.path.count == 1 }
        #expect(files.map(\.firstName) == [nil, Array("a".utf8), Array("a".utf8)])
        #expect(files.allSatisfy { $0.kind == .regular && $0.size == 8 })
    }
}
