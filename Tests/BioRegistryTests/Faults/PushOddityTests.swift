// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioRegistry
import BioTestSupport
import Testing

/// Registries that do what the specification lets them do and few do, and what it does not let them do.
@Suite(.timeLimit(.minutes(15))) struct PushOddityTests {
    // MARK: - Mounts

    /// Where it was, it is no more.
    @Test func aMountOfWhatIsLostBecomesAnUpload() throws {
        var bed = try PushBed()
        bed.remembersAll = true
        try bed.push(to: "first/app")
        for blob in PushBed.layers { try bed.registry.lose(Digest.sha256(of: blob).description) }
        try bed.push(to: "second/app")
        try bed.expectThere("second/app")
    }

    // MARK: - Locations

    @Test func locationsMayBeRelative() throws {
        let bed = try PushBed(["relative": true])
        try bed.registry.fail(["kind": "upload-put", "do": "cut", "after": 1000])
        try bed.push()
        try bed.expectThere()
    }

    @Test(arguments: [nil, "", "http://[", "ftp://127.0.0.1/x", "http://", "//", "\u{1}", "http://127.0.0.1:99999/"])
    func aLocationThatIsNoneIsTold(location: String?) throws {
        let bed = try PushBed()
        try bed.registry.fail([
            "kind": "upload-start", "do": "lie", "headers": ["Location": .optional(location)], "times": 0,
        ])
        _ = try bed.failure()
        try bed.registry.fail()
        try bed.push()
        try bed.expectThere()
    }

    /// Bytes may go to another host; who sends them is not told there.
    @Test func aLocationOnAnotherHostGetsNoCredentials() throws {
        let bed = try PushBed(["auth": "basic"])
        let elsewhere = "http://\(bed.registry.otherHost)/v2/a/app/blobs/uploads/none?\(ScriptedRegistry.signature)"
        try bed.registry.fail([
            "kind": "upload-start", "do": "lie", "headers": ["Location": .string(elsewhere)], "times": 0,
        ])
        _ = try bed.failure()
        let others = try bed.registry.state().requests.filter { $0.listener == "other" }
        #expect(!others.isEmpty && others.allSatisfy { $0.headers["authorization"] == nil }, "\(others)")
    }

    // MARK: - Redirections

    @Test(arguments: ["upload-put", "manifest-put"], [307, 308]) func aRedirectionIsFollowedWithoutCredentials(
        request: String, status: Int
    ) throws {
        let bed = try PushBed(["auth": "basic"])
        try bed.registry.fail([
            "kind": .string(request), "do": "redirect", "to": "other", "status": .integer(status), "times": 0,
        ])
        try bed.push()
        try bed.expectThere()
        let others = try bed.registry.state().requests.filter { $0.listener == "other" }
        #expect(!others.isEmpty && others.allSatisfy { $0.headers["authorization"] == nil }, "\(others)")
    }

    @Test(arguments: ["blob-head", "upload-start", "upload-put", "manifest-put"]) func aCircleIsLeft(
        request: String
    ) throws {
        let bed = try PushBed()
        try bed.registry.fail(["kind": .string(request), "do": "redirect", "to": "loop", "times": 0])
        _ = try bed.failure()
        #expect(try bed.registry.state().requests.count < 60)
    }

    @Test(arguments: ["blob-head", "upload-put", "manifest-put"]) func nothingGoesOnInTheOpen(request: String) throws {
        let bed = try PushBed(certificate: "server")
        let open = try ScriptedRegistry()
        try bed.registry.fail([
            "kind": .string(request), "do": "redirect", "to": .string("http://\(open.host)/v2/"), "times": 0,
        ])
        _ = try bed.failure()
        #expect(try open.state().requests.isEmpty)
    }

    // MARK: - Lies

    @Test(arguments: ["blob-head", "manifest-put"]) func anotherDigestIsTold(request: String) throws {
        let bed = try PushBed()
        if request == "blob-head" { try bed.push() }
        let other = Digest.sha256(of: [7]).description
        try bed.registry.fail([
            "kind": .string(request), "do": "lie", "headers": ["Docker-Content-Digest": .string(other)], "times": 0,
        ])
        #expect(try bed.failure().name == "other content")
    }
}
