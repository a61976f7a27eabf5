// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Redis, nginx and a page between them from one tar, under one supervisor, bound to each other.
@Suite(.timeLimit(.minutes(15))) struct BoundServicesTests {
    private static let url = "http://127.0.0.1:8000\(RealServices.path)"

    /// All three, exported and started: redis first, then what is bound to it.
    private func start() throws -> FreshRoot {
        try #require(geteuid() == 0, "only root enters another root")
        let desk = try ExportDesk(try RealServices.world.get())
        let made = try desk.bio.export(
            "core/redis", "core/nginx", "acme/page", "core/busybox-static", "-o", "x.tar", "--compression", "none")
        #expect(made.code == 0, "\(made.errorText)")
        let root = try FreshRoot("x.tar", of: desk, running: "core/redis")
        // Loaded in the wrong order: nginx waits for the page.
        for words in [["core/nginx", "--bind", "app:page.default"], ["acme/page", "--bind", "redis:redis.default"]] {
            let loaded = try root.run(["bio", "svc", "load"] + words)
            #expect(loaded.code == 0 && !loaded.errorText.contains("no supervisor"), "\(loaded.errorText)")
        }
        try root.wait(Self.url, for: "hello, says 42\n")
        return root
    }

    /// The process of a service, as the supervisor counts.
    private func pid(_ service: String, _ root: FreshRoot) throws -> Int {
        let status = try root.run(["bio", "svc", "status", service, "--format", "json"])
        return try #require(try DocumentValue(json: status.text)["services"]?.array?.first?["pid"]?.int)
    }

    private func apply(_ line: String, _ service: String, _ version: Int, _ root: FreshRoot) throws {
        let applied = try root.run(["sh", "-c", "echo '\(line)' | bio config apply \(service).default \(version)"])
        #expect(applied.code == 0 && applied.errorText.contains("is applied"), "\(applied.errorText)")
    }

    @Test func nginxIsConfiguredAnewAsTheSameProcess() throws {
        let root = try start()
        #expect(try root.answer(Self.url).contains("X-Served-By: nginx\r\n"))
        let before = try pid("core/nginx", root)
        try apply("name = \"edge\"", "nginx", 1, root)
        try root.wait(Self.url, for: "X-Served-By: edge\r\n")
        #expect(try root.answer(Self.url).hasSuffix("hello, says 42\n"))
        #expect(root.output.contains("signal 1 (SIGHUP) received"))
        // Nginx refuses that, and goes on with what it has.
        try apply("name = \"broken\"\nworkers = \"many\"", "nginx", 2, root)
        try root.wait(forOutput: "the reload hook failed")
        #expect(root.output.contains("invalid value in /hab/svc/nginx/config/nginx.conf:2"))
        #expect(try root.answer(Self.url).contains("X-Served-By: edge\r\n"))
        try apply("name = \"mended\"", "nginx", 3, root)
        try root.wait(Self.url, for: "X-Served-By: mended\r\n")
        #expect(try pid("core/nginx", root) == before)
        #expect(root.end() == 0)
    }

    /// What is bound learns of the other side's end, of its return, and of its new port.
    @Test func whatIsBoundFollowsTheOther() throws {
        let root = try start()
        let nginx = try pid("core/nginx", root)
        #expect(try root.run(["bio", "svc", "stop", "acme/page"]).code == 0)
        try root.wait(forOutput: "no live upstreams") { _ = try root.answer(Self.url) }
        #expect(try root.answer(Self.url).hasPrefix("HTTP/1.1 502 "))
        #expect(try root.run(["bio", "svc", "start", "acme/page"]).code == 0)
        try root.wait(Self.url, for: "hello, says 42\n")
        let redis = try pid("core/redis", root)
        try apply("port = 7000", "redis", 1, root)
        try root.wait("redis at its new port") { try root.run(["redis-cli", "-p", "7000", "ping"]).text == "PONG\n" }
        try apply("greeting = \"moved\"\nport = 9000", "page", 1, root)
        try root.wait(Self.url, for: "moved, says 42\n")
        #expect(try pid("core/redis", root) != redis)
        #expect(try pid("core/nginx", root) == nginx)
        #expect(try root.run(["redis-cli", "-p", "7000", "get", "greeting"]).text == "moved\n")
        #expect(root.end() == 0)
    }

    @Test func everyProcessIsItsUsersAndEndsByItsSignal() throws {
        let root = try start()
        try root.wait("three processes") { try Process.children(of: root.pid).count == 3 }
        let services = try Process.children(of: root.pid)
        // The first process of nginx is root's, so that it may listen anywhere.
        let users = ["httpd 42", "nginx 0", "nginx 42", "redis-server 42"]
        try root.wait("\(users)") {
            try services.flatMap { try [$0] + Process.children(of: $0) }.map {
                "\(Process.name($0) ?? "?") \(Process.user($0).map(String.init) ?? "?")"
            }.sorted() == users
        }
        // An orphan is adopted and reaped.
        _ = try root.run(["sh", "-c", "sleep 5 >/dev/null 2>&1 &"])
        try root.wait("the orphan") { try Process.children(of: root.pid).count == 4 }
        try root.wait("its end") { try Process.children(of: root.pid).count == 3 }
        #expect(root.end() == 0)
        for pid in services { #expect(Process.name(pid) == nil) }
        for line in [
            "signal 3 (SIGQUIT) received", "Received SIGTERM scheduling shutdown",
            "nginx.default(SV): Stopped: exit code 0",
            "redis.default(SV): Stopped: exit code 0", "page.default(SV): Stopped: killed by SIGTERM",
        ] { #expect(root.output.contains(line), "\(line): \(root.output)") }
    }
}
