// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioExport
import BioPackage
import BioPluginHost

/// The options of an export: those of every format, those of the packages group, and a plugin's own.
enum ExportOptions {
    private static let packagesSection = "Base packages"
    private static let hostSection = "Every format"

    /// What `bio` itself does for every format.
    static let host: [OptionSpec] = [
        OptionSpec(
            "output", short: "o", aliases: ["output-dir"], .path("PATH"), section: hostSection,
            help: "Write to this file or into this directory; - is standard output"),
        OptionSpec("dry-run", .flag, section: hostSection, help: "Say what would be made, and make nothing"),
        .cacheKeyPath,
        OptionSpec(
            "results", .path("DIR"), fallback: "results", section: hostSection,
            help: "Write the report of the export into this directory"),
        OptionSpec(
            "format", .choice("FORM", [.init("text", "the address"), .init("json", "the report")]), fallback: "text",
            section: hostSection, help: "Print the result in this form"),
        OptionSpec(
            "threads", .integer("N", 1...256), section: hostSection,
            help: "Compress with this many threads; never changes a byte"),
        OptionSpec(
            "source-date-epoch", .integer("SECONDS", 0...8_589_934_591), environment: ["SOURCE_DATE_EPOCH"],
            fallback: "1", section: hostSection, help: "The one time that everything exported has"),
        OptionSpec("in-process", .flag, section: hostSection, help: "Run the plugin in this process, for debuggers"),
        OptionSpec(
            "plugin-timeout", .integer("SECONDS", 1...86_400), environment: ["BIO_PLUGIN_TIMEOUT"],
            section: hostSection,
            help: "End a plugin whose phase takes longer, or that does nothing for so long while it runs"),
        OptionSpec(
            "trace-plugin", .path("FILE"), section: hostSection,
            help: "Write every call between bio and the plugin into this file; - is standard error"),
        OptionSpec("verbose", short: "v", .flag, section: hostSection, help: "Show what the plugin says to debug"),
    ]

    /// The packages group: base packages, and whatever else the user wants in their place.
    static func packages(_ format: FormatDescription, _ flavour: Flavour) -> [OptionSpec] {
        var options = [
            OptionSpec(
                "base-pkgs",
                .choice(
                    "WHICH", [.init("auto", "those that the format wants"), .init("none", "none of them")]),
                fallback: "auto", section: packagesSection,
                help: "Add the base packages that let the result run by itself")
        ]
        let roles = Set(format.basePackages.map(\.role))
        func option(_ role: BasePackageDescription.Role, _ name: String, _ aliases: [String], _ ident: PackageIdent) {
            guard roles.contains(role) else { return }
            options.append(
                OptionSpec(
                    name, aliases: aliases, .string("PKG"), fallback: ident.description, section: packagesSection,
                    help: "Use this package as the \(role.noun)"))
        }
        option(.cli, "bio-pkg", ["hab-pkg"], flavour.cliPackage)
        option(.supervisor, "sup-pkg", [], flavour.supervisorPackage)
        option(.launcher, "launcher-pkg", [], flavour.launcherPackage)
        for base in format.basePackages where base.role == .other {
            options.append(
                OptionSpec(
                    base.optionName, .string("PKG"), fallback: base.ident(flavour), section: packagesSection,
                    help: "Use this package as \(base.name)"))
        }
        return options
    }

    /// A plugin's option as a row of the parser's table.
    static func spec(_ option: OptionDescription) throws(CommandFailure) -> OptionSpec {
        let name = option.valueName.isEmpty ? "VALUE" : option.valueName
        let kind: OptionSpec.Kind =
            switch option.kind {
            case .flag: .flag
            case .string, .list, .compression: .string(name)
            case .path: .path(name)
            case .integer:
                .integer(
                    name,
                    option.minimum == 0 && option.maximum == 0
                        ? Int.min...Int.max
                        : Int(option.minimum)...Int(option.maximum))
            case .choice: .choice(name, option.choices.map { .init($0.value, $0.meaning) })
            }
        // One letter is what follows a single dash.
        let short = option.aliases.first { $0.utf8.count == 1 }
        return OptionSpec(
            option.id, short: short?.first, aliases: option.aliases.filter { $0 != short }, kind,
            repeatable: option.kind == .list,
            // An operand may come as an argument, which is looked at later.
            required: option.isRequired && !option.isOperand,
            hidden: option.isHidden, environment: option.environment.isEmpty ? [] : [option.environment],
            fallback: option.defaultValue.isEmpty ? nil : option.defaultValue,
            suggestions: option.kind == .compression ? compressions : [], help: help(option))
    }

    /// Those without a number that the user chooses.
    private static let compressions = Compression.names.filter { !$0.hasSuffix(":N") }.map {
        OptionSpec.Choice($0, "")
    }

    private static func help(_ option: OptionDescription) -> String {
        let summary = option.isDeprecated ? "\(option.summary) (deprecated)" : option.summary
        return option.doc.isEmpty ? summary : "\(summary). \(option.doc)"
    }

