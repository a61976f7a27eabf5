// SPDX-License-Identifier: Apache-2.0

/// All commands. A new one is a row in one of these arrays.
package enum CommandTree {
    package static let root = CommandSpec(
        "bio",
        abstract: "Turn Biome packages into what other platforms run",
        discussion: """
            Packages are signed .hart files, known by an ident: origin/name/version/release, from the right shortened
            at will. A package is installed below /hab/pkgs after its signature has been verified; an export writes \
            it, with all it needs, in a format that a plugin makes.

            Messages go to standard error, results alone to standard output.

            Variables that every command honours:

              FS_ROOT              directory to use instead of / for packages and caches
              BIO_FLAVOUR          habitat, biome or biome-2.1: whose names and places
              HAB_GLYPH_STYLE      full, limited or ascii: the signs before messages
              HAB_NOCOLORING       1 or true: no colours; NO_COLOR does the same
              HAB_NONINTERACTIVE   1 or true: plain lines instead of progress bars
            """,
        examples: [
            CommandSpec.Example("bio pkg install ./acme-app-1.0-20260101000000-x86_64-linux.hart", "Install a package"),
            CommandSpec.Example("bio pkg export tar acme/app", "Export it, with all it needs, as a tar"),
        ],
        subcommands: [package, origin, ring, service, user] + others)

    private static let package = CommandSpec(
        "pkg", abstract: "Install, inspect, sign and export packages", subcommands: packageCommands)

    private static let origin = CommandSpec(
        "origin", abstract: "Care for the keys of an origin",
        subcommands: [
            CommandSpec(
                "key", abstract: "Make, import and export signing keys",
                subcommands: [OriginKeyGenerate.spec, OriginKeyImport.spec, OriginKeyExport.spec])
        ])

    private static let ring = CommandSpec(
        "ring", abstract: "Care for the keys of supervisor rings",
        subcommands: [
            CommandSpec(
                "key", abstract: "Make, import and export ring keys",
                subcommands: [RingKeyGenerate.spec, RingKeyImport.spec, RingKeyExport.spec])
        ])

    private static let service = CommandSpec(
        "svc", abstract: "Care for the keys of services",
        subcommands: [
            CommandSpec("key", abstract: "Make keys of service groups", subcommands: [ServiceKeyGenerate.spec])
        ])

    private static let user = CommandSpec(
        "user", abstract: "Care for the keys of users",
        subcommands: [CommandSpec("key", abstract: "Make keys of users", subcommands: [UserKeyGenerate.spec])])

    private static let plugin = CommandSpec(
        "plugin", abstract: "Look at the plugins that make formats",
        subcommands: [PluginList.spec, PluginInfo.spec, PluginDescribe.spec])

    /// Below `bio pkg`.
    private static let packageCommands: [CommandSpec] = [
        PackageInstall.spec, PackageList.spec, PackagePath.spec, PackageInfo.spec, PackageHash.spec,
        PackageHeader.spec, PackageSign.spec, PackageVerify.spec, PackageExport.spec,
        PackageDependencies.spec, PackageEnv.spec, PackageExec.spec, PackageGraph.spec, PackageProvides.spec,
        PackageSearch.spec,
    ]

    /// Beside `bio pkg` and `bio origin`.
    private static let others: [CommandSpec] = [
        plugin, PackageInstall.spec.hidden(as: "install"),
    ]
}
