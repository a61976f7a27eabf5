// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

@testable import BioOCI

@Suite struct DockerEngineTests {
    /// The engine's own version, as long as it is one that is known.
    @Test(arguments: [
        ("1.41", "/v1.41/images"), ("1.24", "/v1.24/images"), ("1.99", "/v1.51/images"), ("2.3", "/v2.3/images"),
        ("", "/images"), ("1.x", "/images"), ("../1", "/images"),
    ])
    func asksInTheVersionThatTheEngineAnnounces(version: String, path: String) throws {
        let scratch = try Scratch()
        let engine = try FaultyEngine("no fault", environment: ["API_VERSION": version], in: scratch)
        #expect(try DockerEngine(EngineAddress(socket: engine.socket)).images() == [])
        #expect(try engine.lines() == ["GET /_ping 0", "GET \(path)/json?all=false 0"])
    }

    @Test func saysWhoItIs() throws {
        let engine = try TestEngine.shared(.docker)
        let version = try DockerEngine(EngineAddress(socket: engine.socket)).ping()
        #expect(!version.isPodman && version.server.hasPrefix("Docker/") && version.api?.hasPrefix("1.") == true)
    }

    @Test func givesOneMoreName() throws {
        let engine = try TestEngine.shared(.docker)
        let client = DockerEngine(EngineAddress(socket: engine.socket))
        let destination = EngineDestination(client)
        try destination.stage(Image([.noise("tag", bytes: 10)], ["tag/one"]), layers: MemoryLayers())
        let published = try destination.commit()
        try client.tag("tag/one", as: try ImageReference(parsing: "localhost:5000/tag/two:x"))
        #expect(try client.image("localhost:5000/tag/two:x")?.id == published.imageID)
        #expect(try client.image("tag/one:latest")?.names.count == 2)
        let missing = try ImageReference(parsing: "tag/three")
        #expect(throws: EngineError.self) { try client.tag("tag/none", as: missing) }
    }
}
