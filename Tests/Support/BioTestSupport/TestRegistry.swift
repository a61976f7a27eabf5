// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import Synchronization

/// A real registry for tests (Debian's docker-registry), with a port and a store of its own
/// (Tests/Support/registries/registry). It is gone when this object is, or when the test process is.
package final class TestRegistry: Sendable {
    package enum Kind: String, Sendable {
        /// http, for anybody.
        case plain
        /// TLS with `TestCertificates.shared()`, and basic authentication.
        case basic
        /// http, and a token server that lets anybody pull and `user` push.
        case token
    }

    package static let user = "tester"
    /// No other text of a test has it in it: where it is found, it has leaked.
    package static let password = "sw0rdf1sh-and-m0re"

    package let kind: Kind
    /// `127.0.0.1:PORT`.
    package let host: String
    /// Of the registry itself.
    package let pid: Int32
    private let directory: String
    private let process: AttachedProcess

    package init(_ kind: Kind) throws {
        self.kind = kind
        directory = try TestDirectory.make("registry")
        let ready = "\(directory)/ready"
        process = try AttachedProcess(
            [
                Repository.path("Tests/Support/registries/registry"), kind.rawValue, directory,
                TestCertificates.shared().directory,
            ], environment: ["REGISTRY_USER": Self.user, "REGISTRY_PASSWORD": Self.password], directory: directory,
            ready: ready)
        let document = try DocumentValue(json: contents(of: ready))
        host = document["host"]?.string ?? ""
        pid = Int32(document["pid"]?.int ?? 0)
    }

    /// What it wrote so far: a line for every request that it answered.
    package func log() throws -> String { String(decoding: try contents(of: "\(directory)/log"), as: UTF8.self) }

    /// One for all tests that only use repositories with names of their own.
    package static func shared(_ kind: Kind) throws -> TestRegistry {
        try started.withLock { started in
            if let registry = started[kind] { return registry }
            let registry = try TestRegistry(kind)
            started[kind] = registry
            return registry
        }
    }

    private static let started: Mutex<[Kind: TestRegistry]> = Mutex([:])
}

// MARK: - Other people's clients

extension TestRegistry {
    /// `skopeo copy`, which is let in here and believes the certificate, from or to `docker://` references of this registry.
    package func skopeoCopy(_ source: String, _ destination: String, _ options: [String] = []) throws -> Tool.Outcome {
        var arguments = ["skopeo", "copy", "-q"] + options
        if source.hasPrefix("docker://") { arguments += try access("--src-") }
        if destination.hasPrefix("docker://") { arguments += try access("--dest-") }
        return try Tool.run(arguments + [source, destination])
    }

    /// `skopeo inspect --raw` of a reference of this registry.
    package func skopeoManifest(_ reference: String) throws -> Tool.Outcome {
        try Tool.run(["skopeo", "inspect", "--raw"] + access("--") + ["docker://\(reference)"])
    }

    private func access(_ prefix: String) throws -> [String] {
        let who = ["\(prefix)creds", "\(Self.user):\(Self.password)"]
        switch kind {
        case .plain: return ["\(prefix)tls-verify=false"]
        case .token: return ["\(prefix)tls-verify=false"] + who
        case .basic: return ["\(prefix)cert-dir", try TestCertificates.shared().file("docker")] + who
        }
    }
}
