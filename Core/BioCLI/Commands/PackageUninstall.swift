// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSupervisor
import BioSystem

/// `bio pkg uninstall`
enum PackageUninstall {
    static let spec = CommandSpec(
        "uninstall", abstract: "Remove installed packages",
        discussion: """
            Removes the newest installed release that satisfies the ident, and the packages it needs that no other \
            package does. A package that others need is not removed, and neither is one that is loaded as a service, \
            nor bio itself. Each package disappears at once, those that need others first, so that an interrupted \
            removal leaves no package without what it needs.

            The uninstall hook of each package is run right before the package disappears; one that fails ends the \
            removal. Prints the ident of each removed package.
            """,
        examples: [
            CommandSpec.Example("bio pkg uninstall core/redis --dryrun", "Show what would be removed"),
            CommandSpec.Example(
                "bio pkg uninstall core/redis --keep-latest 2", "Remove all but the two newest releases"),
            CommandSpec.Example("bio pkg uninstall acme/app --exclude core/openssl", "Keep a package that it needs"),
        ],
        arguments: [ArgumentSpec("IDENT", help: "origin/name[/version[/release]]")],
        options: [
            OptionSpec("dryrun", short: "d", .flag, help: "Remove nothing, show what would be removed"),
            OptionSpec(
                "exclude", .string("IDENT"), repeatable: true,
                help: "Keep the packages that satisfy this ident; may be given more than once"),
            OptionSpec("no-deps", .flag, help: "Remove nothing that the package needs"),
            OptionSpec(
                "keep-latest", .integer("N", 1...1_000_000),
                help: "Keep the N newest releases that satisfy the ident, and remove the others"),
            OptionSpec("ignore-uninstall-hook", .flag, help: "Do not run uninstall hooks"),
            .format,
        ], exitCodes: [.packageNotFound, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let ident = try context.parseIdent(arguments.argument("IDENT") ?? "")
        let plan = try plan(ident, arguments, context)
        for kept in plan.kept { context.status.status(.skipping, "\(kept.ident): \(kept.reason.sentence)") }
        let isDryRun = arguments.flag("dryrun")
        var removed = plan.packages.map(\.ident)
        if isDryRun {
            for package in removed { context.status.status(.deleting, "\(package) (dry run, nothing is removed)") }
        } else {
            context.status.begin("Uninstalling \(ident)")
            let runsHooks = !arguments.flag("ignore-uninstall-hook")
            let hooks = runsHooks ? try PackageHooks(context).uninstallHooks(of: plan.packages) : [:]
            removed = try remove(plan, of: ident, hooks, context)
        }
        guard arguments.wantsJSON else { return try context.result.lines(removed.map(\.description)) }
        try context.result.json([
            "schema_version": 1, "dry_run": .bool(isDryRun),
            "packages": .array(
                removed.map { ident in
                    [
                        "ident": .string(ident.description),
                        "path": .string(context.fileSystemRoot.packagePath(ident)),
                    ]
                }),
            "kept": .array(
                plan.kept.map { kept in
                    if case .needed(let others) = kept.reason {
                        return [
                            "ident": .string(kept.ident.description), "reason": .string(kept.reason.name),
                            "needed_by": .strings(others.map(\.description)),
                        ]
                    }
                    return ["ident": .string(kept.ident.description), "reason": .string(kept.reason.name)]
                }),
        ])
    }

    private static func plan(
        _ ident: PackageIdent, _ arguments: ParsedArguments, _ context: CommandContext
    ) throws -> RemovalPlan {
        let own = context.flavour.cliPackage
        guard (ident.origin, ident.name) != (own.origin, own.name) else {
            throw CommandFailure(
                .failure, "'\(ident)' is this program, which does not remove itself",
                hint: "remove its directory below '\(context.store.root.packages)' by hand if nothing uses it")
        }
        let excluded = try arguments.strings("exclude").map { try context.parseIdent($0) }
        let services = try LoadedServices(in: context.fileSystemRoot)
        let keeping: RemovalPlan.Keeping = { package throws(StoreError) in
            if package.ident.satisfies(own) { return .program }
            if excluded.contains(where: { package.ident.satisfies($0) }) { return .excluded }
            return try mayLoad(package, services, context) ? .loaded : nil
        }
        let dependencies = !arguments.flag("no-deps")
        if let count = arguments.integer("keep-latest") {
            guard !ident.isQualified else {
                throw CommandLineParser.Failure(
                    error: .refused(
                        "--keep-latest wants an ident without a release",
                        hint: "bio pkg uninstall \(ident.unversioned) --keep-latest \(count)"), path: arguments.path)
            }
            _ = try context.installedForRemoval(ident)
            warn(of: services, context)
            return try RemovalPlan(
                keepingLatest: count, of: ident, in: context.store, dependencies: dependencies, keeping: keeping)
        }
        let package = try context.installedForRemoval(ident)
        if let keep = excluded.first(where: { package.ident.satisfies($0) }) {
            throw CommandLineParser.Failure(
                error: .refused("'\(package.ident)' is to be removed, and --exclude \(keep) keeps it", hint: nil),
                path: arguments.path)
        }
        if let service = try services.service(loading: package, in: context.store) {
            throw SupervisorError.loaded(package.ident, spec: service.spec)
        }
        warn(of: services, context)
        return try RemovalPlan(removing: package, in: context.store, dependencies: dependencies, keeping: keeping)
    }

    /// What a supervisor is to run stays, and so does what it may be about to run.
    private static func mayLoad(
        _ package: InstalledPackage, _ services: LoadedServices, _ context: CommandContext
    ) throws(StoreError) -> Bool {
        do throws(SupervisorError) { return try services.mayLoad(package, in: context.store) } catch {
            switch error {
            case .system(let cause): throw .system(cause)
            default: return true
            }
        }
    }

    private static func warn(of services: LoadedServices, _ context: CommandContext) {
        for spec in services.unreadable {
            context.status.warn("'\(spec.spec)' does not say which service is loaded: \(spec.error)")
        }
    }

    /// Runs the hook of each package before it disappears. A failure names what is gone by then.
    /// - Returns: what is gone.
    private static func remove(
        _ plan: RemovalPlan, of ident: PackageIdent, _ hooks: [QualifiedIdent: PackageHook], _ context: CommandContext
    ) throws -> [QualifiedIdent] {
        var removed: [QualifiedIdent] = []
        var failure: (any Error)?
        do {
            failure = try PackageRemoval(context.store, cancellation: context.cancellation).run(
                plan, preparing: Set(hooks.keys),
                willRemove: { package throws(SupervisorError) in
                    try hooks[package.ident]?.run { event throws(SupervisorError) in context.status.show(event) }
                },
                progress: { event in
                    if case .removed(let ident) = event { removed.append(ident) }
                    context.status.show(event)
                })
        } catch { failure = error }
        for ident in removed { warnOfBinlinks(into: ident, context) }
        if let failure { throw CommandFailure(mapping: failure).naming(removed: removed) }
        let count = removed.count
        context.status.end(
            "Uninstall of \(ident) complete with \(count) \(count == 1 ? "package" : "packages") removed.")
        return removed
    }

    /// Links are made by people, and may be of use to them: they are told, and stay.
    private static func warnOfBinlinks(into ident: QualifiedIdent, _ context: CommandContext) {
        let prefix = "/\(context.flavour.rootDirectory)/pkgs/\(ident)"
        let directories = [Binlinking.directory, context.environment["HAB_BINLINK_DIR"] ?? Binlinking.directory]
        for directory in directories.first == directories.last ? [directories[0]] : directories {
            for link in context.binlinkDirectory(directory).links(into: prefix) {
                context.status.warn(
                    "'\(link)' leads into '\(ident)', which is gone: remove it, or link another release")
            }
        }
    }
}

extension [QualifiedIdent] {
    fileprivate var list: String { map(\.description).joined(separator: ", ") }
}

extension RemovalPlan.Reason {
    fileprivate var sentence: String {
        switch self {
        case .needed(let others): "needed by \(others.list)"
        case .excluded: "kept by --exclude"
        case .latest: "kept by --keep-latest"
        case .loaded: "its service is loaded"
        case .program: "it is this program"
        }
    }

    /// In JSON.
    fileprivate var name: String {
        switch self {
        case .needed: "needed"
        case .excluded: "excluded"
        case .latest: "latest"
        case .loaded: "loaded"
        case .program: "program"
        }
    }
}

extension CommandFailure {
    fileprivate func naming(removed: [QualifiedIdent]) -> CommandFailure {
        guard !removed.isEmpty, kind != .outputClosed else { return self }
        return CommandFailure(kind, "\(message)\nremoved before that: \(removed.list)", hints: hints)
    }
}

extension CommandContext {
    /// The newest installed release that satisfies `ident`, for a removal: something else in its place is named.
    fileprivate func installedForRemoval(_ ident: PackageIdent) throws -> InstalledPackage {
        if let package = try store.latest(satisfying: ident) { return package }
        if let qualified = QualifiedIdent(ident) {
            let path = fileSystemRoot.packagePath(qualified)
            if try FileStatus.ofLink(path) != nil { throw StoreError.occupied(path: path) }
        }
        throw CommandFailure(
            .packageNotFound, "'\(ident)' is not installed below '\(store.root.packages)'",
            hint: "see what is: bio pkg list")
    }
}
