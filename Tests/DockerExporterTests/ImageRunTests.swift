// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// Real engines run what was made: redis of the closure maker, as root and as users that no file knows.
@Suite struct ImageRunTests {
    /// Installed redis, and stand-ins that say what they are started with.
    private struct RunWorld: Sendable {
        let root: String
        let keys: String

        static let shared = Result { try RunWorld() }

        private init() throws {
            let closure = try RealClosure.shared.get()
            // Once for all tests, below the world's directory, which goes with it.
            let world = try ImageWorld.shared.get()
            (root, keys) = ("\(world.path)/real", closure.keys)
            try Directory.create(root)
            var bio = BuiltBio(root: root, directory: root, home: root, temporary: world.path, keys: keys)
            func install(_ artifacts: [String]) throws {
                let outcome = try bio.run(["pkg", "install"] + artifacts)
                guard outcome.code == 0 else { throw BuiltBio.Missing(description: outcome.errorText) }
            }
            try install(["redis", "busybox-static", "cacerts"].map { try closure.artifact($0) })
            bio.keys = world.keyDirectory
            try install(
                [Self.packageManager, ImageFixture.libc, ImageFixture.supervisor, ImageFixture.launcher, Self.service]
                    .map {
                        try $0.artifact(in: "\(world.path)/real-artifacts", keys: world.keys)
                    })
        }

        /// Newer than the others' stand-in.
        private static let packageManager = PackageFixture(
            "biome/bio/2.2.0/20260105000000", path: ["bin"],
            files: [
                .init(
                    "bin/bio",
                    """
                    #!/bin/sh
                    echo "$*"
                    echo "$(id -u):$(id -g)"
                    if mkdir -p /hab/svc/x && touch /hab/sup /.hab/cache/keys/x; then echo can write; else echo cannot write; fi
                    if [ -s /etc/ssl/certs/ca-certificates.crt ] || [ -s /etc/ssl/cert.pem ]; then echo certificates; fi

                    """, mode: 0o755)
            ])
        private static let service = PackageFixture(
            "acme/service/1.0/20260105000000", files: [.init("hooks/run", "#!/bin/sh\n", mode: 0o755)])
    }

    private func desk() throws -> ExportDesk {
        let closure = try RunWorld.shared.get()
        var desk = try ExportDesk()
        desk.bio.root = closure.root
        desk.bio.keys = closure.keys
        return desk
    }

    /// Until the server answers, at most ten seconds.
    private func ping(_ engine: TestEngine, _ container: String, port: String = "6379") throws -> String {
        var last = ""
        for _ in 0..<100 {
            last = try engine.docker(["exec", container, "/bin/redis-cli", "-p", port, "ping"]).text
            if last == "PONG\n" { return last }
            try tool("sleep", "0.1")
        }
        return try last + engine.docker(["logs", container]).text
    }

    private func run(_ engine: TestEngine, _ image: String, _ arguments: [String], port: String = "6379") throws {
        let started = try engine.docker(["run", "-d", "--network", "none"] + arguments)
        #expect(started.code == 0, "\(started.errorText)")
        let container = String(started.text.prefix(12))
        #expect(try ping(engine, container, port: port) == "PONG\n", "\(image)")
        // It can write where it works.
        #expect(try engine.docker(["exec", container, "/bin/redis-cli", "-p", port, "save"]).text == "OK\n")
        _ = try engine.docker(["rm", "-f", container])
    }

    @Test func aServerAnswersInTheEngine() throws {
        var desk = try desk()
        let engine = try TestEngine.shared(.docker)
        desk.bio.environment["DOCKER_HOST"] = engine.host
        let outcome = try desk.bio.docker(
            "core/redis", "--runtime", "none", "--program", "redis-server", "--workdir", "/data", "-i", "run/redis",
            "--healthcheck", #"["redis-cli", "ping"]"#)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try run(engine, "as root", ["run/redis"])
        // Arbitrary users are in group 0.
        try run(engine, "as nobody known", ["--user", "8888888", "run/redis"])
        try run(engine, "on a port", ["run/redis", "--port", "7000"], port: "7000")
        let health = try engine.docker(["inspect", "--format", "{{json .Config.Healthcheck.Test}}", "run/redis"])
        #expect(health.text == "[\"CMD\",\"redis-cli\",\"ping\"]\n")
    }

    @Test func anImageSaysWhoRunsIt() throws {
        var desk = try desk()
        let engine = try TestEngine.shared(.docker)
        desk.bio.environment["DOCKER_HOST"] = engine.host
        let outcome = try desk.bio.docker(
            "core/redis", "--runtime", "none", "--entrypoint", "redis-server", "--cmd=--port", "--cmd", "7001",
            "--user", "12345", "--workdir", "/data", "--env", "REDISCLI_AUTH=", "-i", "run/redis-user")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try run(engine, "as 12345", ["run/redis-user"], port: "7001")
        // Group 0 can write below the root directory, as a supervisor needs it.
        try run(
            engine, "below /hab", ["--user", "4711", "run/redis-user", "--port", "7001", "--dir", "/hab"], port: "7001")
    }

    /// A stand-in for the package manager says what it is called with, and does what a supervisor does first.
    @Test(arguments: [
        ([], [], "sup run acme/service", "0:0"), (["--user", "8888888"], [], "sup run acme/service", "8888888:0"),
        (["--user", "hab"], ["--peer", "x"], "sup run acme/service --peer x", "42:42"),
        ([], ["--help"], "sup --help", "0:0"),
    ]) func theSupervisorIsStarted(options: [String], words: [String], said: String, user: String) throws {
        var desk = try desk()
        let engine = try TestEngine.shared(.docker)
        desk.bio.environment["DOCKER_HOST"] = engine.host
        let outcome = try desk.bio.docker("acme/service", "-i", "run/supervisor")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let shown = try engine.docker(["run", "--rm", "--network", "none"] + options + ["run/supervisor"] + words)
        let access = user.hasSuffix(":0") ? "can" : "cannot"
        #expect(shown.text == "\(said)\n\(user)\n\(access) write\ncertificates\n", "\(shown.errorText)")
    }

    @Test func podmanLoadsAndRunsTheArchive() throws {
        let desk = try desk()
        let outcome = try desk.bio.docker(
            "core/redis", "--runtime", "none", "--program", "redis-server", "-i", "run/pod", "-o", "pod.tar")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let podman = [
            "podman", "--root", desk.file("podman"), "--runroot", desk.file("podman-run"), "--storage-driver", "vfs",
            "--cgroup-manager", "cgroupfs", "--runtime", "/usr/sbin/runc",
        ]
        let loaded = try Tool.run(podman + ["load", "-i", desk.work("pod.tar")])
        #expect(loaded.code == 0, "\(loaded.errorText)")
        let shown = try Tool.run(
            podman + [
                "run", "--rm", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024", "--network", "none",
                "--user", "4711", "localhost/run/pod:latest", "--version",
            ])
        #expect(shown.code == 0 && shown.text.contains("Redis server v="), "\(shown.errorText)")
    }
}
