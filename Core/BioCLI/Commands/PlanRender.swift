// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSupervisor
import BioSystem
import BioTemplate

/// `bio plan render`
enum PlanRender {
    static let spec = CommandSpec(
        "render", abstract: "Render a template of a plan, before there is a package",
        discussion: """
            Prints what the template becomes. cfg is that of default.toml, which is looked for where the template's \
            directory is, what --mock-data says of it over that, and --user-toml over both; pkg, sys, svc and bind are \
            what --mock-data says of them. pkgPathFor is the directory of an installed package, or where one would be.
            """,
        examples: [
            CommandSpec.Example("bio plan render habitat/config/app.conf", "See a configuration file"),
            CommandSpec.Example(
                "bio plan render habitat/hooks/run --mock-data mock.json --strict", "Find names that are not there"),
        ],
        arguments: [ArgumentSpec("TEMPLATE", help: "file in config, config_install or hooks of a plan")],
        options: [
            OptionSpec(
                "default-toml", short: "d", .path("FILE"),
                help: "Take the defaults from this file instead of default.toml of the plan"),
            OptionSpec("user-toml", short: "u", .path("FILE"), help: "Take values over the defaults from this file"),
            OptionSpec(
                "mock-data", short: "m", .path("FILE"), help: "Take pkg, sys, svc and bind from this JSON or TOML file"),
            OptionSpec(
                "render-dir", short: "r", .path("DIR"), help: "Write the result there, under the template's name"),
            OptionSpec("strict", .flag, help: "Refuse names that are not there, instead of rendering nothing for them"),
            OptionSpec("print", short: "p", .flag, hidden: true, help: "As always without --render-dir"),
            OptionSpec("no-render", short: "n", .flag, hidden: true, help: "As always without --render-dir"),
            OptionSpec("quiet", short: "q", .flag, hidden: true, help: "Nothing is said but the result"),
        ], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let template = arguments.argument("TEMPLATE") ?? ""
        let preview = try TemplatePreview(
            defaults: try arguments.string("default-toml") ?? defaults(beside: context.absolute(template)),
            mockData: arguments.string("mock-data"), configuration: arguments.string("user-toml"))
        let text = try preview.render(
            template, mode: arguments.flag("strict") ? .strict : .lenient, packagePath: path(context)
        ) { line in
            context.status.info("\(line.file):\(line.position): \(line.level): \(line.text)")
        }
        guard let directory = arguments.string("render-dir"), !arguments.flag("no-render") else {
            return try context.result.bytes(Array(text.utf8))
        }
        try Directory.create(directory)
        let path = "\(directory)/\(template.split(separator: "/").last.map(String.init) ?? "template")"
        // A hook stays a program.
        try AtomicFile.write(Array(text.utf8), to: path, mode: (FileStatus.of(template)?.mode ?? 0o644) & 0o777)
        try context.result.line(path)
    }

    private static func defaults(beside template: String) throws -> String? {
        let path = "\(parent(parent(template)))/default.toml"
        return try FileStatus.of(path)?.kind == .file ? path : nil
    }

    /// Where a package is if it is installed; else where it might be.
    private static func path(_ context: CommandContext) -> @Sendable (String) -> String {
        let store = context.store
        return { text in
            guard let ident = try? PackageIdent(parsing: text) else { return "" }
            let package: InstalledPackage? = (try? store.latest(satisfying: ident)) ?? nil
            return package?.path ?? store.root.path("pkgs/\(ident)")
        }
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "." }
        return String(path[..<slash])
    }
}
