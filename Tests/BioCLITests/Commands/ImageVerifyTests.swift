// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioAttestation
import BioCLI
import BioCrypto
import BioDocument
import BioExport
import BioOCI
import BioPackage
import BioRegistry
import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `bio image verify` over an image of installed packages.
@Suite struct ImageVerifyTests {
    private let packages: PackageWorld
    private let images: String
    private let layers: [MemoryImages.Layer]

    init() throws {
        packages = try PackageWorld()
        try packages.install()
        images = "\(packages.directory.path)/images"
        layers = try Self.layers(packages)
        try MemoryImages.writeLayout([.init("acme/app:2", layers: layers)], to: images)
    }

    private static func layers(_ packages: PackageWorld) throws -> [MemoryImages.Layer] {
        let installer = PackageInstaller(
            store: PackageStore(FileSystemRoot(fsRoot: packages.root)), keys: packages.keys.ring,
            cache: ArtifactCache(path: "\(packages.root)/hab/cache/artifacts"), target: .x86_64Linux)
        let found = try ExportResolver(installer) { _ in }
            .resolve([.ident(try PackageIdent(parsing: "acme/app"))], base: []).packages
        var tree = RootFilesystem()
        try tree.add(Array("etc/passwd".utf8), .content(Array("root:x:0:0\n".utf8), mode: 0o644))
        let made = try PackageLayers(found, bytes: PackageBytes(root: packages.root))
            .layers(Array(found.indices), trees: [.init(title: "users and links", tree: tree)])
        let maker = LayerMaker(threads: 1, cache: nil, scratch: "/nowhere") { false }
        return try made.map { layer in
            let sink = CollectedBytes()
            _ = try maker.writePlain(layer, into: sink)
            return MemoryImages.Layer(Image.maker + layer.title, packages: layer.packages, tar: sink.bytes)
        }
    }

    private var image: String { "oci:\(images)" }

    private func run(_ words: [String], code: ExitCode = .done) -> (output: String, errors: String) {
        let world = packages.world()
        let ended = Program.run(["image", "verify"] + words, tree: CommandTree.root, context: world.context)
        #expect(ended == code, "\(world.standardError)")
        return (world.standardOutput, world.standardError)
    }

    private func document(_ words: String..., code: ExitCode = .done) throws -> DocumentValue {
        try DocumentValue(json: run(words + ["--format", "json"], code: code).output)
    }

    private func verdicts(_ document: DocumentValue) -> [String] {
        document["layers"]?.array?.compactMap { $0["verdict"]?.string } ?? []
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = "\(packages.directory.path)/\(name)"
        try AtomicFile.write(Array(text.utf8), to: path)
        return path
    }

    @Test func anHonestImagePasses() throws {
        let text = run([image]).output
        #expect(text.contains("verified  \(packages.keys.name)  \(PackageWorld.app)\n"), "\(text)")
        #expect(text.contains("root      -                    users and links\n"), "\(text)")
        #expect(text.contains("· /etc/passwd  644 11 B\n"), "\(text)")
        let found = try document(image)
        #expect(found["passed"]?.bool == true && found["violations"]?.array == [])
        #expect(verdicts(found) == ["verified", "verified", "verified", "root"])
        let package = found["layers"]?.array?.first?["packages"]?.array?.first
        #expect(package?["evidence"]?.string == "signature")
        let read = try document(image, "--recompute")["layers"]?.array?.first?["packages"]?.array?.first
        #expect(read?["evidence"]?.string == "artifact")
    }

    @Test func aDamagedBlobDoesNotPass() throws {
        let blob = "\(images)/blobs/sha256/\(Digest.sha256(of: layers[1].tar).hex)"
        #expect(truncate(blob, 700) == 0)
        let (text, errors) = run([image], code: .trustRefused)
        #expect(text.contains("damaged") && text.contains("has 700 bytes where"), "\(text)")
        #expect(errors.contains("'\(image)' does not pass: layer 2 (\(PackageWorld.lib)) is not the one"), "\(errors)")
        #expect(try document(image, code: .trustRefused)["passed"]?.bool == false)
    }

