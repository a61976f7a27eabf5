// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// With nothing but what comes with `bio`: under its supervisor, and without one.
@Suite(.timeLimit(.minutes(15))) struct DirectApplicationTests {
    /// A container of an image, asked until it answers; at most twenty seconds.
    private func answer(
        _ engine: TestEngine, _ arguments: [String], _ wanted: String, _ words: [String]
    ) throws -> String {
        let started = try engine.docker(["run", "--detach", "--network", "none"] + arguments)
        #expect(started.code == 0, "\(started.errorText)")
        let id = String(started.text.prefix(12))
        defer { _ = try? engine.docker(["rm", "-f", id]) }
        var last = ""
        for _ in 0..<200 {
            last = try engine.docker(["exec", id] + words).text
            if last == wanted { return last }
            usleep(100_000)
        }
        let log = try engine.docker(["logs", id])
        return last + log.text + log.errorText
    }

    @Test func redisRunsUnderTheSupervisorThatComesAlong() throws {
        let engine = try TestEngine.shared(.docker)
        var desk = try ExportDesk.supplied()
        desk.bio.environment["DOCKER_HOST"] = engine.host
        let outcome = try desk.export("port = $PORT\n", options: ["-i", "cf-supplied/redis", "--no-manifest"])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let said = try answer(
            engine, ["--env", "PORT=7001", "cf-supplied/redis:cf-latest"], "PONG\n",
            ["/bin/redis-cli", "-p", "7001", "ping"])
        #expect(said == "PONG\n", "\(said)")
    }

    @Test func redisRunsByItself() throws {
        let engine = try TestEngine.shared(.docker)
        var desk = try ExportDesk.supplied()
        desk.bio.environment["DOCKER_HOST"] = engine.host
        try AtomicFile.write(Array("port = 7002\n".utf8), to: desk.work("u.toml"))
        let outcome = try desk.bio.run([
            "pkg", "export", "cf", "core/redis", "biome/busybox", "--runtime", "direct", "--config", "u.toml", "-i",
            "cf-direct/redis", "--user", "4711",
        ])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let shown = try engine.docker(["image", "inspect", "cf-direct/redis:cf-latest"])
        let config = try #require(try DocumentValue(json: shown.output).array?.first?["Config"])
        #expect(config["Entrypoint"]?.array?.last?.string == "/hab/svc/redis/bio-init.spec")
        #expect(config["Entrypoint"]?.array?.first?.string?.hasSuffix("/bin/bio-init") == true)
        #expect(config["Cmd"]?.array ?? [] == [] && config["User"]?.string == "4711")
        #expect(config["ExposedPorts"]?.object?.members.map(\.key) == ["7002/tcp"])
        for absent in ["cf-init.sh", "cf-render.sh", "init.sh"] {
            let seen = try engine.docker([
                "run", "--rm", "--entrypoint", "test", "cf-direct/redis:cf-latest", "-e", "/\(absent)",
            ])
            #expect(seen.code == 1, "\(absent)")
        }
        let said = try answer(
            engine, ["cf-direct/redis:cf-latest"], "PONG\n", ["/bin/redis-cli", "-p", "7002", "ping"])
        #expect(said == "PONG\n", "\(said)")
        let manifest = try contents(of: desk.work("core-redis-\(try version(desk)).manifest.yml"))
        #expect(!String(decoding: manifest, as: UTF8.self).contains("services:"))
    }

    private func version(_ desk: borrowing ExportDesk) throws -> String {
        let names = try desk.names().filter { $0.hasPrefix("core-redis-") && $0.hasSuffix(".manifest.yml") }
        return names.first.map { String($0.dropFirst("core-redis-".count).dropLast(".manifest.yml".count)) } ?? ""
    }

    @Test(arguments: [
        (["core/redis"], ["--mapping", "PKG MAPPING.toml"]),
        (["core/redis", "m.toml", "--runtime", "direct"], ["--mapping", "nothing is filled", "--config"]),
        (["core/redis", "m.toml", "--config", "m.toml"], ["--config", "add --runtime direct"]),
        (["core/redis", "m.toml", "--bind-address", "a=b:1"], ["--bind-address", "add --runtime direct"]),
        (["core/redis", "--runtime", "direct"], ["run by '/bin/sh', which is not there", "biome/busybox"]),
        (
            ["acme/guestbook", "biome/busybox", "--runtime", "direct"],
            ["'bind.redis.members'", "--bind-address redis=HOST:PORT"]
        ),
    ]) func whatWillNotDoIsRefused(_ arguments: [String], _ reasons: [String]) throws {
        let desk = try ExportDesk.supplied()
        try AtomicFile.write(Array("port = $PORT\n".utf8), to: desk.work("m.toml"))
        let outcome = try desk.bio.run(["pkg", "export", "cf"] + arguments + ["-o", "x.tar"])
        #expect(outcome.code != 0 && outcome.output.isEmpty, "\(outcome.errorText)")
        for reason in reasons + ["hint:"] { #expect(outcome.errorText.contains(reason), "\(outcome.errorText)") }
        #expect(try desk.names() == ["m.toml"])
    }
}
