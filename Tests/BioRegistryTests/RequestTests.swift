// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioHTTP
import BioRegistry
import BioSystem
import BioTestSupport
import Synchronization
import Testing

@Suite struct RequestTests {
    private static let passing: [DocumentValue] = [
        ["do": "answer", "status": 503, "times": 2], ["do": "answer", "status": 429, "headers": ["Retry-After": "1"]],
        ["do": "answer", "status": 500], ["do": "cut"], ["do": "answer", "status": 408], ["do": "cut-answer"],
    ]

    @Test(arguments: passing) func asksAgainWhereThatHelps(fault: DocumentValue) throws {
        let world = try ClientWorld()
        try world.registry.fail(fault)
        #expect(try world.ask().response.status == 404)
        #expect(try world.kinds().count == (fault["times"]?.int ?? 1) + 1)
    }

    @Test func waitsAsLongAsTheRegistryWants() throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": "answer", "status": 429, "headers": ["Retry-After": "1"]])
        let began = ContinuousClock.now
        _ = try world.ask()
        #expect(ContinuousClock.now - began >= .seconds(1))
    }

    @Test func givesUpAtOnceWhereItShouldStayAwayForLong() throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": "answer", "status": 429, "headers": ["Retry-After": "86400"], "times": 0])
        let error = #expect(throws: RegistryError.self) { try world.ask() }
        guard case .refused(_, _, 429, _, _) = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(try world.kinds().count == 1)
    }

    @Test(arguments: [500, 502, 503, 504, 429]) func endsAfterSoMany(status: Int) throws {
        let world = try ClientWorld(retries: 1)
        try world.registry.fail(["do": "answer", "status": .integer(status), "code": "UNKNOWN", "times": 0])
        let error = #expect(throws: RegistryError.self) { try world.ask() }
        guard case .refused(_, "give a manifest", status, _, _) = error else {
            return #expect(Bool(false), "\(error as Any)")
        }
        #expect(try world.kinds().count == 2)
    }

    @Test(arguments: [501, 507]) func doesNotAskAgainWhereThatIsNoUse(status: Int) throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": "answer", "status": .integer(status), "times": 0])
        #expect(throws: RegistryError.self) { try world.ask() }
        #expect(try world.kinds().count == 1)
    }

    @Test(arguments: [400, 403, 404, 405, 413, 416]) func givesAnswersThatSayNo(status: Int) throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": "answer", "status": .integer(status), "code": "DENIED", "times": 0])
        let answer = try world.ask()
        #expect(answer.response.status == status)
        let error = RegistryError.refusal(answer, registry: world.repository.registry, action: "try")
        #expect(error.code == "DENIED")
        #expect(try world.kinds().count == 1)
    }

    @Test func sendsOnceWhatMayNotBeRepeated() throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": "cut", "times": 0])
        #expect(throws: RegistryError.http(.cut(peer: world.registry.host))) {
            _ = try world.ask { $0.isRepeatable = false }
        }
        #expect(try world.kinds().count == 1)
    }

    @Test(arguments: ["babble", "endless"]) func saysWhatIsWrongWithAnAnswer(fault: String) throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": .string(fault), "times": 0])
        let error = #expect(throws: RegistryError.self) { _ = try world.ask { $0.limit = 100_000 } }
        let peer = world.registry.host
        #expect(error == .http(fault == "babble" ? .malformed(peer: peer) : .tooLarge(peer: peer, limit: 100_000)))
    }

    @Test func waitsForASilentRegistryTwice() throws {
        let world = try ClientWorld(stall: 1)
        try world.registry.fail(["do": "stall", "times": 0])
        #expect(throws: RegistryError.http(.stalled(peer: world.registry.host, seconds: 1))) { try world.ask() }
        #expect(try world.kinds().count == 2)
    }

    @Test func endsWhenItIsCancelled() throws {
        let registry = try ScriptedRegistry()
        try registry.fail(["do": "answer", "status": 503, "headers": ["Retry-After": "60"], "times": 0])
        let asked = Atomic(0)
        let settings = RegistrySettings(
            cancellation: Cancellation { asked.add(1, ordering: .relaxed).newValue > 20 })
        let client = RegistryClient(RegistrySession(RegistryHost(registry.host), settings))
        #expect(throws: RegistryError.http(.cancelled)) { try client.ping() }
    }

    @Test func saysThatNobodyIsThere() throws {
        let client = RegistryClient(RegistrySession(RegistryHost("127.0.0.1:1"), RegistrySettings()))
        #expect(throws: RegistryError.http(.notConnected(peer: "127.0.0.1:1", Errno(rawValue: 111)))) {
            try client.ping()
        }
    }

    @Test func showsAWarningOnce() throws {
        let world = try ClientWorld(["warning": "this will end soon"])
        for _ in 0..<3 { _ = try world.ask() }
        #expect(world.warnings.texts.withLock(\.self) == ["this will end soon"])
    }

    // MARK: - Redirections

    @Test(arguments: [301, 302, 303, 307, 308]) func followsWithoutCredentials(status: Int) throws {
        let world = try ClientWorld(["auth": "basic"])
        let blob = try world.put([1, 2, 3])
        try world.registry.fail(["kind": "blob-get", "do": "redirect", "to": "other", "status": .integer(status)])
        #expect(try world.client.content(blob, of: world.repository, what: "blob", limit: 10) == [1, 2, 3])
        let there = try world.registry.state().requests.filter { $0.listener == "other" }
        #expect(there.count == 1 && there[0].headers["authorization"] == nil && there[0].headers["cookie"] == nil)
    }

    @Test func endsARingOfRedirections() throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": "redirect", "to": "loop", "times": 0])
        let error = #expect(throws: RegistryError.self) { try world.ask() }
        guard case .redirect = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(try world.kinds().count == 6)
    }

    @Test(arguments: ["", "ftp://x/", "https://user:secret@x/", "http://[", "mailto:x"])
    func followsNoNonsense(location: String) throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": "redirect", "to": .string(location), "times": 0])
        let error = #expect(throws: RegistryError.self) { try world.ask() }
        guard case .redirect = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(error?.description.contains("secret") == false)
    }

    @Test func speaksHTTPToNoOtherMachine() throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": "redirect", "to": "http://registry.invalid/v2/", "times": 0])
        #expect(throws: RegistryError.plainHTTP(registry: "registry.invalid")) { try world.ask() }
        let there = Request("GET", world.repository, .location("http://registry.invalid/x"), action: "go on")
        #expect(throws: RegistryError.plainHTTP(registry: "registry.invalid")) { try world.client.send(there) }
    }

    @Test func doesNotSendAPostElsewhereUnlessToldToKeepIt() throws {
        let world = try ClientWorld()
        try world.registry.fail(["do": "redirect", "to": "other", "status": 302])
        let answer = try world.client.send(
            Request("POST", world.repository, .path("blobs/uploads/"), action: "begin an upload"))
        #expect(answer.response.status == 302)
        #expect(try world.kinds().count == 1)
    }

    // MARK: - Pushed bodies

    @Test func tellsTheCallerOfAPushedBodyEverything() throws {
        let world = try ClientWorld(["auth": "token"])
        var start = Request("POST", world.repository, .path("blobs/uploads/"), action: "begin an upload")
        start.writes = true
        let location = try #require(try world.client.send(start).response["Location"])
        var patch = Request("PATCH", world.repository, .location(location), action: "upload")
        patch.writes = true
        let piece = [UInt8](repeating: 7, count: 300_000)
        func send() throws -> Int {
            try world.client.send(patch, length: 300_000) { exchange in
                _ = try piece.withUnsafeBytes { try exchange.push($0) }
            }.response.status
        }
        try world.registry.fail(["kind": "upload-patch", "do": "answer", "status": 503])
        #expect(try send() == 503)
        try world.registry.fail(["kind": "upload-patch", "do": "cut", "after": 1000, "keep": false])
        #expect(throws: RegistryError.http(.cut(peer: world.registry.host))) { _ = try send() }
        try world.registry.fail(["kind": "upload-patch", "do": "answer", "status": 401])
        #expect(try send() == 401)
        try world.registry.fail()
        #expect(try send() == 202)
        #expect(try world.registry.state().unfinished == [300_000])
    }
}