    @Test func aDamagedConfigurationEndsIt() throws {
        let id = try #require(document(image)["id"]?.string)
        let path = "\(images)/blobs/sha256/\(id.dropFirst(7))"
        var bytes = try contents(of: path)
        let place = try #require(bytes.firstIndex(of: UInt8(ascii: "2")))
        bytes[place] = UInt8(ascii: "3")
        try AtomicFile.write(bytes, to: path)
        let (text, errors) = run([image], code: .trustRefused)
        #expect(text.isEmpty && errors.contains("is another one: its digest is"), "\(errors)")
    }

    @Test func aChangedLayerIsToldFileByFile() throws {
        var members = RawTar()
        members.raw(layers[0].tar)
        let other = "\(packages.directory.path)/other"
        var changed = layers
        let start = try #require(layers[0].tar.firstRange(of: Array("#!/bin/sh".utf8))).lowerBound
        changed[0].tar[start] = UInt8(ascii: "X")
        changed[0].stored = changed[0].tar
        changed.append(.init("RUN \u{1B}[2Jx", tar: RawTar.archive { $0.file("x\u{1B}]0;y\u{7}") }))
        try MemoryImages.writeLayout([.init("x", layers: changed)], to: other)
        let (text, errors) = run(["oci:\(other)"], code: .trustRefused)
        #expect(text.contains("~ /hab/pkgs/\(PackageWorld.base)/bin/base  content\n"), "\(text)")
        // Nothing that terminals act on.
        #expect(!(text + errors).utf8.contains { $0 < 0x20 && $0 != 0x0A }, "\(text)\(errors)")
        #expect(errors.contains("and layer 5 (RUN"), "\(errors)")
    }

    // MARK: - Policies

    @Test func aPolicyThatIsNotMetRefuses() throws {
        let policy = try file("policy.toml", "version = 1\n[packages]\norigins = ['core']\n")
        let (text, errors) = run([image, "--policy", policy], code: .trustRefused)
        #expect(text.contains("verified"))
        #expect(errors.contains("does not pass: '\(PackageWorld.base)' is of an origin that the policy does not allow"))
        let met = try file("met.toml", "version = 1\n[packages]\nkeys = ['\(packages.keys.name)']\n")
        _ = run([image, "--policy", met])
    }

    @Test func aPolicyThatCannotBeReadRefusesBeforeAnyWork() throws {
        let policy = try file("policy.toml", "version = 1\n[packages]\norigin = ['core']\n")
        let (text, errors) = run(["nowhere", "--policy", policy], code: .trustRefused)
        #expect(text.isEmpty && errors.contains("\(policy):3: the key 'origin' is not known here"), "\(errors)")
        #expect(errors.contains("mend the policy"))
        #expect(run([image, "--policy", policy + "x"], code: .trustRefused).errors.contains("\(policy)x: "))
    }

    @Test func withoutTheKeyNothingPasses() throws {
        let found = run([image, "--cache-key-path", "\(packages.directory.path)/nokeys"], code: .trustRefused)
        #expect(found.output.contains("distrusted"))
        #expect(found.errors.contains("evidence is not to be believed"), "\(found.errors)")
    }

    // MARK: - Attestations

    /// A signed provenance of this image, or of another one.
    private func provenance(of id: String) throws -> [UInt8] {
        let layers = try document(image)["layers"]?.array ?? []
        let materials: [DocumentValue] = layers.flatMap { $0["packages"]?.array ?? [] }.map { package in
            [
                "annotations": ["ident": package["ident"] ?? .null],
                "digest": ["blake2b_256": .string(String(package["artifact_digest"]?.string?.dropFirst(12) ?? ""))],
            ]
        }
        let statement = Statement(
            subjects: [.init(name: "x", sha256: try Digest(parsing: id))],
            predicateType: "https://slsa.dev/provenance/v1",
            predicate: ["buildDefinition": ["resolvedDependencies": .array(materials)]])
        let key = try packages.keys.ring.secretKey(packages.keys.name)
        return Envelope(signing: statement.bytes, type: Statement.mediaType, with: key).bytes
    }

