// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import CSystem
import Glibc

/// The program `bio`: reads the facts of the process, runs one command, says how it went.
package enum Program {
    /// Runs the command line of this process and returns its exit code.
    package static func main() -> Int32 {
        bio_fill_standard_descriptors()
        bio_bound_heap()
        // Inherited as ignored, it would take the end of a child away before anybody asks how it ended.
        signal(SIGCHLD, SIG_DFL)
        // Swift's own list is read from /proc, which may not be mounted, or not be readable just now.
        var count: CInt = 0
        let arguments = UnsafeBufferPointer(start: bio_arguments(&count), count: Int(count))
        if let first = arguments.dropFirst().first ?? nil, strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0 {
            // The quickest way out: no table is built for this.
            signal(SIGPIPE, SIG_IGN)
            return report(showVersion(standardOutput()), to: quietReporter)
        }
        if let first = arguments.dropFirst().first ?? nil, strcmp(first, RunnerMode.childArgument) == 0 {
            // A plugin's runner: its parent is `bio` too, and talks to it over descriptor 3.
            Runner.childMain()
        }
        let context = processContext()
        if let failure = unreadableVariable() { return report(failure, to: context.status) }
        var words: [String] = []
        for (index, argument) in arguments.dropFirst().enumerated() {
            guard let argument, let word = String(validatingCString: argument) else {
                let error = UsageError.notUTF8(index + 1)
                context.status.fatal(CommandFailure(mapping: error))
                return ExitCode.usage.rawValue
            }
            words.append(word)
        }
        if let name = arguments.first ?? nil, isSupervisor(String(cString: name)) { words.insert("sup", at: 0) }
        return run(words, tree: CommandTree.root, context: context).rawValue
    }

    /// Whether the program was called by the name of the supervisor or of its launcher, which are links to it.
    private static func isSupervisor(_ path: String) -> Bool {
        let name = path.split(separator: "/").last
        return name == "bio-sup" || name == "bio-launch"
    }

    /// Runs `words` (without the program's name) in the given world; nothing else of the process is touched.
    package static func run(_ words: [String], tree: CommandSpec, context: CommandContext) -> ExitCode {
        let context = context.withPlugins(of: words)
        do {
            if let failure = context.environment.flavourFailure { throw failure }
            switch try CommandLineParser.parse(words, tree: tree, context: context) {
            case .version: try context.result.line(BioVersion.line)
            case .help(let path): try context.result.bytes(Array(help(path, context).utf8))
            case .run(let arguments): try arguments.command.action?(arguments, context)
            }
            return .done
        } catch {
            if let failure = error as? CommandLineParser.Failure, failure.error == .missingCommand {
                context.status.info(help(failure.commands, context))
            }
            let failure = CommandFailure(mapping: error)
            if !failure.isSilent { context.status.fatal(failure) }
            return failure.exitCode
        }
    }

    /// The help text; formats that cannot be listed just now are left out, the rest helps all the same.
    private static func help(_ path: [CommandSpec], _ context: CommandContext) -> String {
        let names = (try? path.last?.dynamic?.names(context)) ?? []
        return HelpRenderer.text(for: path, dynamicNames: names, width: context.terminal.helpWidth)
    }

    private static func standardOutput(_ interruption: Interruption = .none) -> ResultWriter {
        ResultWriter(isTerminal: isatty(1) == 1) { bytes in writeResult(bytes, interruption) }
    }

    private static func showVersion(_ writer: ResultWriter) -> CommandFailure? {
        do throws(CommandFailure) { try writer.line(BioVersion.line) } catch { return error }
        return nil
    }

    private static func report(_ failure: CommandFailure?, to status: StatusReporter) -> Int32 {
        guard let failure else { return 0 }
        if !failure.isSilent { status.fatal(failure) }
        return failure.exitCode.rawValue
    }

    private static var quietReporter: StatusReporter {
        StatusReporter(
            appearance: StatusReporter.Appearance(), now: { UInt64(MonotonicClock.nanoseconds) }, write: writeError)
    }

    /// A variable of ours that is not UTF-8 must not count as unset: packages would go to another place, and keys would
    /// come from one.
    private static func unreadableVariable() -> CommandFailure? {
        let ours = [
            "FS_ROOT", "HOME", "PATH", "TMPDIR", "SOURCE_DATE_EPOCH", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE",
        ]
        var entry = environ
        while let text = entry.pointee {
            entry += 1
            if String(validatingCString: text) != nil { continue }
            let name = String(String(cString: text).unicodeScalars.prefix { $0 != "=" })
            if ours.contains(name) || ["HAB_", "BIO_", "XDG_"].contains(where: { name.hasPrefix($0) }) {
                return CommandFailure(
                    .usage, "the variable '\(name)' is not UTF-8", hint: "give it a value that is, or unset it")
            }
        }
        return nil
    }

    /// All variables that are UTF-8.
    private static func variables() -> [String] {
        var found: [String] = []
        var entry = environ
        while let text = entry.pointee {
            entry += 1
            if let variable = String(validatingCString: text) { found.append(variable) }
        }
        return found
    }

    private static func processContext() -> CommandContext {
        let environment = Environment(
            lookup: { name in getenv(name).flatMap { String(validatingCString: $0) } }, list: { variables() })
        let terminal = TerminalFacts(
            inputIsTerminal: isatty(0) == 1, outputColumns: Int(bio_terminal_columns(1)),
            errorColumns: Int(bio_terminal_columns(2)))
        let interruption = Interruption.install()
        return CommandContext(
            environment: environment, userID: geteuid(), workingDirectory: workingDirectory(),
            executablePath: executablePath(), terminal: terminal,
            status: StatusReporter(
                appearance: StatusReporter.Appearance(environment: environment, terminal: terminal),
                now: { UInt64(MonotonicClock.nanoseconds) }, write: writeError),
            result: standardOutput(interruption), input: .process(interruption: interruption),
            interruption: interruption,
            clock: { Int64(time(nil)) }, plugins: PluginAccess(isPrivileged: bio_is_privileged() != 0))
    }

    @Sendable private static func writeError(_ text: String) {
        // A closed standard error is nobody's loss: the exit code still tells.
        _ = writeAll(Array(text.utf8), to: 2)
    }

    /// Writes to standard output; a reader that does not read must not keep the program from ending.
    private static func writeResult(_ bytes: [UInt8], _ interruption: Interruption) -> Errno? {
        var raw = stat()
        if fstat(1, &raw) == 0, FileStatus(raw).kind == .file { return writeAll(bytes, to: 1) }
        var rest = bytes[...]
        while !rest.isEmpty {
            var watched = [
                pollfd(fd: 1, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&watched, 2, -1) < 0 && errno != EINTR { return .current }
            // What can be written is written: the wish may have come after the work was done.
            if watched[0].revents == 0 {
                if interruption.isRequested { return .interrupted }
                continue
            }
            // No more than a pipe that is ready surely takes, so that the write does not wait.
            let piece = rest.prefix(Int(PIPE_BUF))
            if let failure = writeAll(Array(piece), to: 1) { return failure }
            rest = rest.dropFirst(piece.count)
        }
        return nil
    }

    /// Writes to a descriptor of the process, which stays open.
    private static func writeAll(_ bytes: [UInt8], to number: CInt) -> Errno? {
        let descriptor = FileDescriptor(owning: number)
        var failure: Errno?
        do throws(Errno) { try descriptor.writeAll(bytes) } catch { failure = error }
        _ = descriptor.release()
        return failure
    }

    private static func workingDirectory() -> String {
        guard let path = getcwd(nil, 0) else { return "" }
        defer { free(path) }
        // One that is not UTF-8 counts as unknown: relative paths then stay as they are, and lead there all the same.
        return String(validatingCString: path) ?? ""
    }

    private static func executablePath() -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { text in
                text.baseAddress.map { readlink("/proc/self/exe", $0, text.count) } ?? -1
            }
        }
        return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : "bio"
    }
}
