// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioExport
import BioOCI
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import BioTrust

/// Two installed packages with keys and artifacts, and an image of them that a test may change before it is written.
struct TrustWorld: ~Copyable {
    static let library: PackageFixture = {
        var package = PackageFixture(
            "acme/lib/1.0/20260101000001", files: [.init("lib/data.txt", "one\ntwo\n"), .init("lib/empty", "")])
        package.extra = { tar, prefix in
            tar.symlink("\(prefix)/lib/link", to: "data.txt")
            tar.hardLink("\(prefix)/lib/twin", to: "\(prefix)/lib/data.txt")
        }
        return package
    }()
    static let app = PackageFixture(
        "acme/app/2.1/20260101000002", tdeps: [library.ident],
        files: [.init("bin/hello", "#!/bin/sh\necho hello\n", mode: 0o755)])

    let scratch: Scratch
    let keys: TestKeys
    let store: PackageStore
    let cache: ArtifactCache

    init() throws {
        let made = try Scratch()
        let testKeys = try TestKeys(in: made.file("keys"))
        let packages = PackageStore(FileSystemRoot(fsRoot: made.file("root")))
        let artifacts = ArtifactCache(path: made.file("cache"))
        let installer = PackageInstaller(
            store: packages, keys: testKeys.ring, cache: artifacts, target: .x86_64Linux)
        for package in [Self.library, Self.app] {
            _ = try installer.install(artifact: try package.artifact(in: made.file("artifacts"), keys: testKeys))
        }
        (keys, store, cache) = (testKeys, packages, artifacts)
        scratch = made
    }

    func installer(cancellation: Cancellation = .never) -> PackageInstaller {
        PackageInstaller(
            store: store, keys: keys.ring, cache: cache, target: .x86_64Linux, cancellation: cancellation)
    }

    func path(_ package: PackageFixture, _ file: String) -> String {
        scratch.file("root/hab/pkgs/\(package.ident)/\(file)")
    }

    func artifact(_ package: PackageFixture) throws -> String {
        cache.path(try package.qualified, target: .x86_64Linux)
    }

    /// Takes the signature out of the receipts, as programs before this one wrote them.
    func dropSignatures() throws {
        for fixture in [Self.library, Self.app] {
            guard let package = try store.package(fixture.qualified, target: .x86_64Linux),
                let receipt = try package.receipt()
            else { throw ArchiveError.truncated }
            let old = Receipt(
                ident: receipt.ident, target: receipt.target, artifactDigest: receipt.artifactDigest,
                payloadDigest: receipt.payloadDigest, artifactSize: receipt.artifactSize, signer: receipt.signer,
                signature: nil, metafiles: receipt.metafiles, entries: receipt.entries)
            try AtomicFile.write(old.text, to: package.receiptPath)
        }
    }

    // MARK: - Images

    /// The image that an export makes: `acme/lib`, `acme/app`, a root file system.
    func image(most: Int = PackageLayers.defaultMost) throws -> TrustImage {
        let resolver = ExportResolver(installer()) { _ in }
        let wanted = ExportResolver.Wanted.ident(try PackageIdent(parsing: Self.app.ident))
        let packages = try resolver.resolve([wanted], base: []).packages
        var tree = RootFilesystem()
        try tree.add(bytes("etc/passwd"), .content(bytes("root:x:0:0\n"), mode: 0o644))
        try tree.add(bytes("bin/hello"), .symlink(bytes("/hab/pkgs/\(Self.app.ident)/bin/hello")))
        let layers = PackageLayers(packages, bytes: PackageBytes(root: scratch.file("root")))
        let made = try layers.layers(
            Array(packages.indices), trees: [.init(title: "users and links", tree: tree)], most: most)
        return TrustImage(
            layers: try made.map { layer throws in
                TrustImage.Layer(
                    title: Image.maker + layer.title, packages: layer.packages, members: try Self.members(of: layer))
            })
    }

    private static func members(of layer: Layer) throws -> [TrustImage.Member] {
        let sink = CollectedBytes()
        let maker = LayerMaker(threads: 1, cache: nil, scratch: "/nowhere") { false }
        _ = try maker.writePlain(layer, into: sink)
        return try TrustImage.members(of: sink.bytes)
    }

