// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore

/// `bio pkg install`
enum PackageInstall {
    static let spec = CommandSpec(
        "install", aliases: CommandSpec.beginnings(of: "install", 1...6), abstract: "Install packages",
        discussion: """
            An artifact's signature and hash are verified before anything else is done with it; the public key of its \
            signer must be in the key cache. Dependencies come from what is installed, from the artifact cache, or \
            from the directory of the artifact. A package appears whole or not at all.

            An ident is looked up among what is installed and in the artifact cache, and the newest release wins. No \
            Builder is contacted yet. Prints the ident of each package, with version and release.

            An install hook of the package, or of one that it needs, is run as the service's user once everything is \
            installed, and again by the next installation when it has not succeeded. With --binlink the programs of \
            the package are linked into /bin, as by bio pkg binlink.

            Keys are looked for below FS_ROOT by root and below HOME by everybody else, or where HAB_CACHE_KEY_PATH \
            says.
            """,
        examples: [
            CommandSpec.Example("bio pkg install results/*.hart", "Install what was built"),
            CommandSpec.Example(
                "FS_ROOT=$PWD/root bio pkg install acme/app", "Install below another root, from the artifact cache"),
        ],
        arguments: [ArgumentSpec("PKG", .oneOrMore, help: "artifact file, or ident (origin/name[/version[/release]])")],
        options: [
            .cacheKeyPath,
            OptionSpec("binlink", short: "b", .flag, help: "Link the programs of the packages into /bin"),
            OptionSpec(
                "binlink-dir", .path("DIR"), environment: ["HAB_BINLINK_DIR"], fallback: Binlinking.directory,
                help: "Make the links in this directory, absolute, below FS_ROOT; implies --binlink"),
            .force,
            OptionSpec("ignore-install-hook", .flag, help: "Do not run install hooks"),
            OptionSpec("offline", .flag, hidden: true, help: "Contact no Builder, as always for now"),
            .format,
        ], exitCodes: [.packageNotFound, .trustRefused, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        // All names first: a slip in the last one should not be found after minutes of work.
        let sources = try arguments.arguments("PKG").map { ($0, try PackageSource(parsing: $0)) }
        let session = Session(
            context: context, installer: context.packageInstaller(keys: context.keyRing(arguments)),
            hooks: arguments.flag("ignore-install-hook") ? nil : PackageHooks(context),
            binlinking: try binlinking(arguments, context))
        var results: [DocumentValue] = []
        for (text, source) in sources {
            context.status.begin("Installing \(text)")
            let outcome = try session.install(source)
            let count = outcome.installed.count
            context.status.end(
                "Install of \(outcome.ident) complete with \(count) new \(count == 1 ? "package" : "packages") installed."
            )
            if arguments.wantsJSON {
                results.append([
                    "ident": .string(outcome.ident.description),
                    "path": .string(context.fileSystemRoot.packagePath(outcome.ident)),
                    "installed": .strings(outcome.installed.map(\.description)),
                    "present": .strings(outcome.present.map(\.description)),
                ])
            } else {
                try context.result.line(outcome.ident.description)
            }
        }
        if arguments.wantsJSON { try context.result.json(["schema_version": 1, "packages": .array(results)]) }
    }

    /// nil when no links are wanted. The variable only says where they go.
    private static func binlinking(_ arguments: ParsedArguments, _ context: CommandContext) throws -> Binlinking? {
        guard arguments.flag("binlink") || arguments.source("binlink-dir") == .commandLine else { return nil }
        return try Binlinking(
            directory: arguments.string("binlink-dir") ?? Binlinking.directory, force: arguments.flag("force"), context)
    }

    /// What was done for one name.
    private struct Outcome {
        let ident: QualifiedIdent
        let installed: [QualifiedIdent]
        let present: [QualifiedIdent]
    }

    /// One run of the command.
    private struct Session {
        let context: CommandContext
        let installer: PackageInstaller
        let hooks: PackageHooks?
        let binlinking: Binlinking?

        func install(_ source: PackageSource) throws -> Outcome {
            let outcome = try place(source)
            // Gone again already, if somebody removes it just now: then there is nothing to run or link.
            guard let package = try context.store.package(outcome.ident) else { return outcome }
            try hooks?.install(package)
            _ = try binlinking?.link(package)
            return outcome
        }

        private func place(_ source: PackageSource) throws -> Outcome {
            switch source {
            case .artifact(let path): return try install(artifact: path)
            case .ident(let ident):
                switch try installer.source(of: ident) {
                case .installed(let package): return try complete(package)
                case .artifact(let path): return try install(artifact: path)
                case nil: throw notFound(ident)
                }
            }
        }

        private func install(artifact: String) throws -> Outcome {
            let outcome = try installer.install(artifact: artifact) { event throws(StoreError) in
                if context.interruption.isRequested { throw .cancelled }
                context.status.show(event)
            }
            return Outcome(ident: outcome.ident, installed: outcome.installed, present: outcome.present)
        }

        /// An installed package is used as it is, after dependencies that have gone are brought back.
        private func complete(_ package: InstalledPackage) throws -> Outcome {
            context.status.status(.using, package.ident.description)
            let dependencies = try installer.locate(try package.metadata().tdeps, of: package.ident)
            let present = dependencies.filter { $0.artifact == nil }.map(\.ident)
            var installed: [QualifiedIdent] = []
            for artifact in dependencies.compactMap(\.artifact) {
                installed += try install(artifact: artifact).installed
            }
            return Outcome(ident: package.ident, installed: installed, present: [package.ident] + present)
        }

        private func notFound(_ ident: PackageIdent) -> CommandFailure {
            CommandFailure(
                .packageNotFound,
                "'\(ident)' is neither installed nor in the artifact cache '\(installer.cache.path)'",
                hints: [
                    "no Builder is contacted yet: get the artifact and give its file, "
                        + "bio pkg install ./\(ident.origin)-\(ident.name)-VERSION-RELEASE-\(installer.target).hart"
                ])
        }
    }
}
