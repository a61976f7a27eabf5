// SPDX-License-Identifier: Apache-2.0

/// Where plugins are looked for, first place wins (docs/reference/plugins.md).
package struct PluginPlace: Hashable, Sendable {
    /// Where the place comes from, as `bio plugin list` shows it: `argument`, `BIO_PLUGIN_PATH`, `user`, `site`,
    /// `bundled`, `system`.
    package let origin: String
    package let directory: String
    package let standing: PlaceStanding
    /// Whose word it is that a plugin was installed here.
    package let authority: PolicyRule.Authority

    package init(
        origin: String, directory: String, standing: PlaceStanding = .foreign, authority: PolicyRule.Authority = .site
    ) {
        self.origin = origin
        self.directory = directory
        self.standing = standing
        self.authority = authority
    }

    /// The user's own, below where his programs keep their data.
    package static func user(data: String) -> PluginPlace {
        PluginPlace(origin: "user", directory: "\(data)/bio/plugins", authority: .user)
    }

    /// What is installed for everybody.
    package static func site(_ standing: PlaceStanding = .foreign) -> PluginPlace {
        PluginPlace(origin: "site", directory: "/usr/local/lib/bio/plugins", standing: standing)
    }
}
