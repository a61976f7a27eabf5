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

            \(SharedVariable.listing)
            """,
        examples: [
            CommandSpec.Example("bio pkg install ./acme-app-1.0-20260101000000-x86_64-linux.hart", "Install a package"),
            CommandSpec.Example("bio pkg export tar acme/app", "Export it, with all it needs, as a tar"),
        ],
        subcommands: [package, image, registry, cache, origin, ring, supervisor, service, configuration, plan, user]
            + others)

    private static let package = CommandSpec(
        "pkg", aliases: ["p", "pk", "package"], abstract: "Install, inspect, sign and export packages",
        subcommands: packageCommands)

    private static let image = CommandSpec(
        "image", abstract: "Look at container images, wherever they are, copy and verify them",
        subcommands: [ImageInspect.spec, ImageList.spec, ImageCompare.spec, ImageCopy.spec, ImageVerify.spec])

    private static let registry = CommandSpec(
        "registry", abstract: "Log in to registries of images, and out",
        subcommands: [RegistryLogin.spec, RegistryLogout.spec])

    private static let cache = CommandSpec(
        "cache", abstract: "Care for the finished layers of images",
        subcommands: [CacheList.spec, CacheVerify.spec, CachePrune.spec])

    private static let origin = CommandSpec(
        "origin", aliases: CommandSpec.beginnings(of: "origin", 1...5), abstract: "Care for the keys of an origin",
        subcommands: [
            CommandSpec(
                "key", aliases: ["k", "ke"], abstract: "Make, import, export and list signing keys",
                subcommands: [OriginKeyGenerate.spec, OriginKeyImport.spec, OriginKeyExport.spec, OriginKeyList.spec])
        ])

    private static let commandLine = CommandSpec(
        "cli", aliases: ["cl"], abstract: "Set up the command line itself", subcommands: [CLICompleters.spec])

    private static let ring = CommandSpec(
        "ring", abstract: "Care for the keys of supervisor rings",
        subcommands: [
            CommandSpec(
                "key", abstract: "Make, import and export ring keys",
                subcommands: [RingKeyGenerate.spec, RingKeyImport.spec, RingKeyExport.spec])
        ])

    private static let supervisor = CommandSpec(
        "sup", abstract: "Supervise the services of this machine",
        subcommands: [SupervisorRun.spec, SupervisorEnd.spec, ServiceStatusList.spec.hidden(as: "status")])

    private static let service = CommandSpec(
        "svc", abstract: "Load services, start and stop them, see how they are",
        subcommands: [
            ServiceLoad.spec, ServiceChange.unload, ServiceChange.start, ServiceChange.stop, ServiceStatusList.spec,
            CommandSpec("key", abstract: "Make keys of service groups", subcommands: [ServiceKeyGenerate.spec]),
        ])

    private static let configuration = CommandSpec(
        "config", abstract: "Configure services that run",
        subcommands: [ConfigurationApply.spec, ConfigurationShow.spec])

    private static let plan = CommandSpec(
        "plan", abstract: "Work on plans of packages", subcommands: [PlanRender.spec])

    private static let user = CommandSpec(
        "user", abstract: "Care for the keys of users",
        subcommands: [CommandSpec("key", abstract: "Make keys of users", subcommands: [UserKeyGenerate.spec])])

    private static let plugin = CommandSpec(
        "plugin",
        abstract: "Look at the plugins that make formats; write, install and choose them",
        subcommands: [
            PluginList.spec, PluginInfo.spec, PluginExplain.spec,
        ] + pluginWork.map { $0.after { context in try context.plugins.checkUnprivileged() } })

    /// What reads files that the caller names, writes, or runs plugins: nobody does so with rights that are not his.
    private static let pluginWork: [CommandSpec] = [
        PluginInstall.spec, PluginUpdate.spec, PluginUninstall.spec, PluginSign.spec, PluginVerify.spec,
        PluginSwitch.enable, PluginSwitch.disable, PluginAllow.allow, PluginAllow.requireSignature, PluginPin.spec,
        PluginClear.spec, PluginDescribe.spec, PluginNew.spec, PluginCheck.spec,
    ]

    /// Below `bio pkg`.
    private static let packageCommands: [CommandSpec] = [
        PackageInstall.spec, PackageUninstall.spec, PackageBinlink.spec, PackageList.spec, PackagePath.spec,
        PackageInfo.spec, PackageHash.spec,
        PackageHeader.spec, PackageSign.spec, PackageVerify.spec, PackageExport.spec,
        PackageDependencies.spec, PackageEnv.spec, PackageExec.spec, PackageGraph.spec, PackageProvides.spec,
        PackageSearch.spec, PackageConfiguration.spec,
    ]

    /// Beside `bio pkg` and `bio origin`.
    private static let others: [CommandSpec] = [
        plugin, commandLine, PackageInstall.spec.hidden(as: "install"),
        PackageUninstall.spec.hidden(as: "uninstall"), PackageBinlink.spec.hidden(as: "binlink"), Complete.spec,
        Manual.spec,
    ]
}
