// SPDX-License-Identifier: Apache-2.0

package import BioSystem

/// All plugins of this machine, from their manifests: no library is opened.
package struct PluginCatalog: Hashable, Sendable {
    /// In the order of places, and by directory name in each.
    package let plugins: [FoundPlugin]
    /// Places that could not be looked into: one of them must not take the others away.
    package let unreadable: [SystemError]

    /// Looks into every place. A place that is not there is no error; a broken plugin is listed as such.
    package init(places: [PluginPlace], judge: PluginJudge, evidence: PluginEvidenceReader) {
        var plugins: [FoundPlugin] = []
        var unreadable: [SystemError] = []
        var evidence = evidence
        for place in places {
            let directories: [String]
            do throws(SystemError) { directories = try Self.pluginDirectories(in: place.directory) } catch {
                unreadable.append(error)
                continue
            }
            for directory in directories {
                plugins.append(FoundPlugin(PluginCandidate(directory, in: place, &evidence), judge))
            }
        }
        Self.rank(&plugins)
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

    /// The first plugin of an id that can be used takes the later ones away. One that cannot takes nothing away:
    /// whoever may put files into an earlier place could else switch plugins off.
    private static func rank(_ plugins: inout [FoundPlugin]) {
        let copies = Dictionary(grouping: plugins.indices) { plugins[$0].manifest?.id ?? "" }
        for (id, indices) in copies where !id.isEmpty && indices.count > 1 {
            let winner = indices.first { plugins[$0].state == .ready }
            for index in indices {
                let others = indices.filter { $0 != index }.map { other in
                    let plugin = plugins[other]
                    let state = other == winner || plugin.state == .ready ? "" : ", \(plugin.state.word)"
                    return "\(other < index ? "after" : "before") \(plugin.directory) (\(plugin.origin)\(state))"
                }
                let isTaken = winner.map { $0 < index } ?? false
                let refusal = isTaken ? winner.map { FoundPlugin.State.shadowed(by: plugins[$0].directory) } : nil
                plugins[index].decision.set(PluginDecision.Step(.shadows, others, refusal))
            }
        }
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

    /// The plugin that makes a format.
    package func plugin(forFormat word: String) throws(LookupError) -> FoundPlugin {
        if let found = formats.first(where: { $0.word == word }) { return found.plugin }
        if let plugin = Self.foremost(offering(word)) {
            throw .notUsable(format: word, plugin: plugin.label, state: plugin.state, change: plugin.change)
        }
        if let error = unreadable.first { throw .unknown(format: word, error) }
        throw .unknownFormat(word, known: formats.map(\.word).sorted())
    }

    /// Of those that a word may mean the one that is used, else one that people keep from being used, which says why; a
    /// copy that cannot be used and lies in an earlier place hides neither.
    package static func foremost(_ plugins: [FoundPlugin]) -> FoundPlugin? {
        plugins.first { $0.state == .ready } ?? plugins.first { $0.decision.deciding?.topic == .rules }
            ?? plugins.first
    }

    /// Every plugin whose manifest lists the format, usable or not.
    package func offering(_ word: String) -> [FoundPlugin] {
        plugins.filter { $0.manifest?.formats.contains(word) ?? false }
    }

    /// Plugins by id, name or directory: all that match, shadowed ones too.
    package func plugins(named text: String) -> [FoundPlugin] {
        plugins.filter { $0.manifest?.id == text || $0.manifest?.name == text || $0.directory == text }
    }
}
