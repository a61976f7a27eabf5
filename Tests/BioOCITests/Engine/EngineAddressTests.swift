// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioOCI

@Suite struct EngineAddressTests {
    @Test func readsTheHost() throws {
        #expect(try EngineAddress(dockerHost: nil).socket == "/var/run/docker.sock")
        #expect(try EngineAddress(dockerHost: "").socket == "/var/run/docker.sock")
        #expect(try EngineAddress(dockerHost: "unix:///run/user/1/docker.sock").socket == "/run/user/1/docker.sock")
        #expect("\(EngineAddress(socket: "/x"))" == "unix:///x")
    }

    @Test(arguments: ["tcp://localhost:2375", "ssh://me@there", "/var/run/docker.sock", "unix://x", "unix://", "fd://"])
    func refusesOtherHosts(text: String) {
        #expect(throws: EngineError.unsupportedHost(text)) { try EngineAddress(dockerHost: text) }
    }

    @Test func readsTheTimeout() throws {
        #expect(try EngineLimits(timeout: nil) == EngineLimits(answer: 30, work: 300))
        #expect(try EngineLimits(timeout: "3600") == EngineLimits(answer: 30, work: 3600))
        #expect(try EngineLimits(timeout: "5") == EngineLimits(answer: 5, work: 5))
        for text in ["0", "x", "-1", "1.5", "86401", "5s"] {
            #expect(throws: EngineError.badTimeout(text)) { try EngineLimits(timeout: text) }
        }
    }

    @Test func escapesNames() {
        #expect(DockerEngine.escaped("localhost:5000/a/b_c-d.e@sha256:0f") == "localhost:5000/a/b_c-d.e@sha256:0f")
        #expect(DockerEngine.escaped("a b?c#d%ü") == "a%20b%3Fc%23d%25%C3%BC")
    }
}
