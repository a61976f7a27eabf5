// SPDX-License-Identifier: Apache-2.0

import BioRegistry
import BioSystem
import BioTestSupport
import Testing

@Suite(.timeLimit(.minutes(10))) struct CredentialProgramTests {
    @Test func itKeepsGivesAndForgets() throws {
        let directory = try LoginDirectory()
        try directory.keeper("box")
        let helper = try CredentialProgram("box", in: "/f", directory.settings())
        #expect(try helper.get("https://r.example/v1/") == nil)
        try helper.store(.jo, for: "https://r.example/v1/")
        #expect(try helper.get("https://r.example/v1/") == .jo)
        try helper.store(.identityToken("t0ken"), for: "other.example")
        #expect(try helper.get("other.example") == .identityToken("t0ken"))
        #expect(try helper.erase("https://r.example/v1/"))
        #expect(try helper.get("https://r.example/v1/") == nil)
        #expect(try helper.erase("https://r.example/v1/") == false)
        #expect(try helper.list().map(\.server) == ["one.example", "two.example"])
        // One word, always: what is secret is no argument.
        let calls = try directory.text("asked").split(separator: "\n")
        #expect(calls.count == 10 && calls.allSatisfy { $0.hasSuffix(" 1") })
    }

    @Test func itHasTheVariablesItIsGiven() throws {
        let directory = try LoginDirectory()
        try directory.helper("env", "env > \(directory.file("env")); echo '{\"Username\":\"\",\"Secret\":\"\"}'")
        #expect(try CredentialProgram("env", in: "/f", directory.settings()).get("r.example") == nil)
        #expect(try directory.text("env").contains("PATH=/usr/bin:/bin"))
        #expect(!(try directory.text("env").contains("HOME=")))
    }

    private static let nonsense = CredentialError.helperNonsense("bad", action: "get")

    @Test(arguments: [
        ("echo s3cret", nonsense), ("echo '[]'", nonsense), (":", nonsense), ("printf '\\377'", nonsense),
        (#"echo '{"Username":"jo"}'"#, nonsense), (#"echo '{"Username":1,"Secret":"s3cret"}'"#, nonsense),
        (#"echo '{"Username":"jo","Secret":"s3\ncret"}'"#, nonsense),
        (#"echo '{"Username":"<token>","Secret":"s3 cret"}'"#, nonsense),
        (#"echo '{"Username":"a:b","Secret":"s3cret"}'"#, nonsense),
        ("while :; do echo s3cret; done", nonsense),
        ("echo s3cret; exit 1", .helperFailed("bad", action: "get", code: 1)),
        ("echo s3cret >&2; exit 7", .helperFailed("bad", action: "get", code: 7)),
        ("kill -9 $$", .helperKilled("bad", action: "get", signal: "KILL")),
        ("sleep 60", .helperSlow("bad", action: "get", seconds: 1)),
    ])
    func whatIsWrongIsToldWithoutWhatItPrinted(_ script: String, _ expected: CredentialError) throws {
        let directory = try LoginDirectory()
        try directory.helper("bad", script)
        let helper = try CredentialProgram("bad", in: "/f", directory.settings(seconds: script == "sleep 60" ? 1 : 30))
        let error = #expect(throws: expected) { try helper.get("r.example") }
        #expect(error?.description.contains("docker-credential-bad") == true)
        #expect(error?.hint != nil && !"\(error!)\(error?.hint ?? "")".contains("s3"))
    }

    @Test(arguments: ["", "a/b", "../x", "/bin/sh", ".", "..", "a b", "a\n", "ü", String(repeating: "x", count: 129)])
    func aNameThatLeadsElsewhereIsRefused(_ name: String) throws {
        let error = #expect(throws: CredentialError.self) {
            _ = try CredentialProgram(name, in: "/f", CredentialProgram.Settings())
        }
        #expect(error == .helperName(name, path: "/f") && !"\(error!)".contains("\n"))
    }

    /// Neither a directory that depends on where one stands, nor a file that cannot run.
    @Test func itIsLookedForInAbsoluteDirectories() throws {
        let directory = try LoginDirectory()
        try directory.write("echo", to: "docker-credential-plain")
        #expect(throws: CredentialError.helperMissing("plain")) {
            try CredentialProgram("plain", in: "/f", directory.settings()).get("r.example")
        }
        try directory.keeper("box")
        for path in ["", "relative", ".", ":", "/nowhere"] {
            let settings = CredentialProgram.Settings(searchPath: path, variables: [])
            #expect(throws: CredentialError.helperMissing("box")) {
                try CredentialProgram("box", in: "/f", settings).get("r.example")
            }
        }
    }

    @Test func theWishToEndIsHeard() throws {
        let directory = try LoginDirectory()
        try directory.helper("slow", "sleep 60")
        var settings = directory.settings()
        settings.cancellation = Cancellation { true }
        #expect(throws: CredentialError.cancelled) {
            try CredentialProgram("slow", in: "/f", settings).get("r.example")
        }
    }
}
