// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import Glibc

/// Where plugins are, who decides about them, and how they run, by variables and who asks.
extension CommandContext {
    /// First place wins (docs/reference/plugins.md).
    private func pluginPlaces() throws -> [PluginPlace] {
        var places = try named()
        if !plugins.isPrivileged {
            for directory in (environment["BIO_PLUGIN_PATH"] ?? "").split(separator: ":") {
                places.append(
                    PluginPlace(
                        origin: "BIO_PLUGIN_PATH", directory: absolute(String(directory)), standing: .developer))
            }
            if let place = userPluginPlace { places.append(place) }
        }
        let prefix = installPrefix
        places.append(.site(prefix == "/usr/local" ? .shared : .foreign))
        if let prefix, prefix != "/usr/local", prefix != "/usr" {
            places.append(
                PluginPlace(origin: "bundled", directory: "\(prefix)/lib/bio/plugins", standing: .bundled))
        }
        places.append(
            PluginPlace(
                origin: "system", directory: "/usr/lib/bio/plugins", standing: prefix == "/usr" ? .shared : .foreign))
        return places
    }

    /// Where this user's plugins are installed; nil when there is no place for any.
    private var userPluginPlace: PluginPlace? {
        (environment["XDG_DATA_HOME"] ?? home.map { "\($0)/.local/share" }).map { .user(data: absolute($0)) }
    }

    /// Where plugins are installed: for all users, or for this one.
    func installPlace(isSite: Bool) throws -> PluginPlace {
        if isSite { return .site() }
        guard let place = userPluginPlace else {
            throw CommandFailure(
                .failure, "there is no place for plugins of yours: neither XDG_DATA_HOME nor HOME is set",
                hint: "set HOME, or install it for all users: --site")
        }
        return place
    }

    /// What `--plugin` and `--plugin-dir` name.
    private func named() throws -> [PluginPlace] {
        guard !plugins.isPrivileged || plugins.named.isEmpty else {
            throw CommandFailure(
                .plugin, "a program with more rights than its user takes no plugin from a command line",
                hint: "install the plugin")
        }
        return try plugins.named.map { named in
            switch named {
            case .place(let path): return argument(path)
            case .plugin(let path): return argument(try pluginDirectory(path))
            }
        }
    }

    private func argument(_ path: String) -> PluginPlace {
        PluginPlace(origin: "argument", directory: absolute(path), standing: .developer)
    }

    /// The directory of the plugin that a path names: it itself, or the one around a library.
    private func pluginDirectory(_ path: String) throws -> String {
        let isLibrary = try FileStatus.of(absolute(path))?.kind == .file
        let bundle = PluginBundle(libraryPath: absolute(path))
        let directory = isLibrary ? bundle.directory : absolute(path)
        guard try FileStatus.of("\(directory)/\(PluginManifest.fileName)") != nil else {
            throw CommandFailure(
                .plugin, "--plugin: '\(path)' is no plugin: there is no \(PluginManifest.fileName) in '\(directory)'",
                hint: "name the directory that 'bio plugin new' or your build made")
        }
        if isLibrary {
            let manifest = try PluginManifest.read(in: directory)
            guard manifest.library == bundle.library else {
                throw CommandFailure(
                    .plugin,
                    "--plugin: \(PluginManifest.fileName) beside '\(path)' is about '\(manifest.library)'",
                    hint: "name that library, or change 'library' in the manifest")
            }
        }
        return directory
    }

    /// The prefix that `bio` was installed under: two levels above the program.
    var installPrefix: String? {
        let pieces = executablePath.split(separator: "/", omittingEmptySubsequences: false)
        guard pieces.count >= 3, pieces[pieces.count - 2] == "bin" else { return nil }
        let prefix = pieces.dropLast(2).joined(separator: "/")
        return prefix.isEmpty ? "/" : prefix
    }

