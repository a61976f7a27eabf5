// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioPackage
package import BioSystem

/// Where plugins are looked for, first place wins (docs/reference/plugins.md).
package struct PluginPlace: Hashable, Sendable {
    /// Where the place comes from, as `bio plugin list` shows it: `BIO_PLUGIN_PATH`, `user`, `site`, `bundled`, `system`.
    package let origin: String
    package let directory: String

    package init(origin: String, directory: String) {
        self.origin = origin
        self.directory = directory
    }
}

/// A plugin that was found, and what becomes of it.
package struct FoundPlugin: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case ready
        /// A policy rule disables it.
        case disabled(PluginPolicy.Rule)
        /// An earlier place has a plugin of this id.
        case shadowed(by: String)
        /// It was built for another ABI.
        case wrongABI(built: ABIVersion, needed: ABIVersion)
        /// It is for another kind of machine.
        case wrongTarget(PackageTarget)
        /// Its manifest or library cannot be used.
        case broken(String)

        /// One word, for listings and JSON.
        package var word: String {
            switch self {
            case .ready: "ready"
            case .disabled: "disabled"
            case .shadowed: "shadowed"
            case .wrongABI: "wrong-abi"
            case .wrongTarget: "wrong-target"
            case .broken: "broken"
            }
        }

        /// Why, for everything but `ready`.
        package var reason: String {
            switch self {
            case .ready: ""
            case .disabled(let rule): "\(rule.reason) (\(rule.path):\(rule.line))"
            case .shadowed(let directory): "'\(directory)' comes first"
            case .wrongABI(let built, let needed):
                "built for ABI \(built), needs \(needed); this host speaks \(PluginLibrary.hostRange.oldest) to "
                    + "\(PluginLibrary.hostRange.newest)"
            case .wrongTarget(let target): "it is for \(target), this is \(PackageTarget.host)"
            case .broken(let text): text
            }
        }
    }

    package let directory: String
    package let origin: String
    /// Nil when the manifest cannot be read.
    package let manifest: PluginManifest?
    package let state: State
    /// The programs that its manifest lists and a policy denies it.
    package var deniedTools: [String: PluginPolicy.Rule] = [:]

    package var libraryPath: String? { manifest.map { "\(directory)/\($0.library)" } }
    /// The id, or the directory of a plugin that has not said one.
    package var label: String { manifest?.id ?? directory }
}

