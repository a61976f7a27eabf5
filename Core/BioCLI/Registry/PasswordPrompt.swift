// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Asks the user on the terminal.
struct PasswordPrompt {
    private let context: CommandContext

    init(_ context: CommandContext) { self.context = context }

    func username(for registry: String) throws -> String {
        try ask("User name for \(registry): ", option: "--username NAME")
    }

    /// What is typed is not shown.
    func password(of username: String, at registry: String) throws -> String {
        try Terminal.hidingInput {
            // The line end that was not shown either.
            defer { context.status.emit("\n") }
            return try ask(
                "Password of \(username) at \(registry): ", option: "--password-stdin or --password-file FILE")
        }
    }

    private func ask(_ question: String, option: String) throws -> String {
        guard context.terminal.inputIsTerminal else {
            throw CommandFailure(
                .usage, "standard input is no terminal to ask on", hint: "give \(option)")
        }
        context.status.emit(question.terminalSafe())
        guard let line = try context.input.line(limit: 1 << 12), !line.isEmpty else {
            throw CommandFailure(.failure, "nothing was answered")
        }
        return line
    }
}

/// Standard input as a terminal.
private enum Terminal {
    /// Runs `body` while what is typed is not shown. Where there is no terminal nothing is changed.
    static func hidingInput<Result>(_ body: () throws -> Result) rethrows -> Result {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return try body() }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO)
        // What was typed already was shown; it is no answer.
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        return try body()
    }
}
