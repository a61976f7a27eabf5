// SPDX-License-Identifier: Apache-2.0

package import BioCrypto

/// The name of an image: `[registry/]path[:tag][@digest]` (distribution reference grammar; distribution-spec 1.1, "Pulling
/// manifests"). What was written is kept: `redis` and `docker.io/library/redis:latest` are different values.
package struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// Registry and path as written: `registry.example:5000/core/redis`.
    package let name: String
    package let tag: String?
    package let digest: Digest?

    /// `name` must have been checked: `init(parsing:)` does.
    init(name: String, tag: String?, digest: Digest?) {
        self.name = name
        self.tag = tag
        self.digest = digest
    }

    package var description: String { name + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }

    /// The registry when the first component names one: it has a dot or a port, or is `localhost`.
    package var registry: String? {
        guard let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
        let first = name[..<slash]
        let isHost = first == "localhost" || first.utf8.contains(where: { $0 == 0x2E || $0 == 0x3A })
        return isHost ? String(first) : nil
    }

    /// The path without the registry.
    package var path: String {
        guard let registry else { return name }
        return String(name.utf8.dropFirst(registry.utf8.count + 1)) ?? name
    }

    /// As Docker stores it: `docker.io/library/redis`, with a tag.
    package var normalized: ImageReference {
        let isHub = registry.map { ["docker.io", "index.docker.io"].contains($0) } ?? true
        let full = isHub ? "docker.io/" + (path.utf8.contains(0x2F) ? path : "library/\(path)") : name
        return ImageReference(name: full, tag: tag ?? (digest == nil ? "latest" : nil), digest: digest)
    }

    /// The image of that digest, whatever its tag: `registry.example/core/redis@sha256:…`.
    package func pinned(to digest: Digest) -> ImageReference { ImageReference(name: name, tag: nil, digest: digest) }

    /// Another tag of the same name. `tag` must have been checked.
    package func tagged(_ tag: String) -> ImageReference { ImageReference(name: name, tag: tag, digest: nil) }
}
