// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// A bind to something that no supervisor runs, at an address that is known: `database=db.example:5432`, and what else
/// it would export, `,NAME=VALUE` each.
package struct BoundAddress: Hashable, Sendable, CustomStringConvertible {
    /// What the service calls it.
    package let name: String
    /// A name or a numeric address; IPv6 without brackets.
    package let host: String
    package let port: UInt16
    /// In the order given.
    package let exports: [(name: String, value: String)]

    package init(parsing text: String) throws(ServiceRefusal) {
        let pieces = text.split(separator: ",", omittingEmptySubsequences: false)
        let (name, address) = try Self.pair(pieces[0], of: text)
        guard ServiceGroup.isName(name) else { throw .badAddress(text, "'\(name)' is no name of a bind") }
        guard let colon = address.lastIndex(of: ":") else { throw .badAddress(text, "it has no port") }
        var host = address[..<colon]
        let isInBrackets = host.hasPrefix("[") && host.hasSuffix("]")
        if isInBrackets {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .badAddress(text, "an IPv6 address stands in brackets, as in [2001:db8::1]:5432")
        }
        guard isInBrackets ? Self.isSix(host) : Self.isHost(host) else {
            throw .badAddress(text, "'\(host)' is no \(isInBrackets ? "IPv6 address" : "host")")
        }
        guard let port = Self.port(address[address.index(after: colon)...]) else {
            throw .badAddress(text, "its port is not a number from 1 to 65535")
        }
        var exports: [(name: String, value: String)] = []
        for piece in pieces.dropFirst() {
            let (key, value) = try Self.pair(piece, of: text)
            guard ServiceGroup.isName(key) else { throw .badAddress(text, "'\(key)' is no name of an export") }
            guard !exports.contains(where: { $0.name == key }) else {
                throw .badAddress(text, "'\(key)' is there twice")
            }
            guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
                throw .badAddress(text, "the value of '\(key)' has a control character")
            }
            exports.append((String(key), String(value)))
        }
        self.name = String(name)
        self.host = String(host)
        self.port = port
        self.exports = exports
    }

    /// What a service there would export: `host` and `port`, and what was given. Whole numbers are numbers.
    package var configuration: DocumentObject {
        var object = DocumentObject()
        object["host"] = .string(host)
        object["port"] = .integer(port)
        for (name, value) in exports { object[name] = Int64(value).map { .integer($0) } ?? .string(value) }
        return object
    }

    package var description: String {
        (["\(name)=\(host.contains(":") ? "[\(host)]" : host):\(port)"] + exports.map { "\($0.name)=\($0.value)" })
            .joined(separator: ",")
    }

    /// Without the values of what else it exports: they may be secrets.
    package var shown: String {
        let address = description.prefix { $0 != "," }
        return ([String(address)] + exports.map(\.name)).joined(separator: ",")
    }

    package static func == (left: BoundAddress, right: BoundAddress) -> Bool { left.description == right.description }

    package func hash(into hasher: inout Hasher) { hasher.combine(description) }

    private static func pair(
        _ text: Substring, of whole: String
    ) throws(ServiceRefusal) -> (Substring, Substring) {
        guard let equals = text.firstIndex(of: "=") else { throw .badAddress(whole, "'\(text)' has no '='") }
        return (text[..<equals], text[text.index(after: equals)...])
    }

    /// As it is written: without a sign and without zeros first.
    private static func port(_ text: Substring) -> UInt16? {
        guard let port = UInt16(text), port > 0, "\(port)" == text else { return nil }
        return port
    }

    /// What it stands for is looked at by who connects to it.
    private static func isHost(_ text: Substring) -> Bool {
        1...255 ~= text.utf8.count && text.utf8.first.map(isAlphanumeric) == true
            && text.utf8.allSatisfy { isAlphanumeric($0) || "-._".utf8.contains($0) }
    }

    /// No more than tells it from a name; perhaps with a zone, as in `fe80::1%eth0`.
    private static func isSix(_ text: Substring) -> Bool {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        let first = parts[0].prefix { $0 != ":" }
        let rest = parts[0].dropFirst(first.count + 1)
        return first.utf8.count <= 4 && first.utf8.allSatisfy(isHexadecimal) && 1...40 ~= rest.utf8.count
            && rest.utf8.allSatisfy { isHexadecimal($0) || ":.".utf8.contains($0) }
            && parts.dropFirst().allSatisfy(isHost)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isHexadecimal(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }
}
