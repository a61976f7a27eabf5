// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHTTP
import BioTestSupport
import Testing

/// The registries that other tests rely on, judged by skopeo and by requests made by hand.
@Suite struct ScriptedRegistryTests {
    private static let layer = [UInt8](repeating: 7, count: 300_000)

    /// A layout with an image of one layer; the scratch directory is the caller's.
    private static func layout(in scratch: borrowing Scratch) throws -> String {
        let path = scratch.file("layout")
        try MemoryImages.writeLayout([.init("x", layers: [.init("one", tar: layer)])], to: path)
        return "oci:\(path):x"
    }

    @Test(arguments: [TestRegistry.Kind.plain, .basic, .token]) func aRealRegistryTakesAndGives(
        kind: TestRegistry.Kind
    ) throws {
        let scratch = try Scratch()
        let registry = try TestRegistry.shared(kind)
        let name = "\(registry.host)/scripted/one:x"
        let pushed = try registry.skopeoCopy(Self.layout(in: scratch), "docker://\(name)")
        #expect(pushed.code == 0, "\(pushed.errorText)")
        let pulled = try registry.skopeoCopy("docker://\(name)", "oci:\(scratch.file("back")):x")
        #expect(pulled.code == 0, "\(pulled.errorText)")
        #expect(try registry.skopeoManifest(name).text.contains("application/vnd.oci.image.config.v1+json"))
    }

    @Test(arguments: [TestRegistry.Kind.basic, .token]) func aRealRegistryLetsNobodyElseIn(
        kind: TestRegistry.Kind
    ) throws {
        let scratch = try Scratch()
        let registry = try TestRegistry.shared(kind)
        let certificates = try TestCertificates.shared().file("docker")
        let outcome = try Tool.run([
            "skopeo", "copy", "-q", "--dest-creds", "tester:wrong", "--dest-cert-dir", certificates,
            "--dest-tls-verify=\(kind == .basic)", Self.layout(in: scratch), "docker://\(registry.host)/scripted/no:x",
        ])
        #expect(outcome.code == 1 && outcome.errorText.contains("unauthorized"), "\(outcome.errorText)")
    }

    @Test(arguments: ["none", "basic", "token"]) func theScriptedOneIsARegistry(authentication: String) throws {
        let scratch = try Scratch()
        let registry = try ScriptedRegistry(["auth": .string(authentication)], certificate: "server")
        let directory = try TestCertificates.shared().file("docker")
        let name = "docker://\(registry.host)/a/b:1"
        let who = "\(ScriptedRegistry.user):\(ScriptedRegistry.password)"
        let pushed = try Tool.run([
            "skopeo", "copy", "-q", "--dest-cert-dir", directory, "--dest-creds", who, Self.layout(in: scratch), name,
        ])
        #expect(pushed.code == 0, "\(pushed.errorText)")
        let state = try registry.state()
        #expect(state.repositories["a/b"]?.tags.keys.sorted() == ["1"])
        // Compressed on its way by skopeo: what came in is what is there.
        #expect(state.blobs.count == 2 && state.uploadedBytes == state.blobs.values.reduce(0, +))
        let pulled = try Tool.run([
            "skopeo", "copy", "-q", "--src-cert-dir", directory, "--src-creds", who, name,
            "oci:\(scratch.file("back")):x",
        ])
        #expect(pulled.code == 0, "\(pulled.errorText)")
        let wrong = try Tool.run([
            "skopeo", "inspect", "--cert-dir", directory, "--creds", "tester:wrong", name,
        ])
        #expect((wrong.code == 0) == (authentication == "none"), "\(wrong.errorText)")
    }

