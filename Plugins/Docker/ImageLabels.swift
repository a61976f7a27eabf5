// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The labels of an image: those of the OCI for the package that it is about, and the idents of what is in it.
enum ImageLabels {
    private static let standard = "org.opencontainers.image."
    private static let own = "org.biome."

    /// By key; those of the user win.
    static func labels(
        _ packages: ServicePackages, _ service: DirectService?, user: [(key: String, value: String)]
    ) -> [(key: String, value: String)] {
        var labels: [String: String] = [:]
        let primary = packages.primary
        let manifest = PackageManifest(primary.metadata("MANIFEST") ?? "")
        let described: [(String, String?)] = [
            ("title", primary.name), ("version", primary.version), ("vendor", primary.origin),
            ("description", manifest.description), ("authors", manifest.maintainer), ("licenses", manifest.licenses),
            ("url", manifest.upstreamURL), ("source", manifest.source),
        ]
        for (name, value) in described { labels[standard + name] = value }
        labels[own + "package"] = primary.ident
        labels[own + "packages"] = packages.named.map(\.ident).joined(separator: " ")
        labels[own + "cli"] = packages[.cli]?.ident
        labels[own + "supervisor"] = packages[.supervisor]?.ident
        labels[own + "launcher"] = packages[.launcher]?.ident
        labels[own + "init"] = service?.initPackage.ident
        for label in user { labels[label.key] = label.value }
        return labels.filter { !$0.value.isEmpty || user.map(\.key).contains($0.key) }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }
}
