// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Signed packages of real software, made of Debian's (Tests/Support/closure): redis, nginx, jq, a static
/// busybox, CA certificates, and all they need.
package struct RealClosure: Sendable {
    /// Absolute paths of the artifacts, by the packages' names.
    package let artifacts: [String: String]
    /// `core/redis/7.0.15/20260101000000`, by the packages' names.
    package let idents: [String: String]
    /// A directory with the origin key that signed them.
    package let keys: String

    /// Made once, and kept in `build/closure`.
    package static let shared = Result { try RealClosure() }

    private init() throws {
        let out = "\(SourceTree.root)/build/closure"
        try tool(
            "\(SourceTree.root)/Tests/Support/closure/make-closure", "--bio", BuiltBio.program, "--out", out)
        var artifacts: [String: String] = [:]
        var idents: [String: String] = [:]
        for member in try DocumentValue(json: try contents(of: "\(out)/idents.json")).object?.members ?? [] {
            artifacts[member.key] = "\(out)/\(member.value["artifact"]?.string ?? "")"
            idents[member.key] = member.value["ident"]?.string
        }
        (self.artifacts, self.idents, keys) = (artifacts, idents, "\(out)/keys")
    }

    package func artifact(_ name: String) throws -> String { try known(name, artifacts) }
    package func ident(_ name: String) throws -> String { try known(name, idents) }

    private func known(_ name: String, _ values: [String: String]) throws -> String {
        guard let value = values[name] else {
            throw BuiltBio.Missing(description: "the closure has no package '\(name)'")
        }
        return value
    }
}
