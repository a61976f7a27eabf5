// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

@testable import BioOCI

/// Podman's service speaks Docker's API.
@Suite struct PodmanServiceTests {
    @Test func loadsAndRunsAndLoadsAgain() throws {
        let engine = try TestEngine.shared(.podman)
        let client = DockerEngine(EngineAddress(socket: engine.socket))
        #expect(try client.ping(seconds: 30).isPodman)
        var process = ProcessConfiguration()
        process.entrypoint = ["/bin/hello"]
        let base = Layer("program", [("bin/hello", 0o755, try StaticProgram.bytes())])
        let layers = MemoryLayers()
        for number in 1...2 {
            let image = Image(
                [base, .noise("app \(number)", bytes: 100)], ["localhost/pod/app:\(number)"], process: process)
            let destination = EngineDestination(client)
            try destination.stage(image, layers: layers)
            let published = try destination.commit()
            // Podman has no use for an archive that is not whole.
            #expect(published.layersWritten == 2)
            #expect(try client.image("localhost/pod/app:\(number)")?.id == published.imageID)
            let found = try EngineSource(client, name: "localhost/pod/app:\(number)").image()
            #expect(found.layers.map(\.title) == ["program", "app \(number)"])
        }
        let outcome = try engine.podman([
            "run", "--rm", "--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024",
            "localhost/pod/app:2",
        ])
        #expect(outcome.code == 0 && outcome.text == "hello, nobody: 0:0\n", "\(outcome.errorText)")
        #expect(try client.remove("localhost/pod/app:1"))
        #expect(try client.image("localhost/pod/app:1") == nil)
    }
}
