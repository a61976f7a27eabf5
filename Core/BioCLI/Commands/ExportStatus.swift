// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import Synchronization

/// Shows what a plugin says while it works, and how far the host is with writing.
final class ExportStatus: PluginObserver, Sendable {
    private struct State {
        var shownLines = 0
        var writing: Progress?
        var running: [String: Progress] = [:]
    }

    /// More lines than this tell nobody anything.
    private static let mostLines = 200

    private let plugin: String
    private let status: StatusReporter
    private let state = Mutex(State())

    init(plugin: String, _ status: StatusReporter) {
        self.plugin = plugin
        self.status = status
    }

    func pluginLogged(_ level: RunnerMessage.LogLevel, _ message: String) {
        let count = state.withLock { state in
            state.shownLines += 1
            return state.shownLines
        }
        guard count <= Self.mostLines else {
            if count == Self.mostLines + 1 { status.warn("\(plugin): further lines are not shown") }
            return
        }
        switch level {
        case .warning: status.warn("\(plugin): \(message)")
        case .note, .debug: status.info("\(plugin): \(message)")
        }
    }

    func runnerNoted(_ note: String) { status.info("\(plugin): \(note)") }

    func pluginProgressed(_ title: String, done: UInt64, total: UInt64, ended: Bool) {
        state.withLock { state in
            if ended { return state.running.removeValue(forKey: title)?.finish() ?? () }
            let piece =
                state.running[title]
                ?? status.progress(title, total: total == 0 ? nil : Int64(clamping: total), unit: .count("steps"))
            state.running[title] = piece
            piece.update(to: Int64(clamping: done))
        }
    }

    /// Bytes of the archive that the host writes.
    func wrote(_ done: UInt64, of total: UInt64) {
        state.withLock { state in
            let writing = state.writing ?? status.progress("Writing", total: Int64(clamping: total))
            state.writing = writing
            writing.update(to: Int64(clamping: done))
        }
    }

    /// Takes every bar off the terminal.
    func finish() {
        state.withLock { state in
            state.writing?.finish()
            for piece in state.running.values { piece.finish() }
        }
    }
}
