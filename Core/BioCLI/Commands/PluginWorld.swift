// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import Glibc

/// Where plugins are, who decides about them, and how they run, by variables and who asks.
extension CommandContext {
    /// First place wins (docs/reference/plugins.md).
    private var pluginPlaces: [PluginPlace] {
        var places: [PluginPlace] = []
        for directory in (environment["BIO_PLUGIN_PATH"] ?? "").split(separator: ":") {
            places.append(PluginPlace(origin: "BIO_PLUGIN_PATH", directory: absolute(String(directory))))
        }
        if let data = environment["XDG_DATA_HOME"] ?? home.map({ "\($0)/.local/share" }) {
            places.append(PluginPlace(origin: "user", directory: "\(data)/bio/plugins"))
        }
        places.append(PluginPlace(origin: "site", directory: "/usr/local/lib/bio/plugins"))
        if let prefix = installPrefix, prefix != "/usr/local", prefix != "/usr" {
            places.append(PluginPlace(origin: "bundled", directory: "\(prefix)/lib/bio/plugins"))
        }
        places.append(PluginPlace(origin: "system", directory: "/usr/lib/bio/plugins"))
        return places
    }

    /// The prefix that `bio` was installed under: two levels above the program.
    private var installPrefix: String? {
        let pieces = executablePath.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count >= 3, pieces[pieces.count - 2] == "bin" else { return nil }
        let prefix = pieces.dropLast(2).joined(separator: "/")
        return prefix.isEmpty ? "/" : prefix
    }

    /// Every one of these may only narrow.
    private var policyPaths: [String] {
        var paths = ["/etc/bio/export-plugins.toml"]
        if let config = environment["XDG_CONFIG_HOME"] ?? home.map({ "\($0)/.config" }) {
            paths.append("\(config)/bio/export-plugins.toml")
        }
        return paths
    }

    /// What site, user and `BIO_PLUGIN_POLICY` say together.
    private func pluginPolicy() throws -> PluginPolicy {
        try PluginPolicy.read(policyPaths, required: environment["BIO_PLUGIN_POLICY"].map(absolute))
    }

    /// All plugins, from their manifests.
    func pluginCatalog() throws -> PluginCatalog {
        guard let directory = plugins.directory else { return try catalog(pluginPlaces) }
        return PluginCatalog(
            places: [PluginPlace(origin: "argument", directory: absolute(directory))],
            policy: try PluginPolicy.read([], required: nil))
    }

    /// The plugins in one directory that the user named.
    func pluginCatalog(of directory: String) throws -> PluginCatalog {
        try catalog([PluginPlace(origin: "argument", directory: absolute(directory))])
    }

    private func catalog(_ places: [PluginPlace]) throws -> PluginCatalog {
        let catalog = PluginCatalog(places: places, policy: try pluginPolicy())
        for error in catalog.unreadable { status.warn("plugins were left out: \(error)") }
        return catalog
    }

    /// How plugins run.
    func pluginRuntime(inProcess: Bool = false, limits: PhaseLimits = PhaseLimits(), showsDebug: Bool = false)
        -> PluginExport.Runtime
    {
        PluginExport.Runtime(
            mode: inProcess ? .inProcess : .thisProgram, limits: limits,
            hostVersion: BioVersion.number, interruption: interruption.descriptor,
            isCancelled: { [interruption] in interruption.isRequested }, showsDebug: showsDebug)
    }

    /// What a plugin says of itself: the file beside its manifest, else the library in a runner.
    func description(of plugin: FoundPlugin) throws -> PluginDescription {
        if let description = DescriptionFile.read(in: plugin.directory), description.id == plugin.manifest?.id {
            return description
        }
        guard plugins.mayRun else {
            throw CommandFailure(.plugin, "plugin '\(plugin.label)' has no description yet")
        }
        return try freshDescription(of: plugin)
    }

    /// What the library says now, held against its manifest.
    func freshDescription(of plugin: FoundPlugin) throws -> PluginDescription {
        guard let manifest = plugin.manifest, let library = plugin.libraryPath else {
            throw CommandFailure(.plugin, "plugin '\(plugin.label)' cannot be used: \(plugin.state.reason)")
        }
        let description = try PluginExport.describe(library: library, pluginRuntime())
        let words = description.formats.flatMap { [$0.id] + $0.aliases }
        guard description.id == manifest.id, Set(words) == Set(manifest.formats),
            description.version == manifest.version
        else {
            throw CommandFailure(
                .plugin,
                "plugin '\(manifest.id)' says of itself '\(description.id) \(description.version)' with the formats "
                    + "\(words.joined(separator: ", ")), its manifest says '\(manifest.id) \(manifest.version)' with "
                    + manifest.formats.joined(separator: ", "),
                hint: "make '\(plugin.directory)/plugin.toml' and the library agree")
        }
        return description
    }
}
