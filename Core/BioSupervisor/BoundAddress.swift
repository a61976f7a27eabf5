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
        if host.hasPrefix("[") && host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .badAddress(text, "an IPv6 address stands in brackets, as in [2001:db8::1]:5432")
        }
        guard Self.isHost(host) else { throw .badAddress(text, "'\(host)' is no host") }
        guard let port = UInt16(address[address.index(after: colon)...]), port > 0 else {
            throw .badAddress(text, "its port is not a number from 1 to 65535")
        }
        var exports: [(name: String, value: String)] = []
        for piece in pieces.dropFirst() {
            let (key, value) = try Self.pair(piece, of: text)
            guard ServiceGroup.isName(key) else { throw .badAddress(text, "'\(key)' is no name of an export") }
            guard !exports.contains(where: { $0.name == key }) else {
                throw .badAddress(text, "'\(key)' is there twice")
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

    private static func isHost(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 255 && text.utf8.first != UInt8(ascii: "-")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: ":"), UInt8(ascii: "%"):
                    true
                default: false
                }
            }
    }
}