    /// What is found in `image`, written as a layout and read back.
    func verify(_ image: TrustImage, recompute: Bool = false) throws -> [VerifiedLayer] {
        let directory = scratch.file("layout")
        if try FileStatus.of(directory) != nil { try Directory.remove(directory) }
        try image.write(to: directory)
        return try verify(try LayoutSource(directory: directory, reference: nil), recompute: recompute)
    }

    func verify(_ source: any ImageSource, recompute: Bool = false) throws -> [VerifiedLayer] {
        var verifier = ImageVerifier(installer(), readsArtifacts: recompute)
        return try verifier.layers(of: try source.image(), in: source)
    }
}

/// Layers as lists of members.
struct TrustImage {
    struct Member {
        var member: TarMember
        var body: [UInt8] = []

        static func file(_ path: String, _ text: String, mode: UInt32 = 0o644) -> Member {
            Member(
                member: TarMember(
                    path: bytes(path), kind: .file, mode: mode, size: Int64(text.utf8.count), mtime: 1),
                body: bytes(text))
        }

        static func symlink(_ path: String, to target: String) -> Member {
            Member(member: TarMember(path: bytes(path), kind: .symlink(bytes(target)), mode: 0o777, mtime: 1))
        }

        static func hardLink(_ path: String, to target: String, mode: UInt32 = 0o644) -> Member {
            Member(member: TarMember(path: bytes(path), kind: .hardLink(bytes(target)), mode: mode, mtime: 1))
        }

        static func directory(_ path: String, mode: UInt32 = 0o755) -> Member {
            Member(member: TarMember(path: bytes(path), kind: .directory, mode: mode, mtime: 1))
        }
    }

    struct Layer {
        var title: String
        var packages: [String]
        var members: [Member]
        /// Changes the finished tar.
        var patch: (([UInt8]) -> [UInt8])?

        init(title: String, packages: [String] = [], members: [Member]) {
            self.title = title
            self.packages = packages
            self.members = members
        }

        /// Adds a member where its path belongs.
        mutating func add(_ member: Member) {
            let place = members.firstIndex { member.member.path.precedes($0.member.path) } ?? members.endIndex
            members.insert(member, at: place)
        }

        /// Changes the member whose path ends so.
        mutating func change(_ end: String, _ body: (inout Member) -> Void) throws {
            guard let place = members.firstIndex(where: { $0.member.path.ends(with: end) }) else {
                throw ArchiveError.truncated
            }
            body(&members[place])
        }

        func tar() throws -> [UInt8] {
            let tar = try BioTestSupport.tar(of: members.map { ($0.member, $0.body) })
            return patch?(tar) ?? tar
        }
    }

    var layers: [Layer]

    func write(to directory: String) throws {
        try MemoryImages.writeLayout([.init("acme/app:1", layers: try inMemory())], to: directory)
    }

    func inMemory() throws -> [MemoryImages.Layer] {
        try layers.map { MemoryImages.Layer($0.title, packages: $0.packages, tar: try $0.tar()) }
    }

    static func members(of tar: [UInt8]) throws -> [Member] {
        var reader = try ForeignLayerReader(MemorySource(tar))
        var found: [Member] = []
        while let member = try reader.next() {
            let kind: TarMember.Kind =
                switch member.kind {
                case .directory: .directory
                case .symlink(let target): .symlink(target)
                case .hardLink(let target): .hardLink(target)
                default: .file
                }
            var body: [UInt8] = []
            while kind == .file, let block = try reader.nextBlock() { body += block }
            found.append(
                Member(
                    member: TarMember(
                        path: member.path, kind: kind, mode: member.mode, size: kind == .file ? member.size : 0,
                        mtime: member.mtime), body: body))
        }
        return found
    }
}

extension [UInt8] {
    fileprivate func ends(with end: String) -> Bool { suffix(end.utf8.count).elementsEqual(end.utf8) }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension VerifiedLayer {
    /// Differences as `KIND PATH-IN-PACKAGE`.
    var shown: [String] {
        differences.map { difference in
            let path = String(decoding: difference.path, as: UTF8.self)
            let words = difference.aspects.map(\.rawValue).joined(separator: "+")
            return "\(words.isEmpty ? difference.word : words) \(path)"
        }
    }
}
