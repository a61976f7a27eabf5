// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// `--to docker://…` and `bio image copy` as users see them; faults of registries are in RegistryFaultTests.
@Suite(.timeLimit(.minutes(15))) struct ImagePushCommandTests {
    private struct World: ~Copyable {
        let plain: PluginWorld
        let registry: ScriptedRegistry

        init() throws {
            var world = try PluginWorld()
            world.bio.environment["DOCKER_HOST"] = "unix://" + world.file("no.sock")
            _ = try world.add("imager")
            let made = try ScriptedRegistry(["auth": "none"])
            registry = made
            plain = world
        }

        func export(_ words: String...) throws -> Command.Outcome {
            try plain.bio.run(
                ["pkg", "export", "imager", "acme/app", "--results", plain.file("results")] + words
            ) { _ in }
        }

        func report() throws -> DocumentValue {
            try DocumentValue(json: contents(of: plain.file("results/last_imager_export.json")))
        }
    }

    @Test func anExportIsPushedUnderItsOwnTagsAndNamedByItsDigest() throws {
        let world = try World()
        let name = "\(world.registry.host)/web/app"
        let planned = try world.export("--to", "docker://\(name)", "--dry-run")
        #expect(planned.code == 0 && planned.output == "\(name)\n", "\(planned.errors)")
        #expect(try world.registry.state().requests.isEmpty)

        let outcome = try world.export("--to", "docker://\(name)")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let place = try world.report()["image"]?["places"]?.array?.first
        let digest = try #require(place?["manifest_digest"]?.string)
        #expect(outcome.output == "\(name)@\(digest)\n")
        #expect(place?["digest_reference"]?.string == "\(name)@\(digest)")
        #expect(place?["layers_written"]?.int == 3)
        let tags = try world.registry.state().repositories["web/app"]?.tags
        #expect(tags == ["latest": digest, "2.1": digest, "2.1-20260101000002": digest])
        let artifact = try world.report()["artifacts"]?.array?.first
        #expect(artifact?["digest"]?.string == digest)

        try world.registry.forgetRequests()
        let again = try world.export("--to", "docker://\(name)")
        #expect(again.code == 0 && again.output == outcome.output)
        let kinds = try world.registry.state().requests.map(\.kind)
        #expect(kinds.filter { $0 != "ping" } == Array(repeating: "manifest-head", count: 3))
    }

    /// The list of places is in the cache, so the next program knows.
    @Test func anotherRepositoryGetsTheLayersFromTheFirst() throws {
        let world = try World()
        #expect(try world.export("--to", "docker://\(world.registry.host)/web/one:1").code == 0)
        try world.registry.forgetRequests()
        #expect(try world.export("--to", "docker://\(world.registry.host)/web/two:1").code == 0)
        let place = try world.report()["image"]?["places"]?.array?.first
        #expect(place?["layers_mounted"]?.int == 3)
        #expect(try world.registry.state().uploadedBytes == 0)
    }

    @Test func whatARegistryHasIsToldWhenAnotherPlaceFails() throws {
        let world = try World()
        let name = "\(world.registry.host)/web/app:1"
        // Gone between staging and committing: the archive's directory.
        try world.registry.fail(["kind": "manifest-put", "path": "/b/", "do": "answer", "status": 403, "times": 0])
        let outcome = try world.export("--to", "docker://\(name)", "--to", "docker://\(world.registry.host)/b/app:1")
        #expect(outcome.code == 6, "\(outcome.errors)")
        #expect(outcome.errors.contains("the registry has the image as \(name)"))
        #expect(outcome.output.isEmpty)
    }

    @Test func twoPlacesAreNotOne() throws {
        let world = try World()
        let host = world.registry.host
        let twice = try world.export("--to", "docker://\(host)/a/b:1", "--to", "docker://\(host)/a/b:1")
        #expect(twice.code == 64 && twice.errors.contains("is there twice"))
        let both = try world.export("--to", "docker://\(host)/a/b:1", "--to", "docker://\(host)/a/c:1")
        #expect(both.code == 0, "\(both.errors)")
        #expect(both.output.split(separator: "\n").count == 2)
        let pinned = try world.export("--to", "docker://\(host)/a/b@sha256:\(String(repeating: "0", count: 64))")
        #expect(pinned.code == 64)
    }

    @Test func anImageIsCopiedThereAndBack() throws {
        let world = try World()
        let layout = world.plain.file("layout")
        #expect(try world.export("--to", "oci:\(layout):2.1").code == 0)
        let name = "\(world.registry.host)/web/app"
        let there = try world.plain.bio.run("image", "copy", "oci:\(layout):2.1", "docker://\(name)")
        #expect(there.code == 0, "\(there.errors)")
        let digest = try #require(world.registry.state().repositories["web/app"]?.tags["2.1"])
        #expect(there.output == "\(name)@\(digest)\n")
        let back = try world.plain.bio.run(
            "image", "copy", "docker://\(name)@\(digest)", "oci-archive:\(world.plain.file("back.tar")):x",
            "--format", "json")
        #expect(back.code == 0, "\(back.errors)")
        #expect(try DocumentValue(json: back.output)["digest"]?.string == digest)
        let seen = try Tool.run(["skopeo", "inspect", "--raw", "oci-archive:\(world.plain.file("back.tar")):x"])
        #expect(seen.code == 0, "\(seen.errorText)")
    }

    @Test(arguments: [
        (["docker-archive:x.tar", "docker://127.0.0.1:1/a"], "keeps no manifest"),
        (["docker-daemon:x", "docker://127.0.0.1:1/a"], "keeps no manifest"),
        (["docker://127.0.0.1:1/a", "docker-daemon:x"], "cannot hold an image as it is"),
        (["docker://127.0.0.1:1/a", "docker-archive:x.tar"], "cannot hold an image as it is"),
        (["docker://127.0.0.1:1/a", "oci:x", "--platform", "linux"], "'linux' is no platform"),
        (["docker://127.0.0.1:1/a", "nowhere"], "does not say what kind of place"),
    ])
    func copiesThatCannotBeAreRefused(_ words: [String], _ message: String) throws {
        let outcome = try Command().run(["image", "copy"] + words) { _ in }
        #expect(outcome.code == 64)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
}
