// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

@Suite struct HTTPClientTests {
    private static func client(_ socket: String, stall: Int = 5, cancellation: Cancellation = .never) -> HTTPClient {
        HTTPClient(socket: socket, limits: .init(connect: 1, stall: stall), cancellation: cancellation)
    }

    @Test func sendsAndReceives() throws {
        let scratch = try Scratch()
        let server = try FaultyEngine("echoes", in: scratch)
        let client = Self.client(server.socket)
        let request = HTTPRequest(
            "POST", "http://engine/a/%2e/../b?c=d", headers: [HTTPHeader("X-One", "1")], body: .bytes([1, 2, 3]))
        for _ in 0..<2 {
            let answer = try client.send(request)
            #expect(answer.response.status == 201 && answer.response.isSuccess)
            #expect(answer.response["api-version"] == "1.41" && answer.response["nothing"] == nil)
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(text.contains(#""method": "POST", "path": "/a/%2e/../b?c=d""#), "\(text)")
            #expect(text.contains(#""x-one": "1""#) && text.contains(#""count": 3"#) && !text.contains("expect"))
        }
        let head = try client.send(HTTPRequest("HEAD", "http://engine/"))
        #expect(head.response.status == 204 && head.body.isEmpty && head.response["X-Thing"] == "a")
        #expect(head.response["X-Empty"] == "" && head.response["X-Odd"] == "e")
    }

    @Test(arguments: [nil, 3_000_000] as [Int64?]) func sendsAPushedBody(length: Int64?) throws {
        let scratch = try Scratch()
        let server = try FaultyEngine("echoes", in: scratch)
        let client = Self.client(server.socket)
        var received: [UInt8] = []
        let exchange = try client.begin(HTTPRequest("PUT", "http://engine/", body: .pushed(length: length))) {
            #expect($0.status == 201)
            received += Array($1)
        }
        let piece = [UInt8](repeating: 7, count: 1_000_000)
        for _ in 0..<3 { #expect(try piece.withUnsafeBytes { try exchange.push($0) }) }
        #expect(try exchange.finish().status == 201)
        #expect(exchange.bytesSent == 3_000_000)
        #expect(String(decoding: received, as: UTF8.self).contains(#""count": 3000000"#))
    }

    @Test func sendsAnEmptyPushedBody() throws {
        let scratch = try Scratch()
        let server = try FaultyEngine("echoes", in: scratch)
        let exchange = try Self.client(server.socket).begin(
            HTTPRequest("PUT", "http://engine/", body: .pushed(length: nil))
        ) { _, _ in }
        #expect(try exchange.finish().status == 201)
    }

    @Test func whatTheReceiverThrowsEndsTheExchange() throws {
        struct Enough: Error {}
        let scratch = try Scratch()
        let server = try FaultyEngine("echoes", in: scratch)
        let exchange = try Self.client(server.socket).begin(HTTPRequest("GET", "http://engine/")) { _, _ in
            throw Enough()
        }
        #expect(throws: Enough.self) { try exchange.finish() }
    }

    @Test func saysThatNobodyIsThere() throws {
        let scratch = try Scratch()
        let path = scratch.file("none.sock")
        #expect(throws: HTTPError.notConnected(peer: path, .noSuchFile)) {
            try Self.client(path).send(HTTPRequest("GET", "http://engine/_ping"))
        }
        let plain = try scratch.write([], to: "plain")
        #expect(throws: HTTPError.notConnected(peer: plain, Errno(rawValue: ECONNREFUSED))) {
            try Self.client(plain).send(HTTPRequest("GET", "http://engine/_ping"))
        }
        let long = "/" + String(repeating: "x", count: 200)
        #expect(throws: HTTPError.notConnected(peer: long, Errno(rawValue: ENAMETOOLONG))) {
            try Self.client(long).send(HTTPRequest("GET", "http://engine/_ping"))
        }
    }

    /// Over TCP, too: to a port of the loopback where nobody listens.
    @Test func saysWhichHostDoesNotConnect() throws {
        let client = HTTPClient(limits: .init(connect: 1, stall: 1))
        #expect(throws: HTTPError.notConnected(peer: "127.0.0.1:1", Errno(rawValue: ECONNREFUSED))) {
            try client.send(HTTPRequest("GET", "http://user:secret@127.0.0.1:1/x"))
        }
    }

    private static let bad: [(String, @Sendable (String) -> HTTPError)] = [
        ("hangs-at-once", { .stalled(peer: $0, seconds: 1) }), ("garbage", { .malformed(peer: $0) }),
        ("dies-at-once", { .cut(peer: $0) }), ("endless", { .tooLarge(peer: $0, limit: 1 << 20) }),
        ("does-not-accept", { .connectTimedOut(peer: $0, seconds: 1) }),
    ]

    @Test(arguments: bad.map(\.0)) func tellsWhatAServerDoesWrong(fault: String) throws {
        let expected = try #require(Self.bad.first { $0.0 == fault })
        let scratch = try Scratch()
        let server = try FaultyEngine(fault, in: scratch)
        #expect(throws: expected.1(server.socket)) {
            try Self.client(server.socket, stall: 1).send(HTTPRequest("GET", "http://engine/x"))
        }
    }

    @Test func endsWhenItIsCancelled() throws {
        let scratch = try Scratch()
        let server = try FaultyEngine("hangs-at-once", in: scratch)
        let asked = Atomic(0)
        let cancellation = Cancellation { asked.add(1, ordering: .relaxed).newValue > 3 }
        #expect(throws: HTTPError.cancelled) {
            try Self.client(server.socket, cancellation: cancellation).send(HTTPRequest("GET", "http://engine/x"))
        }
    }
}
