// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSystem
import Glibc

/// `bio pkg exec`
enum PackageExec {
    static let spec = CommandSpec(
        "exec", abstract: "Run a command of a package in its environment",
        discussion: """
            COMMAND is looked up in the PATH of the package's environment (bio pkg env), then in the present PATH, and \
            takes the place of bio: its exit code is the command's. Everything after COMMAND belongs to it, options \
            too. The command's own PATH is that of the package with the present one behind it. A COMMAND with a slash \
            is a file.
            """,
        examples: [
            CommandSpec.Example("bio pkg exec core/redis redis-cli --version", "Run a command with options of its own")
        ],
        arguments: [
            ArgumentSpec("IDENT", help: "origin/name[/version[/release]] of an installed package"),
            ArgumentSpec("COMMAND", help: "program to run"),
            ArgumentSpec("ARG", .any, help: "arguments of the program"),
        ],
        optionsEndAfter: 2, exitCodes: [.packageNotFound], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let package = try context.installed(context.parseIdent(arguments.argument("IDENT") ?? ""))
        let command = arguments.argument("COMMAND") ?? ""
        let environment = try context.environment(of: package)
        let directories = environment.path.map(context.store.root.rooted)
        let present = context.environment["PATH"]?.split(separator: ":").map(String.init) ?? []
        let program = try find(command, directories, present, package.ident)
        var variables = environment.variables
        if let index = variables.firstIndex(where: { $0.name == "PATH" }), let present = context.environment["PATH"] {
            variables[index].value += ":\(present)"
        }
        try ProcessImage.replace(
            with: program, arguments: [command] + arguments.arguments("ARG"), setting: variables)
    }

    /// `directories` are the package's own, `present` those of who asks.
    private static func find(
        _ command: String, _ directories: [String], _ present: [String], _ ident: QualifiedIdent
    ) throws -> String {
        if command.contains("/") {
            if isProgram(command) { return command }
            throw CommandFailure(
                .packageNotFound, "'\(command)' is no program file",
                hint: "give the path of one, or the name of a command of '\(ident)'")
        }
        if !command.isEmpty,
            let found = (directories + present).map({ "\($0)/\(command)" }).first(where: isProgram)
        {
            return found
        }
        let known = Set(directories.flatMap(programs)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let near = NearestName.of(command, among: known).map { "did you mean '\($0)'?" }
        let list =
            known.isEmpty ? "no directory in its PATH has a program" : "commands: " + known.joined(separator: ", ")
        throw CommandFailure(
            .packageNotFound, "the environment of '\(ident)' has no command '\(command)'",
            hints: [near, list].compactMap { $0 })
    }

    private static func programs(in directory: String) -> [String] {
        ((try? Directory.names(directory)) ?? []).compactMap { String(validating: $0, as: UTF8.self) }
            .filter { isProgram("\(directory)/\($0)") }
    }

    private static func isProgram(_ path: String) -> Bool {
        (try? FileStatus.of(path))?.kind == .file && access(path, X_OK) == 0
    }
}
