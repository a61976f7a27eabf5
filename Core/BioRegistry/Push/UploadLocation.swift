// SPDX-License-Identifier: Apache-2.0

/// Which locations of uploads may lie in a file: those at the registry itself that hold no secret.
enum UploadLocation {
    private static let lengthLimit = 2048

    /// Path and query of `location` when it may be kept; nil otherwise.
    static func keepable(_ location: String, of registry: RegistryHost) -> String? {
        guard let rest = path(of: location, registry), isKeepable(rest) else { return nil }
        return rest
    }

    /// A path, and behind it nothing or the `_state` of docker's registry: what that signs is where the upload is, and
    /// whoever sends it has to log in as ever. Any other query may be a key to somebody's storage.
    static func isKeepable(_ path: String) -> Bool {
        guard path.utf8.first == 0x2F, path.utf8.count <= lengthLimit, !path.hasPrefix("//"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return false }
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return true }
        guard parts[1].hasPrefix("_state=") else { return false }
        return parts[1].dropFirst(7).utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || "-_=%".utf8.contains($0)
        }
    }

    private static func path(of location: String, _ registry: RegistryHost) -> String? {
        if location.utf8.first == 0x2F { return location }
        for scheme in ["https://", "http://"] where location.hasPrefix(scheme) {
            let rest = location.dropFirst(scheme.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard authority == registry.endpoint || authority == registry.name else { return nil }
            let path = rest.dropFirst(authority.count)
            return path.hasPrefix("/") ? String(path) : nil
        }
        return nil
    }
}
