// SPDX-License-Identifier: Apache-2.0

package import BioPackage
import BioPluginHost

/// Everything of the process that a command may know, gathered once in `main` and passed down. Tests make their own.
package struct CommandContext: Sendable {
    package let environment: Environment
    /// The effective user id.
    package let userID: UInt32
    /// Absolute, or empty when the working directory is gone.
    package let workingDirectory: String
    /// The running program, absolute.
    package let executablePath: String
    package let terminal: TerminalFacts
    package let status: StatusReporter
    package let result: ResultWriter
    package let input: StandardInput
    package let interruption: Interruption
    /// The wall clock: seconds since 1970 in UTC.
    package let clock: @Sendable () -> Int64
    /// Which plugins there are for this run.
    package let plugins: PluginAccess
    /// Of this run alone.
    let registryUse: RegistryUse

    package init(
        environment: Environment, userID: UInt32, workingDirectory: String, executablePath: String,
        terminal: TerminalFacts, status: StatusReporter, result: ResultWriter, input: StandardInput,
        interruption: Interruption, clock: @escaping @Sendable () -> Int64, plugins: PluginAccess = PluginAccess()
    ) {
        registryUse = RegistryUse()
        self.environment = environment
        self.userID = userID
        self.workingDirectory = workingDirectory
        self.executablePath = executablePath
        self.terminal = terminal
        self.status = status
        self.result = result
        self.input = input
        self.interruption = interruption
        self.clock = clock
        self.plugins = plugins
    }

    /// The same for somebody who is still typing: nothing is said, and no plugin is started.
    package var typing: CommandContext {
        with(plugins.restingPlugins, status: StatusReporter(appearance: .init(), now: { 0 }, write: { _ in }))
    }

    /// The same with the plugins in `directory` alone, whatever policies say.
    package func withPlugins(in directory: String) -> CommandContext {
        with(PluginAccess(directory: directory), status: status)
    }

    /// The same with what the words of the command line say of plugins.
    func withPlugins(of words: [String]) -> CommandContext { with(plugins.reading(words), status: status) }

    /// The same with a standard input that several may read.
    var withSharedInput: CommandContext { with(plugins, status: status, input: input.shared) }

    private func with(_ plugins: PluginAccess, status: StatusReporter, input: StandardInput? = nil) -> CommandContext {
        CommandContext(
            environment: environment, userID: userID, workingDirectory: workingDirectory,
            executablePath: executablePath, terminal: terminal, status: status, result: result,
            input: input ?? self.input, interruption: interruption, clock: clock, plugins: plugins)
    }

    package var isRoot: Bool { userID == 0 }

    /// The home directory by `HOME`.
    package var home: String? { environment["HOME"] }

    /// Where files lie while they are needed.
    var temporaryDirectory: String { absolute(environment["TMPDIR"] ?? "/tmp") }

    /// `path` as an absolute one, seen from the working directory; nothing is resolved.
    package func absolute(_ path: String) -> String {
        path.hasPrefix("/") || workingDirectory.isEmpty ? path : "\(workingDirectory)/\(path)"
    }
}

/// The variables of the process, or of a test.
package struct Environment: Sendable {
    private let lookup: @Sendable (String) -> String?
    private let list: @Sendable () -> [String]
    /// What `BIO_FLAVOUR` chooses; the default one when it says nothing or `flavourFailure` tells that it is unknown.
    package let flavour: Flavour
    package let flavourFailure: Flavour.UnknownName?

    /// `list` gives all variables, `NAME=VALUE`.
    package init(lookup: @escaping @Sendable (String) -> String?, list: @escaping @Sendable () -> [String] = { [] }) {
        self.lookup = lookup
        self.list = list
        let name = lookup("BIO_FLAVOUR") ?? ""
        do throws(Flavour.UnknownName) {
            flavour = try name.isEmpty ? .biome : Flavour.named(name)
            flavourFailure = nil
        } catch {
            flavour = .biome
            flavourFailure = error
        }
    }

    package init(_ variables: [String: String]) {
        self.init(lookup: { variables[$0] }, list: { variables.map { "\($0.key)=\($0.value)" }.sorted() })
    }

    /// All variables, `NAME=VALUE`, for a program that is to inherit them.
    package var all: [String] { list() }

    /// The value; an empty one counts as unset, as upstream has it. Variables are asked for by the name that the
    /// default flavour gives them (`HAB_ORIGIN`); the flavour's own is what is looked up.
    package subscript(_ name: String) -> String? {
        guard let value = lookup(self.name(of: name)), !value.isEmpty else { return nil }
        return value
    }

    /// What a variable of the default flavour is called in this one.
    package func name(of variable: String) -> String { flavour.variable(variable) }

    /// `1` or `true`.
    package func isOn(_ name: String) -> Bool { self[name] == "1" || self[name] == "true" }
}

/// Which standard streams are terminals, and how wide.
package struct TerminalFacts: Hashable, Sendable {
    package let inputIsTerminal: Bool
    /// Columns of standard output, 0 when it is no terminal.
    package let outputColumns: Int
    /// Columns of standard error, 0 when it is no terminal.
    package let errorColumns: Int

    package init(inputIsTerminal: Bool = false, outputColumns: Int = 0, errorColumns: Int = 0) {
        self.inputIsTerminal = inputIsTerminal
        self.outputColumns = outputColumns
        self.errorColumns = errorColumns
    }

    /// How wide help on standard output may be.
    package var helpWidth: Int { outputColumns == 0 ? 80 : min(max(outputColumns, 40), 100) }
}
