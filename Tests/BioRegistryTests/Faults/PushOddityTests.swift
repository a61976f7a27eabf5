// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioRegistry
import BioTestSupport
import Testing

/// Registries that do what the specification lets them do and few do, and what it does not let them do.
@Suite(.timeLimit(.minutes(2))) struct PushOddityTests {
    // MARK: - Mounts

    @Test func aBlobOfAnotherRepositoryIsMounted() throws {
        let bed = try PushBed()
        try bed.push(to: "first/app")
        try bed.registry.forgetRequests()
        try bed.push(to: "second/app")
        try bed.expectThere("second/app")
        let state = try bed.registry.state()
        #expect(state.uploadedBytes == 0 && state.requests("mount").map(\.status) == [201, 201, 201])
    }

    /// 202: it goes on with an upload, of which the registry has been told already.
    @Test func aMountThatIsRefusedBecomesAnUpload() throws {
        let bed = try PushBed()
        try bed.push(to: "first/app")
        try bed.registry.set(["mounts": false])
        try bed.registry.forgetRequests()
        try bed.push(to: "second/app")
        try bed.expectThere("second/app")
        let state = try bed.registry.state()
        #expect(state.requests("mount").map(\.status) == [202, 202, 202] && state.requests("upload-start").isEmpty)
        #expect(state.uploadedBytes == PushBed.bytes && state.unfinished.isEmpty)
    }

    /// Where it was, it is no more.
    @Test func aMountOfWhatIsLostBecomesAnUpload() throws {
        let bed = try PushBed()
        try bed.push(to: "first/app")
        for blob in PushBed.layers { try bed.registry.lose(Digest.sha256(of: blob).description) }
        try bed.push(to: "second/app")
        try bed.expectThere("second/app")
    }

    @Test(arguments: [400, 403, 404, 405]) func aMountThatIsAnErrorBecomesAnUpload(status: Int) throws {
        let bed = try PushBed()
        try bed.push(to: "first/app")
        try bed.registry.fail(["kind": "mount", "do": "answer", "status": .integer(status), "times": 0])
        try bed.push(to: "second/app")
        try bed.expectThere("second/app")
    }

    // MARK: - Limits

    /// A proxy that takes no more than that in a request.
    @Test func aLimitOfARequestMakesChunks() throws {
        let bed = try PushBed(["largest": 100_000])
        try bed.push()
        try bed.expectThere()
        let sizes = try bed.registry.state().requests("upload-patch").map(\.received)
        #expect(sizes.count >= 5 && sizes.allSatisfy { $0 <= 100_000 })
    }

    @Test func aLimitThatNothingFitsIntoIsTold() throws {
        let bed = try PushBed(["largest": 10])
        guard case .refused(_, _, 413, _, _) = try bed.failure() else { return Issue.record("that is another error") }
    }

    @Test func chunksAreAsLongAsTheRegistryWants() throws {
        let bed = try PushBed(["chunk-least": 70_000])
        try bed.registry.fail(["kind": "upload-put", "do": "answer", "status": 413, "times": 1])
        try bed.push()
        try bed.expectThere()
        let state = try bed.registry.state()
        for size in state.requests("upload-patch").map(\.received) { #expect(size >= 70_000 || size == 80_000) }
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

    @Test func aBlobOfAnotherSizeIsNotTheBlob() throws {
        let bed = try PushBed()
        try bed.push()
        try bed.registry.fail(["kind": "blob-head", "do": "lie", "headers": ["Content-Length": "7"], "times": 0])
        guard case .malformed = try bed.failure() else { return Issue.record("that is another error") }
    }

    @Test(arguments: ["blob-head", "manifest-put"]) func anotherDigestIsTold(request: String) throws {
        let bed = try PushBed()
        if request == "blob-head" { try bed.push() }
        let other = Digest.sha256(of: [7]).description
        try bed.registry.fail([
            "kind": .string(request), "do": "lie", "headers": ["Docker-Content-Digest": .string(other)], "times": 0,
        ])
        guard case .otherContent = try bed.failure() else { return Issue.record("that is another error") }
    }

    /// What the registry refuses for its digest is not sent again.
    @Test func aDigestThatIsRefusedIsTold() throws {
        var bed = try PushBed()
        bed.settings.connections = 1
        try bed.registry.fail([
            "kind": "upload-put", "do": "answer", "status": 400, "code": "DIGEST_INVALID", "times": 0,
        ])
        guard case .refused(_, _, 400, "DIGEST_INVALID", _) = try bed.failure() else {
            return Issue.record("that is another error")
        }
        #expect(try bed.registry.state().requests("upload-put").count == 1)
    }
}
