// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHTTP
import BioRegistry
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What a push does when connections end, or nothing comes.
@Suite(.timeLimit(.minutes(15))) struct PushBreakTests {
    /// Every request of a push, cut before it is read, and after it had its effect.
    @Test(arguments: ["blob-head", "upload-start", "upload-put", "manifest-put"]) func aCutIsGotOver(
        request: String
    ) throws {
        let bed = try PushBed()
        for (number, fault) in (["cut", "cut-answer", "stall-answer", "babble"] as [DocumentValue]).enumerated() {
            let path = "\(request)/c\(number)"
            try bed.registry.fail(["kind": .string(request), "do": fault])
            if fault == "babble" {
                _ = try bed.failure(to: path)
            } else {
                try bed.push(to: path)
                try bed.expectThere(path)
            }
            try bed.registry.fail()
            try bed.push(to: path)
            try bed.expectThere(path)
        }
    }

    /// In the middle of a blob: the rest is sent, and nothing twice.
    @Test(arguments: [2, 1000, 150_000, 299_999]) func anUploadGoesOn(after count: Int) throws {
        let bed = try PushBed()
        try bed.registry.fail(["kind": "upload-put", "do": "cut", "after": .integer(count)])
        try bed.push()
        try bed.expectThere()
        #expect(try bed.registry.state().uploadedBytes == PushBed.bytes)
    }

    /// The same with a registry that keeps nothing of what it has not heard the end of.
    @Test func anUploadBeginsAgainWhereNothingWasKept() throws {
        let bed = try PushBed()
        try bed.registry.fail(["kind": "upload-put", "do": "cut", "after": 150_000, "keep": false])
        try bed.push()
        try bed.expectThere()
        let size = try bed.registry.state().uploadedBytes
        #expect(size == PushBed.bytes + 150_000)
    }

    @Test func aSilentRegistryIsLeftInTheMiddle() throws {
        let bed = try PushBed()
        try bed.registry.fail(["kind": "upload-put", "do": "stall", "after": 100_000])
        try bed.push()
        try bed.expectThere()
        #expect(try bed.registry.state().uploadedBytes == PushBed.bytes)
    }

    @Test func anUploadThatTheRegistryForgetsIsBegunAgain() throws {
        let bed = try PushBed()
        try bed.registry.fail(
            ["kind": "upload-put", "do": "cut", "after": 100_000], ["kind": "upload-status", "do": "forget"])
        try bed.push()
        try bed.expectThere()
    }

    /// A run that ends in the middle leaves where it was; the next one sends the rest.
    @Test func anotherRunGoesOn() throws {
        var bed = try PushBed()
        bed.settings.retries = 0
        bed.settings.connections = 1
        try bed.registry.fail(["kind": "upload-put", "do": "cut", "after": 123_456])
        #expect(try bed.failure().name == "cut")
        let before = try bed.registry.state()
        #expect(before.unfinished == [123_456])
        try bed.registry.fail()
        try bed.push()
        try bed.expectThere()
        let after = try bed.registry.state()
        #expect(after.uploadedBytes == PushBed.bytes && after.unfinished.isEmpty)
    }

    /// Always cut: an end comes.
    @Test func aRegistryThatCutsAlwaysIsGivenUp() throws {
        let bed = try PushBed()
        try bed.registry.fail(["kind": "upload-put", "do": "cut", "after": 0, "times": 0])
        #expect(try bed.failure().name == "cut")
        #expect(try bed.registry.state().requests.count < 200)
    }

    @Test func nobodyIsThere() throws {
        let bed = try PushBed()
        let host = RegistryHost("127.0.0.1:1")
        let push = RepositoryPush(
            .init(host, path: "a"), RegistrySession(host, bed.settings), places: BlobPlaces(directory: nil))
        #expect(throws: RegistryError.http(.notConnected(peer: "127.0.0.1:1", Errno(rawValue: ECONNREFUSED)))) {
            try push.bring([PushedBlob(PushBed.configuration)])
        }
    }
}