    /// The values of a plugin's options, one for each row of its table.
    static func values(_ options: [OptionDescription], _ arguments: ParsedArguments) throws(CommandFailure)
        -> [OptionValue]
    {
        try options.map { (option) throws(CommandFailure) in
            let source: OptionValue.Source =
                switch arguments.source(option.id) {
                case .commandLine: .commandLine
                case .environment: .environment
                case .fallback, nil: .standard
                }
            return OptionValue(try content(option, arguments), source: source)
        }
    }

    private static func content(_ option: OptionDescription, _ arguments: ParsedArguments) throws(CommandFailure)
        -> OptionValue.Content
    {
        switch option.kind {
        case .flag: return .flag(arguments.flag(option.id))
        case .list: return .list(arguments.strings(option.id))
        case .integer: return arguments.integer(option.id).map { .integer(Int64($0)) } ?? .unset
        case .compression:
            guard let text = arguments.string(option.id) else { return .unset }
            do throws(Compression.ParseError) {
                return .text("\(try Compression(parsing: text))", kind: option.kind.rawValue)
            } catch {
                throw CommandFailure(.usage, "--\(option.id): \(error)", hint: error.hint)
            }
        case .string, .path, .choice:
            return arguments.string(option.id).map { .text($0, kind: option.kind.rawValue) } ?? .unset
        }
    }

    /// The base packages that a format wants with these options.
    static func bases(
        _ format: FormatDescription, _ arguments: ParsedArguments, _ flavour: Flavour
    ) throws -> [ExportResolver.Base] {
        guard format.groups.contains(FormatDescription.packagesGroup), arguments.string("base-pkgs") != "none" else {
            return []
        }
        return try format.basePackages.compactMap { base throws -> ExportResolver.Base? in
            if isOmitted(base, arguments) { return nil }
            let chosen = base.choice.flatMap { arguments.string($0) }
            let wanted = try ExportResolver.Wanted(parsing: chosen ?? base.ident(flavour))
            let omission = base.omissions.first.map { "--\($0.option)" + ($0.value.map { " \($0)" } ?? "") }
            // What the user chose is what he wants, and nothing else.
            let isChosen = base.choice.map { arguments.source($0) != .fallback } ?? false
            return ExportResolver.Base(
                role: base.role.exportRole, wanted: wanted, omission: omission ?? ExportResolver.Base.noneAtAll,
                supply: isChosen ? nil : base.supply, prefersSupply: !isChosen && base.isPartOfThis)
        }
    }

    private static func isOmitted(_ base: BasePackageDescription, _ arguments: ParsedArguments) -> Bool {
        base.omissions.contains { omission in
            omission.value.map { arguments.string(omission.option) == $0 } ?? arguments.flag(omission.option)
        }
    }
}

extension BasePackageDescription {
    /// What it is unless the user chooses another.
    func ident(_ flavour: Flavour) -> String {
        switch role {
        case .cli: "\(flavour.cliPackage)"
        case .supervisor: "\(flavour.supervisorPackage)"
        case .launcher: "\(flavour.launcherPackage)"
        case .shell: "\(flavour.busyboxPackage)"
        case .certificates: "\(flavour.cacertsPackage)"
        // Of where the other packages that only serve come from.
        case .other: package.contains("/") ? package : "\(flavour.busyboxPackage.origin)/\(package)"
        }
    }

    /// The option by which the user chooses another; nil: there is none.
    fileprivate var choice: String? {
        switch role {
        case .cli: "bio-pkg"
        case .supervisor: "sup-pkg"
        case .launcher: "launcher-pkg"
        case .shell, .certificates: nil
        case .other: optionName
        }
    }

    /// What came with the program in its place (Core/Packages).
    fileprivate var supply: PackageIdent? {
        let name: String? =
            switch role {
            case .cli, .supervisor, .launcher: "biome/bio"
            case .shell: "biome/busybox"
            case .certificates: "biome/cacerts"
            case .other: Self.others[package]
            }
        return name.flatMap { try? PackageIdent(parsing: $0) }
    }

    private static let directInit = "biome/bio-init"
    private static let others = [directInit: directInit, "jq-static": "biome/jq"]

    /// The first process of `--runtime direct` reads what this program writes.
    fileprivate var isPartOfThis: Bool { role == .other && package == Self.directInit }
}

extension BasePackageDescription.Role {
    var noun: String {
        switch self {
        case .cli: "package manager"
        case .supervisor: "supervisor"
        case .launcher: "launcher"
        case .shell: "shell"
        case .certificates: "CA certificates"
        case .other: "package"
        }
    }

    var exportRole: ExportPackage.Roles {
        switch self {
        case .cli: .cli
        case .supervisor: .supervisor
        case .launcher: .launcher
        case .shell: .shell
        case .certificates: .certificates
        case .other: []
        }
    }
}
