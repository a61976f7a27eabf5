// SPDX-License-Identifier: Apache-2.0

package import BioPluginHost

/// Which plugins a run may use.
package struct PluginAccess: Hashable, Sendable {
    /// Whether a plugin that has not described itself in a file may be started to ask it.
    package var mayRun = true
    /// The only place to look into; nil for all of them.
    package var directory: String?
    /// `--safe-mode`
    package var isSafeMode = false
    /// `--allow-unsigned`
    package var allowsUnsigned = false
    /// What `--plugin` and `--plugin-dir` name, in order: they come before all other places.
    package var named: [Named] = []
    /// Who runs this has more rights than who asked for it: variables, options and places of the latter do not count.
    package var isPrivileged = false
    /// Where the site's rules are.
    package var sitePolicy = PluginPolicy.Places(
        site: "/etc/bio/export-plugins.toml", siteDirectory: "/etc/bio/export-plugins.d")

    /// A plugin that runs otherwise than users run it; nil: none does.
    package var trial: PluginTrial?

    /// What one option names.
    package enum Named: Hashable, Sendable {
        /// A directory of plugins.
        case place(String)
        /// A plugin's own directory, or a library in it.
        case plugin(String)
    }

    package init(mayRun: Bool = true, directory: String? = nil, isPrivileged: Bool = false) {
        self.mayRun = mayRun
        self.directory = directory
        self.isPrivileged = isPrivileged
    }

    /// Refuses what a program with more rights than its user does for nobody.
    func checkUnprivileged() throws {
        guard isPrivileged else { return }
        throw CommandFailure(
            .plugin, "a program with more rights than its user neither changes, reads nor runs plugins that he names",
            hint: "run a bio without set-user-id, set-group-id and file capabilities, as whoever may do it")
    }

    /// The same without starting any.
    var restingPlugins: PluginAccess {
        var access = self
        access.mayRun = false
        return access
    }
}

/// How one plugin is tried (`bio plugin check`).
package struct PluginTrial: Hashable, Sendable {
    let directory: String
    let runner: RunnerTrial
}

/// A format's options are known only when its plugin has been found, so what says which plugins there are is read from
/// the words before they are parsed; the parser checks the same words afterwards.
extension PluginAccess {
    static let safeMode = "safe-mode"
    static let allowUnsigned = "allow-unsigned"
    static let plugin = "plugin"
    static let pluginDirectory = "plugin-dir"

    func reading(_ words: [String]) -> PluginAccess {
        var access = self
        let options = words.prefix { $0 != "--" }
        for (index, word) in options.enumerated() where word.hasPrefix("--") {
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value =
                parts.count == 2
                ? String(parts[1]) : index + 1 < options.count ? options[options.startIndex + index + 1] : ""
            switch parts.first.map(String.init) {
            case Self.safeMode: access.isSafeMode = true
            case Self.allowUnsigned: access.allowsUnsigned = true
            case Self.plugin where !value.isEmpty: access.named.append(.plugin(value))
            case Self.pluginDirectory where !value.isEmpty: access.named.append(.place(value))
            default: break
            }
        }
        return access
    }
}

extension OptionSpec {
    /// The options by which a command chooses its plugins.
    static let plugins = [
        OptionSpec(
            PluginAccess.plugin, .path("PATH"), repeatable: true, section: "Plugins",
            help: "Use the plugin in this directory, or of this library, whoever signed it"),
        OptionSpec(
            PluginAccess.pluginDirectory, .path("DIR"), repeatable: true, section: "Plugins",
            help: "Look for plugins in this directory first"),
        OptionSpec(
            PluginAccess.allowUnsigned, .flag, section: "Plugins",
            help: "Use plugins that nobody vouches for, this once"),
        OptionSpec(
            PluginAccess.safeMode, .flag, section: "Plugins", help: "Use only the plugins that came with bio"),
    ]
}