    /// All plugins, from their manifests.
    func pluginCatalog() throws -> PluginCatalog {
        guard let directory = plugins.directory else { return try catalog(try pluginPlaces()) }
        return PluginCatalog(
            places: [argument(directory)], judge: PluginJudge(policy: PluginPolicy()), evidence: pluginKeys)
    }

    /// The plugins in one directory that the user named.
    func pluginCatalog(of directory: String) throws -> PluginCatalog { try catalog([argument(directory)]) }

    private func catalog(_ places: [PluginPlace]) throws -> PluginCatalog {
        let catalog = PluginCatalog(places: places, judge: try pluginJudge(), evidence: pluginKeys)
        for error in catalog.unreadable { status.warn("plugins were left out: \(error)") }
        return catalog
    }

    /// How plugins run. When `plugin` crashes that is kept in mind.
    func pluginRuntime(
        of plugin: FoundPlugin? = nil, inProcess: Bool = false, limits: PhaseLimits = PhaseLimits(),
        showsDebug: Bool = false
    ) -> PluginExport.Runtime {
        var runtime = PluginExport.Runtime(
            mode: inProcess ? .inProcess : .thisProgram, limits: limits,
            hostVersion: BioVersion.number, interruption: interruption.descriptor,
            isCancelled: { [interruption] in interruption.isRequested }, showsDebug: showsDebug)
        runtime.temporaryDirectory = temporaryDirectory
        return plugin.map { hearing(of: $0, runtime) } ?? runtime
    }

    /// The same, but that the crashes which are kept in mind are those of `plugin`.
    func hearing(of plugin: FoundPlugin, _ runtime: PluginExport.Runtime) -> PluginExport.Runtime {
        var runtime = runtime
        runtime.crashed = nil
        runtime.trial = plugins.trial.flatMap { $0.directory == plugin.directory ? $0.runner : nil }
        // What a check provokes is held against nobody.
        guard runtime.mode != .inProcess, runtime.trial == nil else { return runtime }
        runtime.crashed = { error in record(error, of: plugin) }
        return runtime
    }

    /// How the plugins of an export run.
    func pluginRuntime(of plugin: FoundPlugin, _ arguments: ParsedArguments) throws(SystemError)
        -> PluginExport.Runtime
    {
        var runtime = pluginRuntime(
            of: plugin, inProcess: arguments.flag("in-process"),
            limits: arguments.integer("plugin-timeout").map { PhaseLimits(all: $0) } ?? PhaseLimits(),
            showsDebug: arguments.flag("verbose"))
        if let path = arguments.string("trace-plugin") {
            let trace = try PluginTrace(path == "-" ? path : absolute(path))
            runtime.trace = { plugin, call in trace.write(plugin, call) }
        }
        return runtime
    }

    /// What a plugin says of itself: the file beside its manifest, else the library in a runner.
    func description(of plugin: FoundPlugin) throws -> PluginDescription {
        if let description = DescriptionFile.read(in: plugin.directory), description.id == plugin.manifest?.id {
            return description
        }
        guard plugins.mayRun else {
            throw CommandFailure(
                .plugin, "plugin '\(plugin.label)' has no description yet",
                hint: "run 'bio plugin describe \(plugin.directory)'")
        }
        return try freshDescription(of: plugin)
    }

    /// What the library says now, held against its manifest.
    func freshDescription(of plugin: FoundPlugin) throws -> PluginDescription {
        guard let manifest = plugin.manifest, let bundle = plugin.bundle else {
            throw CommandFailure(
                .plugin, "plugin '\(plugin.label)' cannot be used: \(plugin.state.reason)", hint: plugin.change)
        }
        let description = try PluginExport.describe(bundle, pluginRuntime(of: plugin))
        if let text = manifest.disagreement(with: description) {
            throw CommandFailure(
                .plugin, text, hint: "make '\(plugin.directory)/plugin.toml' and the library agree")
        }
        return description
    }
}
