// SPDX-License-Identifier: Apache-2.0

package import BioOCI

/// A registry as references name it: `host` or `host:port`.
package struct RegistryHost: Hashable, Sendable, CustomStringConvertible {
    /// As in a normalized reference: `docker.io`, `localhost:5000`.
    package let name: String

    package init(_ name: String) { self.name = name }

    package var description: String { name }

    /// Whom to connect to: Docker Hub answers under another name than it is written by.
    package var endpoint: String {
        switch name {
        case "docker.io", "index.docker.io": "registry-1.docker.io"
        default: name
        }
    }
}

/// The images of one name at a registry.
package struct Repository: Hashable, Sendable, CustomStringConvertible {
    package let registry: RegistryHost
    /// `library/redis`; checked by whoever parsed the reference.
    package let path: String

    package init(_ registry: RegistryHost, path: String) {
        self.registry = registry
        self.path = path
    }

    /// Of a reference in any form.
    package init(of reference: ImageReference) {
        let full = reference.normalized
        registry = RegistryHost(full.registry ?? "docker.io")
        path = full.path
    }

    package var description: String { "\(registry)/\(path)" }
}
