// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPluginHost
import BioStore
import BioSystem

/// Who decides about plugins, by variables and who asks.
extension CommandContext {
    /// Where the rules are.
    var policyPlaces: PluginPolicy.Places {
        var places = plugins.sitePolicy
        if plugins.isPrivileged { return places }
        places.user = userPolicyPath
        places.required = environment["BIO_PLUGIN_POLICY"].map(absolute)
        return places
    }

    private var userPolicyPath: String? { configurationHome.map { "\($0)/bio/export-plugins.toml" } }

    private var configurationHome: String? {
        (environment["XDG_CONFIG_HOME"] ?? home.map { "\($0)/.config" }).map(absolute)
    }

    /// The variables by which another context, with a home and a working directory of its own, takes the same rules.
    var policyVariables: [String: String] {
        var variables: [String: String] = [:]
        variables[PolicyVariables.disableName] = environment["BIO_PLUGINS_DISABLE"]
        variables[PolicyVariables.allowName] = environment["BIO_PLUGINS_ALLOW"]
        variables["BIO_PLUGIN_POLICY"] = environment["BIO_PLUGIN_POLICY"].map(absolute)
        variables["XDG_CONFIG_HOME"] = configurationHome
        return variables
    }

    /// What site, user, variables and options say together.
    func pluginPolicy() throws -> PluginPolicy {
        var policy = try PluginPolicy.read(policyPlaces)
        policy.isSafeMode = plugins.isSafeMode
        if plugins.isPrivileged { return policy }
        policy.allowsUnsigned = plugins.allowsUnsigned
        policy.variables = try PolicyVariables(
            disable: environment["BIO_PLUGINS_DISABLE"], allow: environment["BIO_PLUGINS_ALLOW"])
        return policy
    }

    /// What decides about every plugin.
    func pluginJudge() throws -> PluginJudge {
        let gap = SandboxReport.ofThisKernel(startsProcesses: false).gap
        let gapOfProcesses = SandboxReport.ofThisKernel(startsProcesses: true).gap
        return PluginJudge(
            policy: try pluginPolicy(),
            quarantine: Quarantine(crashLog?.records() ?? [], host: BioVersion.number, now: clock()),
            sandboxGap: { startsProcesses in startsProcesses ? gapOfProcesses : gap })
    }

    /// Refuses a plugin that may not run, before anything of it does.
    func checkAllowed(_ plugin: FoundPlugin) throws {
        guard let state = plugin.decision.forbidden else { return }
        throw CommandFailure(
            .plugin,
            "plugin '\(plugin.label)' is \(state.word): \(state.reason)\(state.rule?.citation ?? "")",
            hint: plugin.change(of: state))
    }

    /// A thread of this process has no sandbox, so a rule that wants one forbids it.
    func checkSandbox(around plugin: FoundPlugin, _ arguments: ParsedArguments) throws {
        guard arguments.flag("in-process"), let subject = plugin.candidate.subject,
            let rule = try pluginPolicy().requiringSandbox(subject)
        else {
            return
        }
        throw CommandFailure(
            .plugin, "--in-process has no sandbox, and a rule wants one for '\(plugin.label)': \(rule.because)",
            hint: "leave --in-process out")
    }

    /// Where keys of plugins are looked for: the user's ring, then the machine's.
    var pluginKeys: PluginEvidenceReader { PluginEvidenceReader(rings: pluginKeyRings) }

    var pluginKeyRings: [KeyRing] {
        let own = cachePaths().keys
        // `FS_ROOT` is a variable of the caller's, too.
        let root = plugins.isPrivileged ? FileSystemRoot(flavour: flavour) : fileSystemRoot
        let machine = CachePaths(root: root, isRoot: true, home: nil, keyPathOverride: nil).keys
        let rings = plugins.isPrivileged || own == machine ? [machine] : [own, machine]
        return rings.map { KeyRing(directory: $0) }
    }

    /// The file of crashes; nil when there is no place for one.
    var crashLog: CrashLog? {
        if plugins.isPrivileged { return nil }
        return (environment["XDG_STATE_HOME"] ?? home.map { "\($0)/.local/state" }).map {
            CrashLog(path: "\(absolute($0))/bio/\(CrashLog.fileName)")
        }
    }

    /// Writes a crash down. What goes wrong there is no reason for anything to fail.
    func record(_ error: PluginError, of plugin: FoundPlugin) {
        guard plugin.provenance.evidence != .developer, let how = CrashRecord.cause(of: error),
            let id = plugin.manifest?.id, let bundle = plugin.bundle, let library = bundle.libraryDigest
        else { return }
        // It is called by its id, and by its path before it has said one. Another plugin's crash is none of its own.
        guard error.plugin == id || error.plugin == bundle.libraryPath else { return }
        let record = CrashRecord(time: clock(), id: id, library: library, host: BioVersion.number, how: how)
        try? crashLog?.add(record)
    }
}
