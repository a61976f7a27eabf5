// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import Glibc

/// Where the gateway listens.
package struct GatewayAddress: Hashable, Sendable, CustomStringConvertible {
    /// Numeric; IPv6 without brackets.
    package let host: String
    package let port: UInt16

    package static let defaultPort: UInt16 = 9631

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// `HOST:PORT` or `HOST`; nil when it is neither.
    package init?(_ text: String) {
        var host = text[...]
        var port = Self.defaultPort
        if let colon = text.lastIndex(of: ":"),
            text.hasPrefix("[") ? !text.hasSuffix("]") : text.filter({ $0 == ":" }).count == 1
        {
            guard let number = UInt16(text[text.index(after: colon)...]) else { return nil }
            (host, port) = (text[..<colon], number)
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 == 0x2E || $0 == 0x3A || Self.isHexadecimal($0) }) else {
            return nil
        }
        self.host = String(host)
        self.port = port
    }

    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x61...0x66 ~= byte || 0x41...0x46 ~= byte
    }
}

/// Tells over HTTP how services are, to who has the token. It changes nothing.
final class HTTPGateway {
    let listener: FileDescriptor
    let shown: String
    private let token: [UInt8]
    /// Whether services are well is told to everybody.
    private let isHealthOpen: Bool

    /// Listens. The token is what `sup/default/HTTP_TOKEN` says; without that file one is made up and written.
    init(
        _ address: GatewayAddress, isHealthOpen: Bool, token given: String? = nil, _ places: SupervisorPlaces
    ) throws(SupervisorError) {
        self.isHealthOpen = isHealthOpen
        if let given {
            token = Array(given.utf8)
        } else if let bytes = try TextFile.bytes(places.token, limit: 4096) {
            token = bytes.filter { $0 > 0x20 && $0 < 0x7F }
            guard token.count >= 16 else { throw .badToken(path: places.token) }
        } else {
            token = Self.random()
            do throws(SystemError) { try AtomicFile.write(token + [0x0A], to: places.token, mode: 0o600) } catch {
                throw .system(error)
            }
        }
        do throws(SystemError) { listener = try Listener.tcp(address.host, port: address.port) } catch {
            throw .system(error)
        }
        shown = GatewayAddress(host: address.host, port: Listener.port(of: listener)).description
    }

    private static func random() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<32).map { _ in Array("0123456789abcdef".utf8)[Int(generator.next() & 15)] }
    }

    /// Whether a request is there as a whole: it has no body.
    static func isWhole(_ request: [UInt8]) -> Bool {
        request.contains([0x0D, 0x0A, 0x0D, 0x0A]) || request.contains([0x0A, 0x0A])
    }

    /// The answer to a whole request.
    func answer(_ request: [UInt8], _ services: [SupervisedService]) -> [UInt8] {
        let lines = String(decoding: request, as: UTF8.self).split(whereSeparator: \.isNewline)
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return Self.refusal(400, "not an HTTP/1 request") }
        let path = words[1].prefix { $0 != "?" }.split(separator: "/").map(String.init)
        let isKnown = isAllowed(lines)
        guard isKnown || isHealthOpen && (path.isEmpty || path.count == 4 && path[3] == "health") else {
            return Self.refusal(401, "the token of this supervisor is needed")
        }
        guard words[0] == "GET" || words[0] == "HEAD" else { return Self.refusal(405, "GET and HEAD are known") }
        var (code, body) = Self.body(path, services)
        // What the hook has written may be nobody else's business.
        if !isKnown, let status = body?["status"] { body = ["status": status] }
        if words[0] == "HEAD" { body = nil }
        return Self.response(code, body)
    }

    private func isAllowed(_ lines: [Substring]) -> Bool {
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "authorization" else { continue }
            let words = parts[1].split(separator: " ")
            return words.count == 2 && words[0].lowercased() == "bearer" && isToken(Array(words[1].utf8))
        }
        return false
    }

    /// Takes as long whatever is wrong.
    private func isToken(_ given: [UInt8]) -> Bool {
        var difference = UInt8(given.count == token.count ? 0 : 1)
        for index in token.indices { difference |= token[index] ^ (index < given.count ? given[index] : 0xFF) }
        return difference == 0
    }

    private static func body(_ path: [String], _ services: [SupervisedService]) -> (Int, DocumentValue?) {
        if path.isEmpty { return (200, ["status": "OK"]) }
        if path == ["services"] {
            return (200, .array(services.map(\.status)))
        }
        if let first = path.first, ["butterfly", "census"].contains(first) {
            return (404, ["error": "there is no ring: this supervisor is alone"])
        }
        guard path.count == 3 || path.count == 4 && path[3] == "health", path[0] == "services",
            let service = services.first(where: { $0.spec.name == path[1] && $0.spec.group == path[2] })
        else { return (404, ["error": "no such place; /services lists what there is"]) }
        guard path.count == 4 else { return (200, service.status) }
        let health = service.currentHealth
        let code = health == .critical ? 503 : health == .unknown ? 500 : 200
        return (
            code,
            [
                "status": .string(health.rawValue), "stdout": .string(service.healthOutput(isError: false)),
                "stderr": .string(service.healthOutput(isError: true)),
            ]
        )
    }

    private static func refusal(_ code: Int, _ text: String) -> [UInt8] { response(code, ["error": .string(text)]) }

    private static func response(_ code: Int, _ body: DocumentValue?) -> [UInt8] {
        let reasons = [
            200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 405: "Method Not Allowed",
            500: "Internal Server Error", 503: "Service Unavailable",
        ]
        let bytes = body.map { $0.jsonBytes(.compact) + [0x0A] } ?? []
        let head =
            [
                "HTTP/1.1 \(code) \(reasons[code] ?? "")", "Content-Type: application/json",
                "Content-Length: \(bytes.count)", "Connection: close",
            ] + (code == 401 ? ["WWW-Authenticate: Bearer"] : [])
        return Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + bytes
    }
}
