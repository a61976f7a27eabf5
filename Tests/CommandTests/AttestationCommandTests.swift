// SPDX-License-Identifier: Apache-2.0

import BioAttestation
import BioCrypto
import BioDocument
import BioPackage
import BioSystem
import BioTestSupport
import Testing

/// `--sbom`, `--provenance` and `--attest-key`, as users see them.
@Suite(.timeLimit(.minutes(15))) struct AttestationCommandTests {
    private struct World: ~Copyable {
        let plain: PluginWorld
        let plugin: CPlugin
        let keys: TestKeys

        init() throws {
            var world = try PluginWorld()
            world.bio.environment["DOCKER_HOST"] = "unix://" + world.file("no.sock")
            world.bio.environment["HAB_CACHE_KEY_PATH"] = world.file("keys")
            let made = try world.add("imager")
            keys = try TestKeys(in: world.file("keys"))
            plain = world
            plugin = made
        }

        func path(_ name: String) -> String { "\(plain.out)/\(name)" }

        func export(_ words: String...) throws -> Command.Outcome {
            try plain.bio.run(
                ["pkg", "export", "imager", "acme/app", "--results", plain.file("results")] + words
            ) { _ in }
        }

        func report() throws -> DocumentValue {
            try DocumentValue(json: try contents(of: plain.file("results/last_imager_export.json")))
        }
    }

    private static func judged(_ judge: String, _ path: String) throws -> String {
        let outcome = try Tool.run(
            ["python3", "\(SourceTree.root)/Tests/Support/attestations/judge.py", judge, path],
            environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        return outcome.code == 0 ? outcome.text : outcome.errorText
    }

    @Test func documentsLieBesideEveryPlace() throws {
        let world = try World()
        let outcome = try world.export(
            "--to", "oci:\(world.path("layout"))", "--to", "docker-archive:\(world.path("d.tar"))", "--sbom",
            "cyclonedx", "--sbom", "spdx", "--provenance")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let endings = [".spdx.json", ".cdx.json", ".provenance.json"]
        let bases = ["layout.2.1-20260101000002", "d.tar"].map { world.path($0) }
        let names = bases.flatMap { base in endings.map { base + $0 } }
        #expect(outcome.output == ([world.path("layout"), world.path("d.tar")] + names).map { $0 + "\n" }.joined())
        for (judge, ending) in zip(["spdx", "cyclonedx", "provenance"], endings) {
            #expect(try Self.judged(judge, bases[0] + ending) == "")
            #expect(try contents(of: bases[0] + ending) == contents(of: bases[1] + ending))
        }
        let report = try world.report()
        let artifacts = report["artifacts"]?.array ?? []
        #expect(artifacts.compactMap { $0["role"]?.string }.count { $0 == "sidecar" } == 1 + 6)
        for artifact in artifacts.dropFirst(2) {
            let bytes = try contents(of: artifact["path"]?.string ?? "")
            #expect(artifact["digest"]?.string == "\(Digest.sha256(of: bytes))")
        }
        let statement = try Statement(parsing: try contents(of: bases[0] + ".provenance.json"))
        let manifest = report["image"]?["places"]?.array?.first?["manifest_digest"]?.string
        #expect(statement.subjects.map { $0.sha256.map { "\($0)" } } == [manifest, report["image"]?["id"]?.string])
    }

    @Test func imagesOfOneLayoutKeepTheirOwn() throws {
        let world = try World()
        var manifests: [Digest] = []
        for (name, epoch) in [("y", "1"), ("acme/app:z", "2")] {
            let outcome = try world.export(
                "--to", "oci:\(world.path("layout")):\(name)", "--source-date-epoch", epoch, "--provenance")
            #expect(outcome.code == 0, "\(outcome.errors)")
            let manifest = try world.report()["image"]?["places"]?.array?.first?["manifest_digest"]?.string
            manifests.append(try Digest(parsing: try #require(manifest)))
        }
        #expect(manifests[0] != manifests[1])
        for (name, manifest) in zip(["y", "acme%2Fapp%3Az"], manifests) {
            let statement = try Statement(
                parsing: try contents(of: world.path("layout.\(name).provenance.json")))
            #expect(statement.speaks(of: manifest))
        }
    }

    @Test func theSameAgainIsTheSame() throws {
        let world = try World()
        func documents(_ words: String...) throws -> [[UInt8]] {
            let outcome = try world.plain.bio.run(
                [
                    "pkg", "export", "imager", "acme/app", "-o", world.path("a.tar"), "--sbom", "spdx", "--provenance",
                    "--attest-key", "acme", "--results", world.plain.file("results"),
                ] + words
            ) { _ in }
            #expect(outcome.code == 0, "\(outcome.errors)")
            return try [".spdx.dsse.json", ".provenance.dsse.json"].map { try contents(of: world.path("a.tar") + $0) }
        }
        let once = try documents()
        #expect(try documents("--threads", "3", "--layer-cache", "none") == once)
        #expect(try documents("--source-date-epoch", "77") != once)
    }

    @Test func signaturesAreOfTheKeyThatWasNamed() throws {
        let world = try World()
        let outcome = try world.export(
            "-o", world.path("a.tar"), "--sbom", "cyclonedx", "--attest-key", "\(world.keys.name)")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let envelope = try Envelope(parsing: try contents(of: world.path("a.tar.cdx.dsse.json")))
        let ring = world.keys.ring
        #expect(try envelope.verified { try ring.publicKey($0) } == [.valid(world.keys.name)])
        #expect(try Statement(parsing: envelope.payload).predicateType == "https://cyclonedx.org/bom/v1.6")
    }

    /// The registry has no API for referrers, so they are found by the tag that stands in for it.
    @Test func aRegistryKeepsThemAsReferrers() throws {
        let registry = try TestRegistry.shared(.plain)
        let world = try World()
        let name = "\(registry.host)/attested/app"
        let outcome = try world.export(
            "--to", "docker://\(name):1", "--sbom", "cyclonedx", "--provenance", "--attest-key", "acme")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try Directory.names(world.plain.out).isEmpty)
        let digest = try #require(
            try world.report()["image"]?["places"]?.array?.first?["manifest_digest"]?.string)
        let told = try world.report()["image"]?["places"]?.array?.first?["referrers"]?.array ?? []
        let index = try registry.skopeoManifest("\(name):\(digest.replacing(":", with: "-"))")
        #expect(index.code == 0, "\(index.errorText)")
        let list = try DocumentValue(json: index.output)["manifests"]?.array ?? []
        #expect(
            Set(list.compactMap { $0["artifactType"]?.string }) == [
                "application/vnd.in-toto.cyclonedx+dsse", "application/vnd.in-toto.provenance+dsse",
            ])
        // What the report tells is what the registry lists.
        #expect(
            Set(told.map { "\($0["artifact_type"]?.string ?? "") \($0["digest_reference"]?.string ?? "")" })
                == Set(list.map { "\($0["artifactType"]?.string ?? "") \(name)@\($0["digest"]?.string ?? "")" }))
        // The same image elsewhere has the same documents; only a bill says where a registry has the image.
        #expect(
            try world.export(
                "-o", world.path("a.tar"), "--sbom", "cyclonedx", "--provenance", "--attest-key", "acme"
            ).code == 0)
        func beside(_ ending: String) throws -> String {
            "\(Digest.sha256(of: try contents(of: world.path("a.tar") + ending)))"
        }
        var kept: Set<String> = []
        for entry in list {
            let manifest = try registry.skopeoManifest("\(name)@\(entry["digest"]?.string ?? "")")
            let document = try DocumentValue(json: manifest.output)
            #expect(document["subject"]?["digest"]?.string == digest)
            kept.formUnion((document["layers"]?.array ?? []).compactMap { $0["digest"]?.string })
        }
        let (bill, provenance) = (try beside(".cdx.dsse.json"), try beside(".provenance.dsse.json"))
        #expect(kept.count == 2 && kept.contains(provenance) && !kept.contains(bill))
    }

    @Test func aDryRunSaysWhatItWouldMake() throws {
        let world = try World()
        let outcome = try world.export(
            "-o", world.path("a.tar"), "--provenance", "--attest-key", "acme", "--dry-run")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.output == "\(world.path("a.tar"))\n\(world.path("a.tar.provenance.dsse.json"))\n")
        try world.plain.expectNothingLeft(world.plugin)
    }

    @Test func whatIsInTheWayStopsAll() throws {
        let world = try World()
        try Directory.create(world.path("a.tar.spdx.json"))
        let outcome = try world.export("-o", world.path("a.tar"), "--sbom", "spdx")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("'\(world.path("a.tar.spdx.json"))' is in the way of the output"))
        #expect(try Directory.names(world.plain.out) == [Array("a.tar.spdx.json".utf8)])
    }

    @Test func aDocumentReplacesNoImage() throws {
        let world = try World()
        let outcome = try world.export(
            "--to", "oci-archive:\(world.path("a"))", "--to", "oci-archive:\(world.path("a.spdx.json"))", "--sbom",
            "spdx")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("'\(world.path("a.spdx.json"))' is in the way of the output"))
        try world.plain.expectNothingLeft(world.plugin)
    }

    @Test(arguments: [
        (["--attest-key", "acme"], 64, "none is asked for"),
        (["--provenance", "-o", "-"], 64, "standard output is no file"),
        (["--sbom", "spdx3"], 64, "spdx3"),
        (["--provenance", "--attest-key", "No/Key"], 64, "neither an origin nor a key"),
        (["--provenance", "--attest-key", "nobody"], 4, "no secret signing key of 'nobody'"),
        (["--provenance", "--attest-key", "acme-20200101000000"], 4, "acme-20200101000000"),
    ]) func whatIsWrongIsRefusedFirst(words: [String], code: Int32, text: String) throws {
        let world = try World()
        let outcome = try world.plain.bio.run(
            ["pkg", "export", "imager", "acme/app", "--results", world.plain.file("results")] + words
        ) { _ in }
        #expect(outcome.code == code)
        #expect(outcome.errors.contains(text), "\(outcome.errors)")
        try world.plain.expectNothingLeft(world.plugin)
    }
}
