// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

@testable import BioOCI

@Suite struct EngineSourceTests {
    private static func source(_ engine: TestEngine, _ name: String? = nil) -> EngineSource {
        EngineSource(DockerEngine(EngineAddress(socket: engine.socket)), name: name)
    }

    @Test func readsWhatWasLoaded() throws {
        let engine = try TestEngine.shared(.docker)
        var process = ProcessConfiguration()
        process.user = "42:42"
        process.environment = ["A=b"]
        process.entrypoint = ["/init"]
        process.command = ["run"]
        process.workingDirectory = "/srv"
        process.volumes = ["/data"]
        process.exposedPorts = ["80/tcp"]
        process.labels = ["one": "1"]
        process.stopSignal = "SIGINT"
        process.healthCheck = .init(test: ["CMD", "true"], interval: 5, timeout: 2, startPeriod: 1, retries: 3)
        let package = Layer.noise("acme/app/1.0/20260101000000", bytes: 2000)
        let merged = Layer(
            title: "base packages", packages: ["acme/a/1/20260101000000", "acme/b/1/20260101000000"], key: nil,
            members: Layer.noise("base", bytes: 500).members)
        let image = Image([merged, package, .noise("root filesystem", bytes: 10)], ["source/app:1"], process: process)
        let destination = EngineDestination(DockerEngine(EngineAddress(socket: engine.socket)))
        let layers = MemoryLayers()
        try destination.stage(image, layers: layers)
        let published = try destination.commit()

        let found = try Self.source(engine, "source/app:1").image()
        #expect(found.imageID == published.imageID && found.names == ["source/app:1"] && found.manifest == nil)
        #expect(found.configuration.process == process)
        #expect(found.configuration.platform == image.platform)
        #expect(found.configuration.created == "2020-01-01T00:00:00Z" && found.configuration.author == nil)
        #expect(found.layers.map(\.title) == ["base packages", "acme/app/1.0/20260101000000", "root filesystem"])
        #expect(
            found.layers.map(\.packages) == [
                ["acme/a/1/20260101000000", "acme/b/1/20260101000000"], ["acme/app/1.0/20260101000000"], [],
            ])
        #expect(found.layers.map(\.diffID) == image.layers.compactMap { layers.knownFacts(of: $0)?.diffID })
        #expect(try #require(found.countedSize) >= 2510)
        #expect(Self.source(engine, "source/app:1").openLayer(found.layers[0]) == nil)
        #expect(try Self.source(engine).images().contains(found))
    }

    @Test func readsAnImageOfSomebodyElse() throws {
        let engine = try TestEngine.shared(.docker)
        let scratch = try Scratch()
        let layer = try scratch.write(try tar(of: []), to: "layer.tar")
        let change = ["--change", "CMD [\"sh\"]", "--change", "LABEL a=b"]
        let outcome = try engine.docker(["image", "import"] + change + ["-m", "by hand", layer, "foreign/import:1"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let found = try Self.source(engine, "foreign/import:1").image()
        #expect(found.configuration.process.command == ["sh"] && found.configuration.process.labels["a"] == "b")
        #expect(found.layers.count == 1 && found.layers[0].packages == [])
        // Found by its id as well.
        #expect(try Self.source(engine, "\(found.imageID)").image() == found)
    }

    @Test func saysWhichImagesThereAre() throws {
        let engine = try TestEngine(.docker)
        #expect(throws: EngineError.unnamed(count: 0, known: [])) { try Self.source(engine).image() }
        #expect(throws: EngineError.noImage(name: "a/b", known: [])) { try Self.source(engine, "a/b").image() }
        let destination = EngineDestination(DockerEngine(EngineAddress(socket: engine.socket)))
        try destination.stage(Image([.noise("a", bytes: 10)], ["only/one:1"]), layers: MemoryLayers())
        let published = try destination.commit()
        #expect(try Self.source(engine).image().imageID == published.imageID)
        #expect(throws: EngineError.noImage(name: "a/b:none", known: ["only/one:1"])) {
            try Self.source(engine, "a/b:none").image()
        }
    }
}
