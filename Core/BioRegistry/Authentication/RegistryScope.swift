// SPDX-License-Identifier: Apache-2.0

/// What a token allows (distribution token specification, "scope"): `repository:library/redis:pull,push`.
struct RegistryScope: Hashable, Sendable {
    let type: String
    let name: String
    var actions: Set<String>

    init(_ repository: Repository, writes: Bool) {
        type = "repository"
        name = repository.path
        actions = writes ? ["pull", "push"] : ["pull"]
    }

    /// One word of a challenge; nil for what is none. Names may have colons in them: those of hosts do.
    init?(parsing text: some StringProtocol) {
        guard let first = text.firstIndex(of: ":"), let last = text.lastIndex(of: ":"), first < last else { return nil }
        type = String(text[..<first])
        name = String(text[text.index(after: first)..<last])
        actions = Set(text[text.index(after: last)...].split(separator: ",").map { String($0) })
    }

    /// The actions in byte order, so that a set is asked for in one way.
    var text: String { "\(type):\(name):\(actions.sorted().joined(separator: ","))" }
}

/// Scopes, each type and name once.
struct RegistryScopes: Hashable, Sendable {
    private var actions: [[String]: Set<String>] = [:]

    init(_ scopes: some Sequence<RegistryScope> = []) {
        for scope in scopes { insert(scope) }
    }

    mutating func insert(_ scope: RegistryScope) {
        actions[[scope.type, scope.name], default: []].formUnion(scope.actions)
    }

    mutating func formUnion(_ other: RegistryScopes) {
        for (key, more) in other.actions { actions[key, default: []].formUnion(more) }
    }

    func covers(_ other: RegistryScopes) -> Bool {
        other.actions.allSatisfy { actions[$0.key]?.isSuperset(of: $0.value) ?? false }
    }

    /// Whether it names the repository, and no other.
    func isOnlyAbout(_ path: String) -> Bool {
        actions.keys.allSatisfy { $0[0] != "repository" || $0[1] == path }
    }

    /// In byte order.
    var texts: [String] {
        actions.map { "\($0.key[0]):\($0.key[1]):\($0.value.sorted().joined(separator: ","))" }.sorted()
    }
}
