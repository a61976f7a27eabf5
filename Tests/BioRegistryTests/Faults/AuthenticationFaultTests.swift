// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioRegistry
import BioTestSupport
import Testing

/// Who is let in, and what token servers do wrong.
@Suite(.timeLimit(.minutes(15))) struct AuthenticationFaultTests {
    @Test(arguments: ["basic", "token"]) func theRightPasswordIsLetIn(authentication: String) throws {
        let bed = try PushBed(["auth": .string(authentication)])
        try bed.push()
        try bed.expectThere()
        // Tokens are fetched for what is to be done, and not for each request.
        #expect(try bed.registry.state().requests("token").count <= (authentication == "token" ? 2 : 0))
    }

    /// Tokens that are good for a few requests: in the middle of an upload, too.
    @Test(arguments: 2...6) func aTokenThatRunsOutIsFetchedAgain(uses: Int) throws {
        var bed = try PushBed(["auth": "token", "token-uses": .integer(uses)])
        bed.settings.connections = 1
        try bed.push()
        try bed.expectThere()
        #expect(try bed.registry.state().requests("token").count > 1)
    }

    @Test func aTokenThatRunsOutInTheMiddleCostsNoBytes() throws {
        var bed = try PushBed(["auth": "token", "token-uses": 3])
        bed.settings.connections = 1
        try bed.registry.fail(["kind": "upload-put", "do": "cut", "after": 100_000])
        try bed.push()
        try bed.expectThere()
        #expect(try bed.registry.state().uploadedBytes == PushBed.bytes)
    }

    @Test func aTokenIsFetchedAgainBeforeItsTime() throws {
        let bed = try PushBed(["auth": "token", "token-seconds": 1])
        try bed.push()
        try bed.expectThere()
    }

    static let lies: [DocumentValue] = [
        ["do": "answer", "body": "{"], ["do": "answer", "body": "[]"], ["do": "answer", "body": "{}"],
        ["do": "answer", "body": #"{"token": ""}"#], ["do": "answer", "body": #"{"token": 7}"#],
        ["do": "answer", "body": #"{"token": "a\r\nX-Evil: 1"}"#], ["do": "answer", "body": #"{"token": "a b"}"#],
        ["do": "answer", "status": 401], ["do": "answer", "status": 403], ["do": "answer", "status": 404],
        ["do": "answer", "status": 500], ["do": "endless"], ["do": "babble"], ["do": "cut"], ["do": "stall"],
        ["do": "redirect", "to": "loop"],
    ]

    @Test(arguments: lies.indices) func aTokenServerThatGivesNoneIsTold(index: Int) throws {
        var bed = try PushBed(["auth": "token"])
        bed.settings.connections = 1
        bed.settings.retries = 1
        var fault = try #require(Self.lies[index].object)
        fault.append("listener", "tokens")
        fault.append("times", 0)
        try bed.registry.fail(.object(fault))
        _ = try bed.failure()
        #expect(try bed.registry.state().requests("token").count <= 4, "\(Self.lies[index])")
        try bed.registry.fail()
        try bed.push()
        try bed.expectThere()
    }

    /// How long a token is good is a claim.
    @Test(arguments: ["-5", "0", "1e300", "99999999999999999999", "\"soon\"", "null", "{}"])
    func anOddLifetimeDoesNoHarm(seconds: String) throws {
        let bed = try PushBed(["auth": "token"])
        let body = #"{"token": "n0-such-t0ken", "expires_in": \#(seconds)}"#
        try bed.registry.fail(["listener": "tokens", "do": "answer", "body": .string(body), "times": 0])
        #expect(try bed.failure().name == "unauthorized")
        #expect(try bed.registry.state().requests.count < 40)
    }

    /// Challenges that nobody can do anything with.
    @Test(arguments: [
        "Bearer", "Bearer realm=", "Bearer realm=\"", "Bearer realm=\"ftp://x/\"", "Bearer realm=\"http://[\"",
        "Negotiate", "Digest realm=\"x\", nonce=\"y\"", ",,,=", String(repeating: "Basic ", count: 5000),
    ]) func aChallengeThatIsNoneIsTold(text: String) throws {
        let bed = try PushBed()
        try bed.registry.fail([
            "kind": "blob-head", "do": "answer", "status": 401, "headers": ["WWW-Authenticate": .string(text)],
            "times": 0,
        ])
        _ = try bed.failure()
        #expect(try bed.registry.state().requests.count < 40)
    }

    /// The password goes to no realm that is spoken to in the open.
    @Test func noPasswordGoesOverHTTPElsewhere() throws {
        let bed = try PushBed(["auth": "token"])
        let realm = #"Bearer realm="http://registry.example.invalid/token",service="x""#
        try bed.registry.fail([
            "kind": "blob-head", "do": "answer", "status": 401, "headers": ["WWW-Authenticate": .string(realm)],
            "times": 0,
        ])
        #expect(try bed.failure().name == "plain http")
    }
}
