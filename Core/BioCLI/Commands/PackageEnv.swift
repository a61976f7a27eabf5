// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore

/// `bio pkg env`
enum PackageEnv {
    static let spec = CommandSpec(
        "env", abstract: "Print the environment that a package runs with",
        discussion: """
            Prints one export line for each variable, sorted by name, for a shell to read. Values are those of the \
            metafiles RUNTIME_ENVIRONMENT, RUNTIME_PATH and RUNTIME_ENVIRONMENT_PATHS; without RUNTIME_PATH, PATH is \
            made of those of the package and its dependencies. A variable whose name no shell takes is left out with \
            a warning. SSL_CERT_FILE is left out when it is set already.
            """,
        examples: [
            CommandSpec.Example("eval \"$(bio pkg env core/jdk8)\"", "Work with a package in this shell")
        ],
        arguments: [ArgumentSpec("IDENT", help: "origin/name[/version[/release]] of an installed package")],
        options: [.format], exitCodes: [.packageNotFound], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let package = try context.installed(context.parseIdent(arguments.argument("IDENT") ?? ""))
        let environment = try context.environment(of: package)
        guard !arguments.wantsJSON else {
            return try context.result.json([
                "schema_version": 1, "ident": .string(package.ident.description),
                "variables": .array(
                    environment.variables.map { ["name": .string($0.name), "value": .string($0.value)] }),
            ])
        }
        try context.result.lines(
            environment.variables.compactMap { name, value in
                if let line = ShellText.export(name, value) { return line }
                context.status.warn("the variable \(name.quoted) of '\(package.ident)' has a name that no shell takes")
                return nil
            })
    }
}

extension CommandContext {
    /// What `package` runs with when this process starts it.
    func environment(of package: InstalledPackage) throws -> PackageEnvironment {
        try PackageEnvironment(
            of: package, in: store, callerSetsCertificates: environment["SSL_CERT_FILE"] != nil)
    }
}

/// Text that a POSIX shell reads back as it was.
enum ShellText {
    /// `export NAME="VALUE"`, as upstream writes it; what a shell would expand inside quotes is escaped. nil when the
    /// name is none that a shell can set.
    static func export(_ name: String, _ value: String) -> String? {
        guard let first = name.utf8.first, isLetter(first),
            name.utf8.allSatisfy({ isLetter($0) || 0x30...0x39 ~= $0 })
        else { return nil }
        // By scalars, as a shell reads: a combining mark makes one Character with what it must not hide.
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            if ["\\", "\"", "$", "`"].contains(scalar) { text.append("\\") }
            text.append(scalar)
        }
        return "export \(name)=\"\(text)\""
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte
    }
}
