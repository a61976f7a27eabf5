// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioRegistry
import BioTestSupport
import Testing

/// What a push does when the registry says no: at any request, once or for good.
@Suite(.timeLimit(.minutes(15))) struct PushRefusalTests {
    static let requests = ["blob-head", "upload-start", "upload-put", "manifest-put"]
    /// What may be another answer next time.
    static let passing = [408, 429, 500, 502, 503, 504]

    private static func refuse(_ kind: String, _ status: Int, times: Int) -> DocumentValue {
        [
            "kind": .string(kind), "do": "answer", "status": .integer(status), "times": .integer(times),
            "code": "SCRIPTED",
        ]
    }

    @Test(arguments: requests) func aRefusalThatStaysIsTold(request: String) throws {
        let bed = try PushBed()
        for status in [400, 401, 403, 404, 410, 429, 500, 501, 503, 507] {
            // Of a blob, that says that it is not there.
            if request == "blob-head", status == 404 { continue }
            let path = "\(request)/r\(status)"
            try bed.registry.fail(Self.refuse(request, status, times: 0))
            let error = try bed.failure(to: path)
            // What is said of a HEAD has no words.
            let isTold = error.name.hasPrefix("refused \(status)") || (status == 401 && error.name == "unauthorized")
            #expect(isTold, "\(error)")
            let before = try bed.registry.state()
            #expect(before.repositories[path]?.tags["1"] == nil)

            // Afterwards all goes well, and what has arrived is not sent again.
            try bed.registry.fail()
            try bed.registry.forgetRequests()
            try bed.push(to: path)
            try bed.expectThere(path)
            let after = try bed.registry.state()
            for put in after.requests("upload-put") {
                for digest in before.repositories[path]?.blobs ?? [] {
                    #expect(!put.query.contains(digest.dropFirst("sha256:".count)), "\(status) to \(request): \(put)")
                }
            }
        }
    }

    /// Nothing is asked twice that will not be answered otherwise.
    @Test(arguments: requests) func aRefusalThatStaysIsNotTriedAgain(request: String) throws {
        var bed = try PushBed()
        bed.settings.connections = 1
        for status in [400, 403, 410, 501, 507] {
            try bed.registry.fail(Self.refuse(request, status, times: 0))
            _ = try bed.failure(to: "\(request)/once\(status)")
            #expect(try bed.registry.state().met == [1], "\(status) to \(request)")
        }
    }

    @Test(arguments: requests) func aRefusalThatPassesIsGotOver(request: String) throws {
        let bed = try PushBed()
        for status in Self.passing {
            let path = "\(request)/p\(status)"
            try bed.registry.fail(Self.refuse(request, status, times: 1))
            try bed.push(to: path)
            try bed.expectThere(path)
        }
    }

    /// Its words are shown, as far as they are words.
    @Test(arguments: [
        "\u{1b}[2Jred", "<html><body>oops", "{\"errors\": [", "{\"errors\": 7}", "[]", "null",
        "{\"errors\": [{\"code\": 7, \"message\": {}}]}", String(repeating: "[", count: 100_000),
        "{\"errors\": [{\"code\": \"X\", \"message\": \"" + String(repeating: "long ", count: 100_000) + "\"}]}",
    ]) func whatItSaysIsBoundedAndPrintable(body: String) throws {
        let bed = try PushBed()
        try bed.registry.fail([
            "kind": "manifest-put", "do": "answer", "status": 400, "body": .string(body), "times": 0,
        ])
        let error = try bed.failure()
        #expect(error.name.hasPrefix("refused 400") && error.description.utf8.count < 4000, "\(error)")
    }

    @Test func aBodyWithoutAnEndIsNotRead() throws {
        let bed = try PushBed()
        try bed.registry.fail(["kind": "upload-start", "do": "endless", "times": 0])
        _ = try bed.failure()
        #expect(try bed.registry.state().requests.allSatisfy { $0.sent < 64 << 20 })
    }

    /// Full: said at once, by whatever the server says it with.
    @Test func aFullRegistryIsTold() throws {
        let bed = try PushBed(["room": 250_000])
        let error = try bed.failure()
        #expect(error.name == "refused 507 UNKNOWN" && error.description.contains("no space left"), "\(error)")
        try bed.registry.set(["room": 0])
        try bed.registry.forgetRequests()
        try bed.push()
        try bed.expectThere()
    }
}
