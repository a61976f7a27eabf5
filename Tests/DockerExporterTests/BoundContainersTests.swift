// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Redis, nginx and a page between them, each in a container of its own, by their names in a network of the engine: with a
/// supervisor in each, and without.
@Suite(.timeLimit(.minutes(15))) struct BoundContainersTests {
    enum Runtime: String, CaseIterable, Sendable {
        case supervisor, direct
    }

    private static let binds = [
        "redis": [], "page": ["--bind-address", "redis=redis:6379"], "nginx": ["--bind-address", "app=page:8080"],
    ]

    /// Exports the three; where binds lead is said now, or to the supervisor when it starts.
    private func export(_ runtime: Runtime, to engine: TestEngine, _ more: [String: [String]] = [:]) throws {
        var desk = try ExportDesk(try RealServices.world.get())
        desk.bio.environment["DOCKER_HOST"] = engine.host
        for (name, binds) in Self.binds {
            let words = runtime == .direct ? binds + more[name, default: []] : []
            let made = try desk.bio.docker(
                [
                    name == "page" ? "acme/page" : "core/\(name)", "core/busybox-static", "--runtime", runtime.rawValue,
                    "-i", "bound-\(runtime)/\(name)",
                ] + words)
            #expect(made.code == 0, "\(made.errorText)")
        }
    }

    /// The three containers, each waited for: nginx looks for the page when it starts, the page for redis.
    private func start(_ runtime: Runtime) throws -> ContainerNetwork {
        let engine = try TestEngine.shared(.docker)
        try export(runtime, to: engine)
        let network = try ContainerNetwork(engine, "bound-\(runtime)")
        for name in ["redis", "page", "nginx"] {
            try network.run(name, "bound-\(runtime)/\(name)", runtime == .supervisor ? Self.binds[name] ?? [] : [])
            switch name {
            case "redis": try network.wait("redis") { try network.exec("redis", "redis-cli", "ping").text == "PONG\n" }
            case "page": try network.wait("the page") { try answer(network, "page", 8080).contains("hello, says 42\n") }
            default: try network.wait("nginx") { try answer(network, "nginx", 8000).contains("hello, says 42\n") }
            }
        }
        return network
    }

    private func answer(_ network: ContainerNetwork, _ name: String, _ port: Int) throws -> String {
        let url = "http://\(try network.address(name)):\(port)\(RealServices.path)"
        return try Tool.run(["curl", "--silent", "--include", "--max-time", "20", url]).text
    }

    @Test(arguments: Runtime.allCases) func theyFindEachOtherByTheirNames(_ runtime: Runtime) throws {
        let network = try start(runtime)
        #expect(try answer(network, "nginx", 8000).contains("X-Served-By: nginx\r\n"))
        // What is changed in redis is what nginx answers.
        #expect(try network.exec("redis", "redis-cli", "set", "greeting", "changed").text == "OK\n")
        #expect(try answer(network, "nginx", 8000).hasSuffix("changed, says 42\n"))

        // From outside: who runs, and as whom.
        let first = runtime == .direct ? "bio-init 0" : "bio 0"
        let expected = [
            "redis": [first, "redis-server 42"], "page": [first, "httpd 42"], "nginx": [first, "nginx 0", "nginx 84"],
        ]
        for (name, processes) in expected {
            // A hook may be running just now.
            try network.wait("\(processes)") { try network.processes(name).map(\.description).sorted() == processes }
        }
        // An orphan is adopted and reaped by the first process.
        _ = try network.exec("page", "sh", "-c", "sleep 5 >/dev/null 2>&1 &")
        try network.wait("the orphan") { try network.processes("page").contains { $0.name == "sleep" } }
        try network.wait("its end") { try !network.processes("page").contains { $0.name == "sleep" } }

        // Each ends by its package's signal, and so does its container; a server that knows none ends by that.
        for (name, code, line) in [
            ("nginx", 0, "signal 3 (SIGQUIT) received"), ("page", runtime == .direct ? 143 : 0, ""),
            ("redis", 0, "Received SIGTERM scheduling shutdown"),
        ] {
            #expect(try network.stop(name) == code, "\(name)")
            let log = try network.log(name)
            #expect(line.isEmpty || log.contains(line), "\(name): \(log)")
        }
    }

    @Test func aSupervisedNginxIsConfiguredAnew() throws {
        let network = try start(.supervisor)
        func nginx() throws -> [ContainerNetwork.Member] {
            try network.processes("nginx").filter { $0.name == "nginx" && $0.user == 0 }
        }
        let before = try nginx()
        let applied = try network.exec("nginx", "sh", "-c", "echo 'name = \"edge\"' | bio config apply nginx.default 1")
        #expect(applied.code == 0 && applied.errorText.contains("is applied"), "\(applied.errorText)")
        #expect(!applied.errorText.contains("no supervisor"))
        try network.wait("the new name") { try answer(network, "nginx", 8000).contains("X-Served-By: edge\r\n") }
        #expect(before.count == 1)
        #expect(try nginx().map(\.pid) == before.map(\.pid))
        // A page that has died comes back by itself, and nginx finds it again.
        let page = try #require(try network.processes("page").first { $0.name == "httpd" })
        kill(page.pid, SIGKILL)
        try network.wait("the page") {
            try network.processes("page").contains { $0.name == "httpd" && $0.pid != page.pid }
        }
        try network.wait("the answer") { try answer(network, "nginx", 8000).contains("hello, says 42\n") }
    }

    /// Without a supervisor the container ends as its service does.
    @Test func whatEndsWithoutASupervisorEndsItsContainer() throws {
        let network = try start(.direct)
        let redis = try #require(try network.processes("redis").first { $0.name == "redis-server" })
        kill(redis.pid, SIGKILL)
        try network.wait("the end of redis") { try network.exitCode("redis") == 128 + Int(SIGKILL) }
        // The page answers on, without a greeting; a second one does not get through its init hook.
        #expect(try answer(network, "nginx", 8000).hasSuffix("\r\n\r\n, says 42\n"))
        try network.run("late", "bound-direct/page")
        try network.wait("the end of the second page") { try network.exitCode("late") == 1 }
        #expect(try network.log("late").contains("Could not connect to Redis"))
        // Nginx does not start when nobody knows the page's name.
        #expect(try network.stop("page") == 143)
        try network.run("later", "bound-direct/nginx")
        try network.wait("the end of the second nginx") { try network.exitCode("later") == 1 }
        #expect(try network.log("later").contains("host not found in upstream \"page:8080\""))
    }
}
