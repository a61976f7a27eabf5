// SPDX-License-Identifier: Apache-2.0

/// What a file of credentials files an entry under: a registry, or some repositories of it. Written as `host`, `host/path`
/// or, by docker, `https://host/v1/`.
package struct CredentialKey: Hashable, Sendable {
    /// Lower case, Docker Hub by one name.
    package let host: String
    /// Components; empty for the whole registry.
    package let path: [String]

    /// What docker files its Hub under.
    private static let hubKey = "https://index.docker.io/v1/"
    private static let hub = "docker.io"
    private static let hubNames: Set = [
        "docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com",
    ]

    package init(_ text: String) {
        let lower = text.lowercased()
        let scheme = ["https://", "http://"].first { lower.hasPrefix($0) } ?? ""
        let parts = text.utf8.dropFirst(scheme.utf8.count).split(separator: UInt8(ascii: "/")).map {
            String(decoding: Array($0), as: UTF8.self)
        }
        let name = (parts.first ?? "").lowercased()
        host = Self.hubNames.contains(name) ? Self.hub : name
        let rest = Array(parts.dropFirst())
        // The version of the protocol, which docker writes behind the host.
        path = rest == ["v1"] || rest == ["v2"] ? [] : rest
    }

    package init(of registry: RegistryHost) { self.init(registry.name) }

    /// Whether it is about `repository`: whole components count, `team` is not about `teams/app`.
    package func covers(_ repository: Repository) -> Bool {
        guard host == CredentialKey(of: repository.registry).host else { return false }
        let components = repository.path.utf8.split(separator: UInt8(ascii: "/"))
        return components.count >= path.count && zip(path, components).allSatisfy { $0.utf8.elementsEqual($1) }
    }

    /// As docker writes it, and hands it to helpers.
    package var text: String {
        guard path.isEmpty else { return ([host] + path).joined(separator: "/") }
        return host == Self.hub ? Self.hubKey : host
    }

    /// For people.
    package var name: String { ([host] + path).joined(separator: "/") }
}