    @Test func aSignedProvenanceVouchesForWhatNobodySigned() throws {
        let policy = try file("policy.toml", "version = 1\n[layers]\nroot = 'attested'\n")
        #expect(
            run([image, "--policy", policy], code: .trustRefused).errors.contains(
                "layer 4 (users and links) is signed by nobody, and no signed provenance vouches for it"))
        let id = try #require(document(image)["id"]?.string)
        let named = "\(packages.directory.path)/named.json"
        try AtomicFile.write(try provenance(of: id), to: named)
        let text = run([image, "--policy", policy, "--attestation", named]).output
        #expect(text.contains("provenance   verified  \(packages.keys.name)  \(named)\n"), "\(text)")
        // An export puts it beside the image.
        try AtomicFile.write(try provenance(of: id), to: images + ".provenance.dsse.json")
        _ = run([image, "--policy", policy])
        try AtomicFile.write(
            try provenance(of: "\(Digest.sha256(of: []))"), to: images + ".provenance.dsse.json")
        #expect(run([image, "--policy", policy], code: .trustRefused).output.contains("other-subject"))
        // A layout has room for several images: each has its own, by its name.
        let own = images + ".acme%2Fapp%3A2.provenance.dsse.json"
        try AtomicFile.write(try provenance(of: id), to: own)
        #expect(run([image, "--policy", policy]).output.contains(own))
    }

    /// What refers to an image in a registry is looked at.
    @Test func aRegistrysProvenanceVouches() throws {
        let registry = try TestRegistry.shared(.plain)
        let reference = try ImageReference(parsing: "\(registry.host)/verify/app:2")
        let pushed = try registry.skopeoCopy("\(image):acme/app:2", "docker://\(reference)")
        #expect(pushed.code == 0, "\(pushed.errorText)")
        let policy = try file("policy.toml", "version = 1\n[provenance]\nrequired = true\n")
        let words = ["docker://\(reference)", "--policy", policy]
        #expect(run(words, code: .trustRefused).errors.contains("the policy wants a signed provenance"))
        let subject = try Digest(parsing: try #require(document(words[0])["manifest"]?.string))
        try refer(to: subject, in: BioRegistry.Repository(of: reference), try provenance(of: "\(subject)"))
        let text = run(words).output
        #expect(text.contains("provenance   verified  \(packages.keys.name)  sha256:"), "\(text)")
    }

    private func refer(to subject: Digest, in repository: BioRegistry.Repository, _ document: [UInt8]) throws {
        let session = RegistrySession(repository.registry, RegistrySettings())
        let blobs = [PushedBlob(document), PushedBlob(Array("{}".utf8))]
        try RepositoryPush(repository, session, places: BlobPlaces(directory: nil)).bring(blobs)
        let type = "application/vnd.in-toto.provenance+dsse"
        let manifest = ImageManifest(
            format: .oci,
            configuration: Descriptor(mediaType: .ociEmpty, digest: blobs[1].digest, size: blobs[1].size),
            layers: [Descriptor(mediaType: MediaType(type), digest: blobs[0].digest, size: blobs[0].size)],
            artifactType: type, subject: Descriptor(mediaType: .ociManifest, digest: subject, size: 1))
        let bytes = manifest.bytes
        let descriptor = Descriptor(
            mediaType: .ociManifest, digest: .sha256(of: bytes), size: Int64(bytes.count), artifactType: type)
        try RegistryClient(session).putReferrer(bytes, descriptor, subject: subject, in: repository)
    }

    @Test func anAttestationThatIsNotThereEndsIt() {
        #expect(run([image, "--attestation", "/nowhere/x"], code: .failure).errors.contains("/nowhere/x"))
    }
}
