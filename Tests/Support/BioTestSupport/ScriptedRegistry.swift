// SPDX-License-Identifier: Apache-2.0

package import BioDocument
import BioHTTP
import BioSystem

/// A registry in memory that counts what it is asked, and fails as it is told (Tests/Support/registries/scripted-registry).
/// It is gone when this object is, or when the test process is.
package final class ScriptedRegistry: Sendable {
    package struct Problem: Error, CustomStringConvertible {
        package let description: String
    }

    package static let user = "tester"
    /// No other text of a test has it in it: where it is found, it has leaked.
    package static let password = "sw0rdf1sh-and-m0re"
    /// A part of every URL that a redirection leads to; as secret as a password.
    package static let signature = "signed-for-one-hour"

    /// `NAME:PORT` of the registry.
    package let host: String
    /// Of the host where redirections lead to.
    package let otherHost: String
    package let tokenHost: String
    private let directory: String
    private let process: AttachedProcess

    /// `settings` as in Tests/Support/registries/settings.py. `certificate` is one of `TestCertificates` (server, expired,
    /// wrong-name, foreign): with it, it speaks TLS; `clients`: only with those that have a certificate of the authority.
    package init(_ settings: DocumentValue = [:], certificate: String? = nil, clients: Bool = false) throws {
        var object = settings.object ?? DocumentObject()
        func add(_ name: String, _ value: String) { if object[name] == nil { object.append(name, .string(value)) } }
        add("user", Self.user)
        add("password", Self.password)
        if let certificate {
            let certificates = try TestCertificates.shared()
            add("certificate", certificates.file(certificate))
            if clients { add("clients", certificates.authority) }
        }
        directory = try TestDirectory.make("scripted")
        let ready = "\(directory)/ready"
        process = try AttachedProcess(
            [
                Repository.path("Tests/Support/registries/scripted-registry"), directory,
                DocumentValue.object(object).json(.compact),
            ], directory: directory, ready: ready)
        let document = try DocumentValue(json: contents(of: ready))
        let name = object["name"]?.string ?? "127.0.0.1"
        func place(_ listener: String) -> String { "\(name):\(document[listener]?.int ?? 0)" }
        (host, otherHost, tokenHost) = (place("main"), place("other"), place("tokens"))
    }

    /// What goes wrong from now on, instead of what did before: as in Tests/Support/registries/faults.py.
    package func fail(_ faults: DocumentValue...) throws {
        _ = try order("PUT", "faults", DocumentValue.array(faults).jsonBytes(.compact))
    }

    /// Changes settings; how it is connected to stays.
    package func set(_ settings: DocumentValue) throws {
        _ = try order("PUT", "settings", settings.jsonBytes(.compact))
    }

    /// Forgets what it was asked so far.
    package func forgetRequests() throws { _ = try order("DELETE", "requests") }

    /// Puts a blob into a repository, past all counting.
    package func put(blob: [UInt8], in repository: String) throws {
        _ = try order("PUT", "blob?repository=\(repository)", blob)
    }

    /// Puts a manifest into a repository, under its digest and a tag.
    package func put(manifest: [UInt8], in repository: String, as tag: String) throws {
        _ = try order("PUT", "manifest?repository=\(repository)&name=\(tag)", manifest)
    }

    /// Loses a blob or manifest of one repository, or of all.
    package func lose(_ digest: String, of repository: String? = nil) throws {
        _ = try order("DELETE", "blob?digest=\(digest)" + (repository.map { "&repository=\($0)" } ?? ""))
    }

    /// What it was asked since the last `forgetRequests`, and what it has.
    package func state() throws -> ScriptedRegistryState { ScriptedRegistryState(try order("GET", "state")) }

    private func order(_ method: String, _ path: String, _ body: [UInt8] = []) throws -> DocumentValue {
        let client = HTTPClient(socket: "\(directory)/control.sock", limits: .init(connect: 5, stall: 30))
        let answer = try client.send(
            HTTPRequest(method, "http://control/\(path)", body: body.isEmpty ? .none : .bytes(body)), limit: 64 << 20)
        let document = try DocumentValue(json: answer.body)
        guard answer.response.isSuccess else {
            throw Problem(description: document["problem"]?.string ?? "\(answer.response.status)")
        }
        return document
    }
}
