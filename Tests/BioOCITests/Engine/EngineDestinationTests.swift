// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

@testable import BioOCI

/// Images into a real Docker engine.
@Suite struct EngineDestinationTests {
    private static func commit(
        _ image: Image, _ layers: MemoryLayers, to socket: String, cancellation: Cancellation = .never
    ) throws -> PublishedImage {
        let engine = DockerEngine(EngineAddress(socket: socket), cancellation: cancellation)
        let destination = EngineDestination(engine)
        try destination.stage(image, layers: layers)
        return try destination.commit()
    }

    /// What the engine's own client says of an image.
    private static func inspect(_ engine: TestEngine, _ name: String) throws -> DocumentValue? {
        let outcome = try engine.docker(["image", "inspect", name])
        guard outcome.code == 0 else { return nil }
        return try DocumentValue(json: outcome.output).array?.first
    }

    @Test func loadsAnImageWithItsNamesAndId() throws {
        let engine = try TestEngine.shared(.docker)
        let layers = MemoryLayers()
        var process = ProcessConfiguration()
        process.environment = ["PATH=/bin"]
        process.exposedPorts = ["80/tcp"]
        let image = Image(
            [.noise("a", bytes: 300_000), .noise("b", bytes: 10)], ["load/one:1", "load/one:latest"],
            process: process)
        let published = try Self.commit(image, layers, to: engine.socket)
        #expect(published.layersWritten == 2 && published.layersFound == 0)
        #expect(published.bytesWritten > 300_000 && published.manifestDigest == nil)
        #expect(published.location == .engine(reference: nil))
        for name in ["load/one:1", "load/one"] {
            let found = try #require(try Self.inspect(engine, name))
            #expect(found["Id"]?.string == "\(published.imageID)")
            #expect(found["Config"]?["Env"]?.array == ["PATH=/bin"])
            #expect(found["RootFS"]?["Layers"]?.array?.count == 2)
        }
        // Saved again by the engine, the layer is byte for byte what was sent.
        let facts = try #require(layers.knownFacts(of: image.layers[0]))
        let found = try #require(try Self.inspect(engine, "load/one:1"))
        #expect(found["RootFS"]?["Layers"]?.array?.first?.string == "\(facts.diffID)")
    }

    @Test func sendsOnlyTheLayersThatAreMissing() throws {
        let engine = try TestEngine.shared(.docker)
        let layers = MemoryLayers()
        let base = [Layer.noise("base", bytes: 3_000_000), .noise("library", bytes: 2_000_000)]
        let first = Image(base + [.noise("app 1", bytes: 5000)], ["again/app:1"])
        _ = try Self.commit(first, layers, to: engine.socket)

        let scratch = try Scratch()
        let relay = try FaultyEngine(relayTo: engine, in: scratch)
        let second = Image(base + [.noise("app 2", bytes: 5000)], ["again/app:2"])
        let published = try Self.commit(second, layers, to: relay.socket)
        #expect(published.layersWritten == 1 && published.layersFound == 2)
        #expect(layers.made == ["base", "library", "app 1", "app 2"])
        // The same image once more, with another name: no layer at all.
        var third = second
        third.references = [try ImageReference(parsing: "again/app:3")]
        let again = try Self.commit(third, layers, to: relay.socket)
        #expect(again.layersWritten == 0 && again.layersFound == 3 && again.imageID == published.imageID)
        #expect(layers.made.count == 4)

        let counted = try relay.lines().compactMap(Int.init)
        #expect(counted.count >= 2 && counted.allSatisfy { $0 < 30_000 }, "\(counted)")
        #expect(try Self.inspect(engine, "again/app:3")?["RepoTags"]?.array?.count == 2)
    }

    /// Its digest is not known, so nobody can ask whether the engine has it; the layers below it are left out all the same.
    @Test func sendsAColdLayerWhateverTheEngineHas() throws {
        let engine = try TestEngine.shared(.docker)
        let layers = MemoryLayers()
        let image = Image([.noise("cold/a", bytes: 1000), .noise("cold/b", bytes: 1000)], ["cold/app:1"])
        let first = try Self.commit(image, layers, to: engine.socket)
        layers.forget()
        let again = try Self.commit(image, layers, to: engine.socket)
        #expect(again.imageID == first.imageID && again.layersWritten == 2)
    }

    @Test func sendsAllWhenTheEngineRefusesTheShortArchive() throws {
        let engine = try TestEngine.shared(.docker)
        let layers = MemoryLayers()
        let base = Layer.noise("gone/base", bytes: 100_000)
        let first = Image([base], ["gone/app:1"])
        _ = try Self.commit(first, layers, to: engine.socket)
        let scratch = try Scratch()
        // The layers go between the question and the load.
        let relay = try FaultyEngine(
            relayTo: engine,
            command: ["/usr/bin/docker", "--host", engine.host, "image", "rm", "gone/app:1"], in: scratch)
        let second = Image([base, .noise("gone/app", bytes: 1000)], ["gone/app:2"])
        let published = try Self.commit(second, layers, to: relay.socket)
        #expect(published.layersWritten == 2 && published.layersFound == 0)
        #expect(try Self.inspect(engine, "gone/app:1") == nil)
        #expect(try Self.inspect(engine, "gone/app:2")?["Id"]?.string == "\(published.imageID)")
    }