/// All plugins of this machine, from their manifests: no library is opened.
package struct PluginCatalog: Hashable, Sendable {
    /// In the order of places, and by directory name in each.
    package let plugins: [FoundPlugin]
    /// Places that could not be looked into: one of them must not take the others away.
    package let unreadable: [SystemError]

    /// Looks into every place. A place that is not there is no error; a broken plugin is listed as such.
    package init(places: [PluginPlace], policy: PluginPolicy) {
        var plugins: [FoundPlugin] = []
        var unreadable: [SystemError] = []
        var directoryOf: [String: String] = [:]
        for place in places {
            let directories: [String]
            do throws(SystemError) { directories = try Self.pluginDirectories(in: place.directory) } catch {
                unreadable.append(error)
                continue
            }
            for directory in directories { plugins.append(Self.look(at: directory, place, policy, &directoryOf)) }
        }
        self.plugins = plugins
        self.unreadable = unreadable
    }

    private static func pluginDirectories(in place: String) throws(SystemError) -> [String] {
        guard try FileStatus.of(place)?.kind == .directory else { return [] }
        // A place may also be one plugin's own directory, which suits BIO_PLUGIN_PATH while developing.
        if try FileStatus.of("\(place)/\(PluginManifest.fileName)") != nil { return [place] }
        var found: [String] = []
        for name in try Directory.names(place) {
            guard let name = String(validating: name, as: UTF8.self), !name.hasPrefix(".") else { continue }
            let directory = "\(place)/\(name)"
            if try FileStatus.of("\(directory)/\(PluginManifest.fileName)") != nil { found.append(directory) }
        }
        return found
    }

    private static func look(
        at directory: String, _ place: PluginPlace, _ policy: PluginPolicy, _ directoryOf: inout [String: String]
    ) -> FoundPlugin {
        func found(_ manifest: PluginManifest?, _ state: FoundPlugin.State) -> FoundPlugin {
            FoundPlugin(directory: directory, origin: place.origin, manifest: manifest, state: state)
        }
        let manifest: PluginManifest
        do throws(PluginManifest.Refusal) { manifest = try PluginManifest.read(in: directory) } catch {
            return found(nil, .broken("\(error)"))
        }
        let first = directoryOf[manifest.id]
        if first == nil { directoryOf[manifest.id] = directory }
        if let rule = policy.disabling(manifest.id) { return found(manifest, .disabled(rule)) }
        if let first { return found(manifest, .shadowed(by: first)) }
        if manifest.target != .host { return found(manifest, .wrongTarget(manifest.target)) }
        guard PluginLibrary.speaks(built: manifest.abiBuilt, needed: manifest.abiNeeded) else {
            return found(manifest, .wrongABI(built: manifest.abiBuilt, needed: manifest.abiNeeded))
        }
        guard (try? FileStatus.of("\(directory)/\(manifest.library)"))??.kind == .file else {
            return found(manifest, .broken("the library '\(manifest.library)' is not there"))
        }
        var ready = found(manifest, .ready)
        for tool in manifest.tools { ready.deniedTools[tool] = policy.denying(tool, to: manifest.id) }
        return ready
    }

    /// Every format that can be exported, with the plugin that makes it; the first plugin wins a name.
    package var formats: [(word: String, plugin: FoundPlugin)] {
        var seen = Set<String>()
        return plugins.filter { $0.state == .ready }.flatMap { plugin in
            (plugin.manifest?.formats ?? []).filter { seen.insert($0).inserted }.map { ($0, plugin) }
        }
    }

    /// Formats of ready plugins that another ready plugin offers too and is asked for, with that one.
    package var outranked: [(word: String, plugin: FoundPlugin, winner: FoundPlugin)] {
        let winners = Dictionary(uniqueKeysWithValues: formats.map { ($0.word, $0.plugin) })
        return plugins.filter { $0.state == .ready }.flatMap { plugin in
            (plugin.manifest?.formats ?? []).compactMap { word in
                guard let winner = winners[word], winner != plugin else { return nil }
                return (word, plugin, winner)
            }
        }
    }

    /// Why a format cannot be exported.
    package enum LookupError: Error, Hashable, Sendable, CustomStringConvertible {
        case unknownFormat(String, known: [String])
        case notUsable(format: String, plugin: String, state: FoundPlugin.State)

        package var description: String {
            switch self {
            case .unknownFormat(let word, _): "no plugin exports the format '\(word)'"
            case .notUsable(let format, let plugin, let state):
                "the format '\(format)' is made by the plugin '\(plugin)', which is \(state.word): \(state.reason)"
            }
        }

        package var hint: String? {
            switch self {
            case .unknownFormat(_, let known):
                known.isEmpty
                    ? "no plugin is installed; see 'bio plugin list'"
                    : "there are: \(known.joined(separator: ", ")); see 'bio plugin list'"
            case .notUsable: "see 'bio plugin list'"
            }
        }
    }

    /// The plugin that makes a format.
    package func plugin(forFormat word: String) throws(LookupError) -> FoundPlugin {
        if let found = formats.first(where: { $0.word == word }) { return found.plugin }
        for plugin in plugins {
            if let manifest = plugin.manifest, manifest.formats.contains(word) {
                throw .notUsable(format: word, plugin: manifest.id, state: plugin.state)
            }
        }
        throw .unknownFormat(word, known: formats.map(\.word).sorted())
    }

    /// Plugins by id, name or directory: all that match, shadowed ones too.
    package func plugins(named text: String) -> [FoundPlugin] {
        plugins.filter { $0.manifest?.id == text || $0.manifest?.name == text || $0.directory == text }
    }
}
