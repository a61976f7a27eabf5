// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioHTTP
package import BioSystem

/// What an engine says of itself.
package struct EngineVersion: Hashable, Sendable {
    /// As it announces it, like `1.41`; nil: it announces none.
    package let api: String?
    /// As it writes itself, like `Docker/20.10.24 (linux)`; may be empty.
    package let server: String
    /// Podman's service, which speaks Docker's API.
    package let isPodman: Bool
}

/// A Docker engine, asked through its API (Docker Engine API, https://docs.docker.com/engine/api/) at a unix socket. What it
/// answers is not believed: sizes are bounded, documents checked.
package final class DockerEngine {
    package let address: EngineAddress
    package let limits: EngineLimits
    private let client: HTTPClient
    private var known: EngineVersion?

    /// The calls used here have not changed from the first to the last of these.
    private static let newestAPI = (major: 1, minor: 51)

    package init(_ address: EngineAddress, limits: EngineLimits = EngineLimits(), cancellation: Cancellation = .never) {
        self.address = address
        self.limits = limits
        client = HTTPClient(
            socket: address.socket, limits: .init(connect: limits.answer, stall: limits.answer),
            cancellation: cancellation)
    }

    /// Asks whether it is there. Without a socket that takes a tenth of a millisecond.
    @discardableResult
    package func ping(seconds: Int = 2) throws -> EngineVersion {
        client.limits = .init(connect: seconds, stall: seconds, whole: seconds)
        let answer = try send(HTTPRequest("GET", "http://engine/_ping"), "say that it is there")
        let version = EngineVersion(
            api: answer.response["Api-Version"].flatMap { Self.number($0) == nil ? nil : $0 },
            server: answer.response["Server"] ?? "", isPodman: answer.response["Libpod-API-Version"] != nil)
        known = version
        return version
    }

    /// The version that was announced, asked for once.
    package func version() throws -> EngineVersion { try known ?? ping(seconds: limits.answer) }

    /// A small question and its answer.
    /// - Parameter path: behind the API's version; names in it are escaped.
    func ask(
        _ method: String, _ path: String, action: String, limit: Int = 1 << 20, accepting statuses: Set<Int> = []
    ) throws -> HTTPAnswer {
        let request = HTTPRequest(method, try url(path))
        client.limits = .init(connect: limits.answer, stall: limits.answer)
        return try send(request, action, limit: limit, accepting: statuses)
    }

    /// The document that a question is answered with; nil when the answer is that it is not there.
    func document(_ path: String, action: String, limit: Int) throws -> DocumentValue? {
        let answer = try ask("GET", path, action: action, limit: limit, accepting: [404])
        guard answer.response.status != 404 else { return nil }
        do { return try DocumentValue(json: answer.body) } catch {
            throw EngineError.malformed(action: action, problem: "\(error)")
        }
    }

    /// Begins to send a body, of a length that nobody knows yet.
    func begin(
        _ method: String, _ path: String, headers: [HTTPHeader],
        receive: @escaping (HTTPResponse, UnsafeRawBufferPointer) throws -> Void
    ) throws -> HTTPExchange {
        let request = HTTPRequest(method, try url(path), headers: headers, body: .pushed(length: nil))
        client.limits = .init(connect: limits.answer, stall: limits.work)
        return try client.begin(request, receive: receive)
    }

    private func send(
        _ request: HTTPRequest, _ action: String, limit: Int = 1 << 20, accepting statuses: Set<Int> = []
    ) throws -> HTTPAnswer {
        let answer: HTTPAnswer
        do { answer = try client.send(request, limit: limit) } catch {
            throw EngineError.told(by: error, action: action)
        }
        let status = answer.response.status
        guard answer.response.isSuccess || statuses.contains(status) else {
            throw EngineError.refused(action: action, status: status, message: EngineMessage.text(of: answer.body))
        }
        return answer
    }

    private func url(_ path: String) throws -> String {
        guard let number = try version().api.flatMap(Self.number) else { return "http://engine\(path)" }
        let minor = number.major == Self.newestAPI.major ? min(number.minor, Self.newestAPI.minor) : number.minor
        return "http://engine/v\(number.major).\(minor)\(path)"
    }

    private static func number(_ text: String) -> (major: Int, minor: Int)? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let major = Int(parts[0]), let minor = Int(parts[1]), 0...99 ~= major, 0...999 ~= minor
        else { return nil }
        return (major, minor)
    }

    /// The name of an image as a part of a path: everything but letters, digits and `-._~/:@` is escaped.
    static func escaped(_ name: String) -> String {
        let plain = Set("-._~/:@".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            let isPlain =
                plain.contains(byte) || 0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
            bytes += isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