    @Test func itCountsAndFailsAsItIsTold() throws {
        let registry = try ScriptedRegistry(["referrers": false])
        let client = HTTPClient(limits: .init(connect: 5, stall: 1))
        try registry.put(blob: Self.layer, in: "a")
        let digest = Digest.sha256(of: Self.layer)
        let url = "http://\(registry.host)/v2/a/blobs/\(digest)"
        let get = HTTPRequest("GET", url)
        #expect(try client.send(get).body == Self.layer)
        let part = try client.send(HTTPRequest("GET", url, headers: [HTTPHeader("Range", "bytes=299990-")]))
        #expect(part.response.status == 206 && part.body.count == 10)

        try registry.fail(
            ["kind": "blob-get", "do": "answer", "status": 503, "headers": ["Retry-After": "7"], "times": 2],
            ["kind": "blob-get", "do": "cut-answer", "after": 1000], ["kind": "blob-get", "do": "cut"],
            ["kind": "blob-get", "do": "stall"], ["kind": "blob-get", "do": "babble"],
            ["kind": "blob-get", "do": "lie", "flip": true], ["kind": "blob-get", "do": "redirect", "to": "other"])
        for _ in 0..<2 { #expect(try client.send(get).response["retry-after"] == "7") }
        for _ in 0..<2 { #expect(throws: HTTPError.cut(peer: registry.host)) { try client.send(get) } }
        #expect(throws: HTTPError.stalled(peer: registry.host, seconds: 1)) { try client.send(get) }
        #expect(throws: HTTPError.malformed(peer: registry.host)) { try client.send(get) }
        let other = try client.send(get).body
        #expect(other.count == Self.layer.count && other != Self.layer)
        let target = try #require(try client.send(get).response["location"])
        #expect(target.hasPrefix("http://\(registry.otherHost)/v2/a/") && target.contains(ScriptedRegistry.signature))
        #expect(try client.send(HTTPRequest("GET", target)).body == Self.layer)

        let state = try registry.state()
        #expect(state.requests("blob-get").map(\.status) == [200, 206, 503, 503, 200, 0, 0, 0, 200, 307, 200])
        #expect(state.requests.last?.listener == "other" && state.met == [2, 1, 1, 1, 1, 1, 1])
        try registry.lose(digest.description)
        #expect(try client.send(get).response.status == 404)
        try registry.forgetRequests()
        #expect(try registry.state().requests.isEmpty)
    }

    /// What came before a cut is there, and can be gone on with.
    @Test func anUploadGoesOnWhereItWasCut() throws {
        let registry = try ScriptedRegistry(["relative": true])
        let client = HTTPClient(limits: .init(connect: 5, stall: 5))
        let base = "http://\(registry.host)"
        let begun = try client.send(HTTPRequest("POST", "\(base)/v2/a/blobs/uploads/"))
        let place = base + (try #require(begun.response["Location"]))
        try registry.fail(["kind": "upload-patch", "do": "cut", "after": 123_456])
        // libcurl sends on a connection of its own what it could not send on an old one: here there is none.
        let another = HTTPClient(limits: .init(connect: 5, stall: 5))
        #expect(throws: HTTPError.cut(peer: registry.host)) {
            try another.send(HTTPRequest("PATCH", place, body: .bytes(Self.layer)))
        }
        let asked = try client.send(HTTPRequest("GET", place)).response
        #expect(asked.status == 204 && asked["range"] == "0-123455")
        let wrong = HTTPHeader("Content-Range", "0-299999")
        let refused = try client.send(HTTPRequest("PATCH", place, headers: [wrong], body: .bytes(Self.layer)))
        #expect(refused.response.status == 416)
        let rest = Array(Self.layer[123_456...])
        let range = HTTPHeader("Content-Range", "123456-299999")
        let next = base + (try #require(asked["location"]))
        #expect(
            try client.send(HTTPRequest("PATCH", next, headers: [range], body: .bytes(rest))).response.status == 202)
        let digest = Digest.sha256(of: Self.layer)
        let done = try client.send(HTTPRequest("PUT", "\(next)&digest=\(digest)"))
        #expect(done.response.status == 201)
        #expect(try registry.state().blobs[digest.description] == Self.layer.count)
    }
}