    @Test func leavesNothingWhenCancelledInTheMiddle() throws {
        // One of its own: nothing else may come and go there.
        let engine = try TestEngine(.docker)
        let isCancelled = Atomic(false)
        let layers = MemoryLayers()
        layers.onMaking = { if $0 == "cancel/b" { isCancelled.store(true, ordering: .relaxed) } }
        let image = Image(
            [.noise("cancel/a", bytes: 3_000_000), .noise("cancel/b", bytes: 3_000_000)], ["cancel/app:1"])
        let before = try Directory.names("\(engine.dataDirectory)/tmp").count
        let scratch = try Scratch()
        let relay = try FaultyEngine(relayTo: engine, in: scratch)
        #expect {
            try Self.commit(
                image, layers, to: relay.socket, cancellation: Cancellation { isCancelled.load(ordering: .relaxed) })
        } throws: { error in
            (error as? SystemError)?.errno == .cancelled
        }
        #expect(try Self.inspect(engine, "cancel/app:1") == nil)
        let facts = try #require(layers.knownFacts(of: image.layers[0]))
        #expect(try engine.docker(["image", "ls", "--all", "--quiet"]).code == 0)
        let known = try DockerEngine(EngineAddress(socket: engine.socket)).sharedLayers([facts.diffID])
        #expect(known == 0)
        // The engine sees that the client has gone, and removes what it had unpacked.
        var left = before + 1
        for _ in 0..<100 where left > before {
            left = try Directory.names("\(engine.dataDirectory)/tmp").count
            if left > before { try awaitABit() }
        }
        #expect(left <= before)
    }

    @Test func tellsThatTheEngineDiedInTheMiddle() throws {
        let engine = try TestEngine(.docker)
        let layers = MemoryLayers()
        layers.onMaking = { if $0 == "b" { kill(engine.pid, SIGKILL) } }
        let image = Image([.noise("a", bytes: 3_000_000), .noise("b", bytes: 3_000_000)], ["died/app:1"])
        #expect(throws: EngineError.died(action: "load the image", socket: engine.socket)) {
            try Self.commit(image, layers, to: engine.socket)
        }
    }

    @Test func removesANameAgain() throws {
        let engine = try TestEngine.shared(.docker)
        let image = Image([.noise("rm", bytes: 100)], ["rm/app:1", "rm/app:2"])
        let published = try Self.commit(image, MemoryLayers(), to: engine.socket)
        let client = DockerEngine(EngineAddress(socket: engine.socket))
        #expect(try client.remove("rm/app:1"))
        #expect(try client.image("rm/app:1") == nil)
        #expect(try client.image("rm/app:2")?.id == published.imageID)
        #expect(try client.remove("rm/app:2"))
        #expect(try client.image("\(published.imageID)") == nil)
        #expect(try !client.remove("rm/app:2"))
    }

    @Test func loadsAnImageWithoutName() throws {
        let engine = try TestEngine.shared(.docker)
        let published = try Self.commit(Image([.noise("nameless", bytes: 10)], []), MemoryLayers(), to: engine.socket)
        #expect(try Self.inspect(engine, "\(published.imageID)")?["RepoTags"]?.array == [])
    }

    @Test func loadsAnImageWithoutLayersAndWithAnEmptyLayer() throws {
        let engine = try TestEngine.shared(.docker)
        let image = Image([Layer("nothing", [])], ["empty/app:1"])
        let published = try Self.commit(image, MemoryLayers(), to: engine.socket)
        #expect(published.layersWritten == 1)
    }

    @Test func givesTheNameThatWasAskedFor() throws {
        let engine = try TestEngine.shared(.docker)
        let destination = EngineDestination(
            DockerEngine(EngineAddress(socket: engine.socket)), reference: try ImageReference(parsing: "asked/for:7"))
        try destination.stage(Image([.noise("named", bytes: 10)], ["not/this:1"]), layers: MemoryLayers())
        let published = try destination.commit()
        #expect(published.references.map(\.description) == ["asked/for:7"])
        #expect(try Self.inspect(engine, "asked/for:7") != nil)
        #expect(try Self.inspect(engine, "not/this:1") == nil)
    }

    @Test(arguments: ["0:0", "12345:678"]) func whatIsLoadedRuns(user: String) throws {
        let engine = try TestEngine.shared(.docker)
        let program = try StaticProgram.bytes()
        var process = ProcessConfiguration()
        process.entrypoint = ["/bin/hello"]
        process.command = ["world"]
        process.environment = ["GREETING=good evening"]
        let image = Image(
            [Layer("program", [("bin/hello", 0o755, program)]), .noise("data of run", bytes: 100)], ["run/hello:1"],
            process: process)
        _ = try Self.commit(image, MemoryLayers(), to: engine.socket)
        let outcome = try engine.docker(["run", "--rm", "--network", "none", "--user", user, "run/hello:1"])
        #expect(outcome.code == 0 && outcome.text == "good evening, world: \(user)\n", "\(outcome.errorText)")
    }

    private func awaitABit() throws { _ = try Tool.run(["sleep", "0.05"]) }
}
