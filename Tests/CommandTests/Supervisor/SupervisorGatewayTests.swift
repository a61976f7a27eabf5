// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Who may ask a supervisor, and what it answers.
@Suite(.timeLimit(.minutes(15))) struct SupervisorGatewayTests {
    @Test func theControlSocketAnswersWhatItKnows() throws {
        let desk = try SupervisorDesk([.service("one")])
        try desk.start("acme/one")
        try desk.wait(for: "started")
        let place = "\(desk.root)/hab/sup/default"
        for line in ["", "x", "{}", "[1]", "{\"command\": \"stop\"}", "{\"command\": 1}"] {
            let answer = try LocalConnection("control", in: place).ask(Array(line.utf8))
            #expect(String(decoding: answer, as: UTF8.self) == "{\"error\":\"no such request\"}")
        }
        // Too long is nothing, and who says nothing keeps nobody waiting.
        #expect(throws: SystemError.self) {
            guard try LocalConnection("control", in: place).ask([UInt8](repeating: 0x20, count: 1 << 20)).isEmpty else {
                return
            }
            throw SystemError("talk to", place, .brokenPipe)
        }
        let said = desk.file("said")
        let silent = try Tool.start(["python3", "-u", "-c", Self.silent, place], output: said)
        defer {
            silent.kill()
            _ = silent.wait()
        }
        try desk.wait("who says nothing") { try desk.text(said).contains("there") }
        #expect(try desk.status("one")["state"] == "up")
        #expect(desk.count("started") == 1)
        #expect(desk.end() == 0)
    }

    private static let silent = """
        import os, socket, sys, time
        os.chdir(sys.argv[1])
        all = [socket.socket(socket.AF_UNIX) for _ in range(40)]
        for one in all: one.connect("control")
        print("there")
        time.sleep(600)
        """

    @Test func strangersMayNotAskIt() throws {
        try #require(geteuid() == 0, "only root can become somebody else")
        let desk = try SupervisorDesk([.service("one")])
        try desk.start("acme/one")
        try desk.wait(for: "started")
        desk.bio.wrapper = ["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups"]
        for words in [
            ["svc", "status"], ["svc", "unload", "acme/one"], ["svc", "load", "acme/one", "--force"], ["sup", "term"],
        ] {
            let outcome = try desk.bio.run(words)
            #expect(
                outcome.code == 1 && outcome.errorText.contains("Permission denied"), "\(words): \(outcome.errorText)")
        }
        let applied = try desk.bio.run("config", "apply", "one.default", "1", "/dev/null")
        #expect(applied.code == 1 && applied.errorText.contains("Permission denied"))
        desk.bio.wrapper = []
        #expect(try desk.status("one")["state"] == "up")
        #expect(desk.end() == 0)
    }

    @Test func probesNeedNoTokenIfThatIsWanted() throws {
        let desk = try SupervisorDesk([.service("one", hooks: ["health-check": "echo secret"])])
        desk.bio.environment["HAB_LISTEN_HTTP"] = "127.0.0.1:0"
        desk.bio.environment["BIO_HTTP_OPEN_HEALTH"] = "1"
        try desk.start("acme/one")
        try desk.wait(for: "Health is OK")
        let line = try #require(desk.output.split(separator: "\n").first { $0.contains("http-gateway on ") })
        let address = try #require(line.split(separator: " ").last)
        func ask(_ path: String) throws -> String {
            try Tool.run(["curl", "-sS", "-w", " %{http_code}", "http://\(address)\(path)"]).text
        }
        #expect(try ask("/services/one/default/health") == "{\"status\":\"OK\"}\n 200")
        #expect(try ask("/").hasSuffix(" 200"))
        for path in ["/services", "/services/one/default", "/services/one/default/health/x"] {
            #expect(try ask(path).hasSuffix(" 401"))
        }
        #expect(desk.end() == 0)
    }

    @Test func theGatewayTellsWhoHasTheToken() throws {
        let desk = try SupervisorDesk([.service("one", hooks: ["health-check": "echo so-so; exit 2"])])
        try desk.start("acme/one", "--listen-http", "127.0.0.1:0")
        try desk.wait(for: "Health is CRITICAL")
        let line = try #require(desk.output.split(separator: "\n").first { $0.contains("http-gateway on ") })
        let address = try #require(line.split(separator: " ").last)
        let file = "\(desk.root)/hab/sup/default/HTTP_TOKEN"
        #expect(try FileStatus.of(file)?.mode == 0o600)
        let token = try desk.text(file).filter { !$0.isNewline }
        func ask(_ path: String, _ token: String?) throws -> String {
            let header = token.map { ["-H", "Authorization: Bearer \($0)"] } ?? []
            return try Tool.run(["curl", "-sS", "-w", " %{http_code}", "http://\(address)\(path)"] + header).text
        }
        for wrong in [nil, "", "x", token + "x", String(token.dropLast())] {
            #expect(try ask("/services", wrong).hasSuffix(" 401"))
        }
        #expect(try ask("/services", token).contains("\"service_group\":\"one.default\""))
        let health = try ask("/services/one/default/health", token)
        #expect(health == "{\"status\":\"CRITICAL\",\"stdout\":\"so-so\\n\",\"stderr\":\"\"}\n 503")
        #expect(try ask("/services/none/default/health", token).hasSuffix(" 404"))
        #expect(try ask("/butterfly", token).contains("there is no ring"))
        #expect(desk.end() == 0)
    }

    /// More than are listened to at once, and none says a word.
    @Test func strangersDoNotKeepAnybodyOut() throws {
        let desk = try SupervisorDesk([.service("one")])
        desk.bio.environment["HAB_SUP_GATEWAY_AUTH_TOKEN"] = "0123456789abcdef"
        try desk.start("acme/one", "--listen-http", "127.0.0.1:0")
        try desk.wait(for: "started")
        let line = try #require(desk.output.split(separator: "\n").first { $0.contains("http-gateway on ") })
        let address = try #require(line.split(separator: " ").last)
        let said = desk.file("said")
        let silent = try Tool.start(["python3", "-u", "-c", Self.strangers, String(address)], output: said)
        defer {
            silent.kill()
            _ = silent.wait()
        }
        try desk.wait("the strangers") { try desk.text(said).contains("there") }
        let before = MonotonicClock.nanoseconds
        #expect(try desk.status("one")["state"] == "up")
        // They are given up after 5 s, and this does not take so long.
        #expect(MonotonicClock.nanoseconds - before < 4_000_000_000)
        let answer = try Tool.run([
            "curl", "-sS", "-w", " %{http_code}", "-H", "Authorization: Bearer 0123456789abcdef",
            "http://\(address)/services",
        ])
        #expect(answer.text.hasPrefix("[{") && answer.text.hasSuffix(" 200"), "\(answer)")
        try desk.wait("their end") { try desk.text(said).contains("gone") }
        #expect(desk.end() == 0)
    }

    private static let strangers = """
        import socket, sys
        host, port = sys.argv[1].rsplit(":", 1)
        all = [socket.create_connection((host, int(port))) for _ in range(64)]
        print("there")
        for one in all:
            one.settimeout(120)
            try:
                one.recv(1)
            except ConnectionResetError:
                pass
        print("gone")
        """

    @Test func theTokenMayBeAVariableAndIsNotInherited() throws {
        let desk = try SupervisorDesk([.service("one", run: "env; \(PackageFixture.patient)")])
        desk.bio.environment["HAB_SUP_GATEWAY_AUTH_TOKEN"] = "0123456789abcdef"
        desk.bio.environment["OTHER"] = "inherited"
        try desk.start("acme/one", "--listen-http", "127.0.0.1:0")
        try desk.wait(for: "started")
        #expect(desk.count("OTHER=inherited") == 1 && !desk.output.contains("0123456789abcdef"))
        #expect(try FileStatus.of("\(desk.root)/hab/sup/default/HTTP_TOKEN") == nil)
        #expect(desk.end() == 0)
    }
}
