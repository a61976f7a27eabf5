// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHTTP
import BioOCI
import BioSystem
import BioTestSupport
import Synchronization
import Testing

@testable import BioRegistry

/// Blobs on their way into a registry that meets faults and counts.
@Suite struct RepositoryPushTests {
    private static let one = PushFixture.bytes(300_000, seed: 1)
    private static let two = PushFixture.bytes(200_000, seed: 2)

    @Test func blobsThatAreLackingAreSentOnceAndOthersNot() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.put(blob: Self.two, in: "a/b")
        let told = Mutex(Int64(0))
        let push = PushFixture.push(registry.host, "a/b") { count in told.withLock { $0 += count } }
        let blobs = [PushedBlob(Self.one), PushedBlob(Self.two), PushedBlob(Self.one)]
        try push.bring(blobs)
        try push.bring(blobs)
        let state = try registry.state()
        #expect(push.outcome(of: .sha256(of: Self.one)) == .sent)
        #expect(push.outcome(of: .sha256(of: Self.two)) == .found)
        #expect(state.uploadedBytes == Self.one.count)
        #expect(state.requests("blob-head").count == 2)
        #expect(state.requests("upload-start").count == 1)
        #expect(told.withLock { $0 } == Int64(Self.one.count + Self.two.count))
        #expect(state.repositories["a/b"]?.blobs.count == 2)
    }

    @Test func aBlobOfAnotherRepositoryIsMounted() throws {
        let scratch = try Scratch()
        let registry = try ScriptedRegistry(["auth": "none"])
        try PushFixture.push(registry.host, "a/b", places: BlobPlaces(directory: scratch.path))
            .bring([PushedBlob(Self.one)])
        try registry.forgetRequests()
        // Another run, which knows only what the first has written down.
        let push = PushFixture.push(registry.host, "a/c", places: BlobPlaces(directory: scratch.path))
        try push.bring([PushedBlob(Self.one)])
        let state = try registry.state()
        #expect(push.outcome(of: .sha256(of: Self.one)) == .mounted)
        #expect(state.uploadedBytes == 0)
        #expect(state.requests("mount").count == 1)
    }

    @Test func aRefusedMountBecomesAnUpload() throws {
        let registry = try ScriptedRegistry(["auth": "none", "mounts": false])
        let push = PushFixture.push(registry.host, "a/c")
        try push.bring([PushedBlob(Self.one)], from: ["a/b"])
        let state = try registry.state()
        #expect(push.outcome(of: .sha256(of: Self.one)) == .sent)
        // The mount's answer has begun the upload.
        #expect(state.requests("upload-start").isEmpty)
        #expect(state.uploadedBytes == Self.one.count)
    }

    @Test(arguments: [400, 403, 404, 405]) func aMountThatIsAnErrorDoesNoHarm(_ status: Int) throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.fail(["kind": "mount", "do": "answer", "status": .integer(status)])
        let push = PushFixture.push(registry.host, "a/c")
        try push.bring([PushedBlob(Self.one)], from: ["a/b"])
        #expect(push.outcome(of: .sha256(of: Self.one)) == .sent)
    }

    @Test func afterACutTheRestIsSentAndNothingTwice() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.fail(["kind": "upload-put", "do": "cut", "after": 100_000])
        try PushFixture.push(registry.host, "a/b").bring([PushedBlob(Self.one)])
        let state = try registry.state()
        #expect(state.repositories["a/b"]?.blobs == ["\(Digest.sha256(of: Self.one))"])
        let patch = try #require(state.requests("upload-patch").first)
        #expect(patch.headers["content-range"] == "100000-299999")
        #expect(patch.received == 200_000)
        #expect(state.requests("upload-put").last?.received == 0)
    }

    /// One that forgets an upload, as docker-registry does after a cut.
    @Test func aForgottenUploadBeginsAgain() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.fail(
            ["kind": "upload-put", "do": "cut", "after": 100_000, "keep": false],
            ["kind": "upload-status", "do": "answer", "status": 404])
        try PushFixture.push(registry.host, "a/b").bring([PushedBlob(Self.one)])
        let state = try registry.state()
        #expect(state.requests("upload-start").count == 2)
        #expect(state.repositories["a/b"]?.blobs.count == 1)
    }

    @Test func anotherRunGoesOnWhereOneWasCut() throws {
        let scratch = try Scratch()
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.fail(
            ["kind": "upload-put", "do": "cut", "after": 100_000],
            ["kind": "upload-status", "do": "answer", "status": 503, "times": 0])
        #expect(throws: (any Error).self) {
            try PushFixture.push(
                registry.host, "a/b", places: BlobPlaces(directory: scratch.path), PushFixture.settings(retries: 0)
            ).bring([PushedBlob(Self.one)])
        }
        try registry.fail()
        try registry.forgetRequests()
        try PushFixture.push(registry.host, "a/b", places: BlobPlaces(directory: scratch.path))
            .bring([PushedBlob(Self.one)])
        let state = try registry.state()
        #expect(state.uploadedBytes == 200_000)
        #expect(state.repositories["a/b"]?.blobs.count == 1)
        // Nothing is left to go on with.
        let list = try contents(of: "\(scratch.path)/blobs-\(registry.host)")
        #expect(!String(decoding: list, as: UTF8.self).contains("uploads"))
    }

    @Test func whatIsTooLargeAtOnceGoesInChunks() throws {
        let registry = try ScriptedRegistry(["auth": "none", "largest": 100_000])
        try PushFixture.push(registry.host, "a/b").bring([PushedBlob(Self.one)])
        let state = try registry.state()
        let patches = state.requests("upload-patch").filter { $0.status == 202 }
        #expect(patches.count >= 3)
        #expect(patches.reduce(0) { $0 + $1.received } == Self.one.count)
        #expect(state.repositories["a/b"]?.blobs.count == 1)
    }

    @Test func chunksAreAsLongAsTheRegistryWants() throws {
        let registry = try ScriptedRegistry(["auth": "none", "largest": 200_000, "chunk-least": 150_000])
        try PushFixture.push(registry.host, "a/b").bring([PushedBlob(Self.one)])
        let patches = try registry.state().requests("upload-patch").filter { $0.status == 202 }
        #expect(patches.map(\.received) == [150_000, 150_000])
    }

    /// As two servers do that do not know of each other.
    @Test func aRegistryThatForgetsEveryChunkIsGivenUp() throws {
        let registry = try ScriptedRegistry(["auth": "none", "largest": 100_000])
        try registry.fail(["kind": "upload-patch", "do": "forget", "skip": 0, "times": 0])
        #expect(throws: RegistryError.self) {
            try PushFixture.push(registry.host, "a/b", PushFixture.settings(retries: 2)).bring([PushedBlob(Self.one)])
        }
        #expect(try registry.state().requests("upload-start").count < 10)
    }

    /// Two processes that push one blob do not send into one upload.
    @Test func nobodyGoesOnWithAnUploadThatSomebodySends() throws {
        let scratch = try Scratch()
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.fail(["kind": "upload-put", "do": "late", "seconds": 1])
        ThreadCrew.run(2) { _ in
            let places = BlobPlaces(directory: scratch.path)
            try? PushFixture.push(registry.host, "a/b", places: places).bring([PushedBlob(Self.one)])
        }
        let state = try registry.state()
        #expect(state.repositories["a/b"]?.blobs.count == 1)
        #expect(state.requests("upload-status", "upload-patch").isEmpty)
    }

    @Test func oneThatTakesNothingEndsWithWhatItSays() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.fail(
            ["kind": "upload-put", "do": "answer", "status": 413, "times": 0],
            ["kind": "upload-patch", "do": "answer", "status": 413, "times": 0])
        #expect {
            try PushFixture.push(registry.host, "a/b").bring([PushedBlob(Self.one)])
        } throws: { error in
            guard case RegistryError.refused(_, _, 413, _, _) = error else { return false }
            return true
        }
    }

    @Test(arguments: [429, 500, 503]) func aBusyRegistryIsAskedAgain(_ status: Int) throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.fail(
            ["kind": "upload-put", "do": "answer", "status": .integer(status), "headers": ["Retry-After": "0"]])
        try PushFixture.push(registry.host, "a/b").bring([PushedBlob(Self.one)])
        #expect(try registry.state().repositories["a/b"]?.blobs.count == 1)
    }

    @Test(arguments: [(400, "DIGEST_INVALID"), (403, "DENIED"), (507, "UNKNOWN")])
    func aRefusalIsNotTriedAgain(_ status: Int, _ code: String) throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.fail(
            [
                "kind": "upload-put", "do": "answer", "status": .integer(status), "code": .string(code), "times": 0,
            ])
        #expect {
            try PushFixture.push(registry.host, "a/b").bring([PushedBlob(Self.one)])
        } throws: { error in
            guard case RegistryError.refused(_, _, let found, _, _) = error else { return false }
            return found == status
        }
        let state = try registry.state()
        #expect(state.requests("upload-put").count == 1)
    }

    /// Which may be long after the token was made.
    @Test func aTokenThatEndsInTheMiddleIsReplaced() throws {
        let registry = try ScriptedRegistry(["auth": "token", "token-uses": 2])
        let settings = PushFixture.settings(connections: 1, password: ScriptedRegistry.password)
        try PushFixture.push(registry.host, "a/b", settings).bring([PushedBlob(Self.one), PushedBlob(Self.two)])
        let state = try registry.state()
        #expect(state.repositories["a/b"]?.blobs.count == 2)
        #expect(state.requests.filter { $0.kind == "token" }.count > 1)
    }

    @Test func aRedirectedUploadGoesThereWithoutCredentials() throws {
        let registry = try ScriptedRegistry(["auth": "basic"])
        try registry.fail(["kind": "upload-put", "do": "redirect", "to": "other"])
        let settings = PushFixture.settings(password: ScriptedRegistry.password)
        try PushFixture.push(registry.host, "a/b", settings).bring([PushedBlob(Self.one)])
        let state = try registry.state()
        let there = state.requests.filter { $0.listener == "other" }
        #expect(there.count == 1)
        #expect(there.allSatisfy { $0.headers["authorization"] == nil })
    }

    @Test func aBlobThatIsNotItsDigestIsToldBeforeItIsWhole() throws {
        let scratch = try Scratch()
        let registry = try ScriptedRegistry(["auth": "none"])
        let path = try scratch.write(Self.two + Self.one.dropFirst(Self.two.count), to: "blob")
        let blob = PushedBlob(
            digest: .sha256(of: Self.one), size: Int64(Self.one.count),
            content: FileContent(path: path, size: Int64(Self.one.count), cancellation: .never), isLayer: true)
        #expect(throws: ImageError.blobFile(path: path)) {
            try PushFixture.push(registry.host, "a/b").bring([blob])
        }
        let state = try registry.state()
        #expect(state.blobs.isEmpty)
        #expect(state.uploadedBytes < Self.one.count)
        // The upload has been given up.
        #expect(state.unfinished.isEmpty)
    }

    @Test func whatTheRegistrySaysOfABlobMustBeTrue() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.put(blob: Self.one, in: "a/b")
        try registry.fail(["kind": "blob-head", "do": "lie", "headers": ["Content-Length": "17"]])
        #expect {
            try PushFixture.push(registry.host, "a/b").bring([PushedBlob(Self.one)])
        } throws: { error in
            guard case RegistryError.malformed = error else { return false }
            return true
        }
    }

    @Test func theUserCanStopIt() throws {
        let scratch = try Scratch()
        let registry = try ScriptedRegistry(["auth": "none"])
        try registry.fail(["kind": "upload-put", "do": "stall", "after": 100_000])
        let end = ContinuousClock.now + .milliseconds(500)
        let settings = PushFixture.settings(cancellation: Cancellation { ContinuousClock.now > end })
        let places = BlobPlaces(directory: scratch.path)
        #expect(throws: (any Error).self) {
            try PushFixture.push(registry.host, "a/b", places: places, settings).bring([PushedBlob(Self.one)])
        }
        #expect(ContinuousClock.now < end + .seconds(3))
        #expect(places.upload(of: .sha256(of: Self.one), in: PushFixture.repository(registry.host, "a/b")) != nil)
    }

    @Test func manyBlobsGoAtATimeAndNotMoreThanAllowed() throws {
        let registry = try ScriptedRegistry(["auth": "none"])
        let blobs = (1...12).map { PushedBlob(PushFixture.bytes(20_000, seed: $0)) }
        try PushFixture.push(registry.host, "a/b", PushFixture.settings(connections: 3)).bring(blobs)
        let state = try registry.state()
        #expect(state.repositories["a/b"]?.blobs.count == 12)
        #expect(state.uploadedBytes == 240_000)
    }
}
