// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Real engines run services: redis without a supervisor, an application that is bound to it, and both under the supervisor
/// that comes with `bio`.
@Suite(.timeLimit(.minutes(15))) struct ServiceRunTests {
    /// Redis and a shell of the closure maker, and an application that keeps a greeting in redis. No base package is among
    /// them.
    private static let world = Result {
        let closure = try RealClosure.shared.get()
        let real = try ["redis", "busybox-static", "cacerts"].map { try closure.artifact($0) }
        return try ExportWorld(on: real, keys: closure.keys) { root in
            let redis = try closure.ident("redis")
            let needed = try String(decoding: contents(of: "\(root)/hab/pkgs/\(redis)/TDEPS"), as: UTF8.self)
            var greeter = PackageFixture(
                "acme/greeter/1.0/20260107000000", tdeps: [redis] + needed.split(separator: "\n").map(String.init),
                files: [
                    .init("default.toml", "greeting = \"hello\"\n"),
                    .init(
                        "hooks/run",
                        """
                        #!/bin/sh
                        while :; do
                            redis-cli -h {{bind.redis.first.sys.ip}} -p {{bind.redis.first.cfg.port}} \\
                                set greeting "{{cfg.greeting}} as $(id -u)" >/dev/null
                            sleep 0.2
                        done

                        """, mode: 0o755),
                ])
            greeter.metafiles = [
                "BINDS": "redis=port\n", "SVC_USER": "hab\n", "SVC_GROUP": "hab\n", "DEPS": "\(redis)\n",
            ]
            return [greeter]
        }
    }

    /// A container, gone with the test.
    private struct Container: ~Copyable {
        let engine: TestEngine
        let id: String

        init(_ engine: TestEngine, _ arguments: [String]) throws {
            let started = try engine.docker(["run", "--detach"] + arguments)
            #expect(started.code == 0, "\(started.errorText)")
            self.engine = engine
            id = String(started.text.prefix(12))
        }

        deinit { _ = try? engine.docker(["rm", "-f", id]) }

        func exec(_ words: String...) throws -> String { try engine.docker(["exec", id] + words).text }

        /// Until a program in it says so, at most twenty seconds.
        func wait(for wanted: String, _ words: String...) throws {
            var last = ""
            for _ in 0..<200 {
                last = try engine.docker(["exec", id] + words).text
                if last == wanted { return }
                usleep(100_000)
            }
            let log = try engine.docker(["logs", id])
            Issue.record("\(words) says \(last), not \(wanted): \(log.text)\(log.errorText)")
        }

        /// Ends it as an engine does; its exit code.
        func stop() throws -> String {
            _ = try engine.docker(["stop", id])
            return try engine.docker(["inspect", "--format", "{{.State.ExitCode}}", id]).text
        }
    }

    private func desk(_ engine: TestEngine) throws -> ExportDesk {
        var desk = try ExportDesk(try Self.world.get())
        desk.bio.environment["DOCKER_HOST"] = engine.host
        return desk
    }

    @Test func twoServicesFindEachOtherWithoutASupervisor() throws {
        let engine = try TestEngine.shared(.docker)
        let desk = try desk(engine)
        try AtomicFile.write(Array("port = 7000\n".utf8), to: desk.work("redis.toml"))
        for line in [
            ["core/redis", "--config", "redis.toml", "-i", "direct/redis"],
            ["acme/greeter", "--bind-address", "redis=127.0.0.1:7000", "-i", "direct/greeter"],
        ] {
            let outcome = try desk.bio.docker(line + ["core/busybox-static", "--runtime", "direct"])
            #expect(outcome.code == 0, "\(outcome.errorText)")
        }
        let redis = try Container(engine, ["--network", "none", "direct/redis"])
        try redis.wait(for: "PONG\n", "/bin/redis-cli", "-p", "7000", "ping")
        let greeter = try Container(engine, ["--network", "container:\(redis.id)", "direct/greeter"])
        try redis.wait(for: "hello as 42\n", "/bin/redis-cli", "-p", "7000", "get", "greeting")

        // The first process is the small one, and the service is its user's.
        #expect(try redis.exec("cat", "/proc/1/comm") == "bio-init\n")
        #expect(try redis.exec("stat", "-c", "%u:%g", "/hab/svc/redis/data") == "42:42\n")
        #expect(try redis.exec("redis-cli", "-p", "7000", "save") == "OK\n")
        #expect(
            try redis.exec("sh", "-c", "grep VmRSS /proc/1/status | tr -dc 0-9 | xargs test 3072 -gt && echo small")
                == "small\n")
        // Redis ends well when it is asked to; a loop of a shell ends by the signal.
        #expect(try greeter.stop() == "143\n")
        #expect(try redis.stop() == "0\n")
    }

    @Test func theSupervisorThatComesAlongRunsThem() throws {
        let engine = try TestEngine.shared(.docker)
        let desk = try desk(engine)
        let outcome = try desk.bio.docker("core/redis", "acme/greeter", "-i", "supervised/redis")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let container = try Container(engine, ["--network", "none", "supervised/redis"])
        try container.wait(for: "PONG\n", "/bin/redis-cli", "ping")
        let loaded = try engine.docker(
            ["exec", container.id, "bio", "svc", "load", "acme/greeter", "--bind", "redis:redis.default"])
        #expect(loaded.code == 0, "\(loaded.errorText)")
        try container.wait(for: "hello as 42\n", "/bin/redis-cli", "get", "greeting")
        let applied = try container.exec(
            "sh", "-c", "echo 'greeting = \"good evening\"' | bio config apply greeter.default 1 2>&1")
        #expect(applied.contains("is applied"), "\(applied)")
        try container.wait(for: "good evening as 42\n", "/bin/redis-cli", "get", "greeting")
        #expect(try container.stop() == "0\n")
    }

    /// By the names of the original's programs.
    @Test func theSupervisorHasItsNames() throws {
        let engine = try TestEngine.shared(.docker)
        let desk = try desk(engine)
        let outcome = try desk.bio.docker("core/redis", "-i", "supervised/names")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let package = try #require(
            try Directory.names("\(desk.bio.root)/hab/pkgs/biome/bio/0.1.0").first.map {
                String(decoding: $0, as: UTF8.self)
            })
        for name in ["bio-sup", "bio-launch"] {
            let shown = try engine.docker([
                "run", "--rm", "--network", "none", "--entrypoint", "/hab/pkgs/biome/bio/0.1.0/\(package)/bin/\(name)",
                "supervised/names", "run", "--help",
            ])
            #expect(shown.code == 0 && shown.text.contains("bio sup run [OPTIONS] [PKG]"), "\(shown.errorText)")
        }
    }
}
