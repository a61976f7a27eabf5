// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPackage
import BioPluginHost
import BioStore
import BioSystem

/// What `bio plugin install` and `bio plugin update` share.
struct PluginInstalling {
    static let source = ArgumentSpec(
        "SOURCE", help: "Directory, archive or artifact that holds the plugin, or ident of a package")
    static let site = OptionSpec("site", .flag, help: "For all users, in /usr/local/lib/bio/plugins")
    static let options: [OptionSpec] = [
        site, OptionSpec("yes", short: "y", .flag, help: "Do not ask"),
        OptionSpec(
            "allow-unsigned", .flag, help: "Install it although nobody vouches for it: you have read it, or built it"),
        OptionSpec(
            "accept-key", .string("KEY"),
            help: "The key that it must have: ORIGIN-REVISION, or ORIGIN; with it a plugin may change its key"),
        OptionSpec("force", .flag, help: "Replace the same version, or a newer one"), .cacheKeyPath, .format,
    ]
    static let exitCodes: [ExitCode] = [.packageNotFound, .trustRefused, .pluginUnusable, .interrupted]

    private let arguments: ParsedArguments
    private let context: CommandContext
    private let isUpdate: Bool
    private let installer: PluginInstaller
    private let ring: KeyRing

    init(_ arguments: ParsedArguments, _ context: CommandContext, isUpdate: Bool) throws {
        self.arguments = arguments
        self.context = context
        self.isUpdate = isUpdate
        installer = try PluginInstaller(
            place: try context.installPlace(isSite: arguments.flag("site")).directory,
            cancellation: context.cancellation)
        ring = context.keyRing(arguments)
    }

    func run(_ named: String) throws {
        let source = isUpdate ? try installedSource(named) ?? named : named
        let (path, name) = try find(source)
        let staged = try installer.stage(
            path, named: name, keys: ring, temporaryDirectory: context.temporaryDirectory)
        let id = staged.manifest.id
        let key = try staged.key(in: [ring])
        let installed = try installer.installed(id)
        if isUpdate && installed == nil { throw PluginInstallError.absent(plugin: id, place: installer.place) }
        let decision = try InstallDecision(staged.list, key: key, installed: installed, consent, isUpdate: isUpdate)
        if decision == .unchanged {
            context.status.status(.using, "\(id) \(staged.manifest.version), which is there already")
            return try report("\(installer.place)/\(id)", staged.manifest, key, staged.package?.ident, replaced: nil)
        }
        let bundled = try context.pluginCatalog().plugins.first {
            $0.manifest?.id == id && $0.provenance.evidence == .bundled
        }
        if let bundled { throw PluginInstallError.bundled(plugin: id, directory: bundled.directory) }
        let place = try context.installPlace(isSite: arguments.flag("site"))
        try context.checkAllowed(
            FoundPlugin(PluginCandidate(staged, key: key, into: place), try context.pluginJudge()))
        let description = try installer.describe(staged, context.pluginRuntime())
        try context.catalogWarnings(staged.manifest, in: installer.place)
        try ask(PluginOffer(staged, key: key, decision, place: installer.place))
        let (manifest, package) = (staged.manifest, staged.package?.ident)
        let directory = try installer.place(staged, description, key: key, at: context.clock())
        context.status.status(.installed, "\(id) \(manifest.version) into \(directory)")
        try warnUnlessReady(directory)
        var replaced: String?
        if case .replaces(let version) = decision { replaced = version }
        try report(directory, manifest, key, package, replaced: replaced)
    }

    private var consent: InstallConsent {
        var consent = InstallConsent()
        consent.allowsUnsigned = arguments.flag("allow-unsigned")
        consent.acceptedKey = arguments.string("accept-key")
        consent.isForced = arguments.flag("force")
        return consent
    }

    // MARK: - Sources

    /// Where an installed plugin of that id came from; nil: there is none.
    private func installedSource(_ id: String) throws -> String? {
        guard PluginDescription.wrongID(id) == nil, let installed = try installer.installed(id) else { return nil }
        guard let receipt = installed.receipt else {
            throw PluginInstallError.notInstalledHere(plugin: id, directory: installed.directory)
        }
        if let package = receipt.package, let ident = try? PackageIdent(parsing: package) {
            return "\(ident.origin)/\(ident.name)"
        }
        guard receipt.source.hasPrefix("/"), try FileStatus.of(receipt.source) != nil else {
            throw PluginInstallError.noSource(plugin: id)
        }
        return receipt.source
    }

    /// The directory or file that a source is, and what it is called from now on.
    private func find(_ source: String) throws -> (path: String, name: String) {
        let path = context.absolute(source)
        if try FileStatus.of(path) != nil { return (path, path) }
        guard !source.hasPrefix("/"), !source.hasPrefix("."), let ident = try? PackageIdent(parsing: source) else {
            throw CommandFailure(
                .failure, "there is no file or directory '\(source)', and it is no ident of a package",
                hint: "give a directory with plugin.toml, an archive of one, or a package")
        }
        let packages = context.packageInstaller(keys: ring)
        switch try packages.source(of: ident) {
        case .artifact(let path): return (path, source)
        case .installed(let package):
            if let path = packages.cache.artifact(package.ident, target: packages.target) {
                return (path, source)
            }
            throw CommandFailure(
                .packageNotFound,
                "the artifact of '\(package.ident)' is not in the cache '\(packages.cache.path)' any more",
                hint: "plugins are taken from verified artifacts: give its file")
        case nil:
            throw CommandFailure(
                .packageNotFound, "'\(ident)' is neither installed nor in the artifact cache '\(packages.cache.path)'",
                hint: "get the artifact and give its file")
        }
    }

    // MARK: - People

    private func ask(_ offer: PluginOffer) throws {
        context.status.info(offer.text)
        if arguments.flag("yes") { return }
        guard context.terminal.inputIsTerminal else {
            throw CommandFailure(
                .usage, "standard input is no terminal to ask on whether to install '\(offer.id)'",
                hint: "read what it may do, and say --yes")
        }
        context.status.emit("Install it? [y/N] ")
        let answer = try context.input.line(limit: 1 << 10) ?? ""
        guard ["y", "yes"].contains(answer.lowercased()) else { throw PluginInstallError.declined(plugin: offer.id) }
    }

    /// A policy may keep it from being used, or another plugin come first.
    private func warnUnlessReady(_ directory: String) throws {
        guard let found = try context.pluginCatalog().plugins.first(where: { $0.directory == directory }),
            found.state != .ready
        else { return }
        context.status.warn("it is \(found.state.word): \(found.state.reason)")
    }

    private func report(
        _ directory: String, _ manifest: PluginManifest, _ key: PublicKey?, _ package: String?, replaced: String?
    ) throws {
        guard arguments.wantsJSON else { return try context.result.line(directory) }
        try context.result.json([
            "schema_version": 1, "id": .string(manifest.id), "version": .string(manifest.version),
            "directory": .string(directory), "key": .optional(key.map { "\($0.name)" }),
            "package": .optional(package), "replaced": .optional(replaced),
        ])
    }
}

extension CommandContext {
    /// Formats that other plugins make too: the one that comes first is asked for them from then on.
    fileprivate func catalogWarnings(_ manifest: PluginManifest, in place: String) throws {
        for (word, plugin) in try pluginCatalog().formats
        where manifest.formats.contains(word) && plugin.manifest?.id != manifest.id {
            status.warn("the format '\(word)' is made by '\(plugin.label)' so far")
        }
    }
}
