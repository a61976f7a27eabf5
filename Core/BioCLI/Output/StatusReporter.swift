// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What happens while a command works, for people: on standard error only, in Biome's look. Any thread.
package final class StatusReporter: Sendable {
    package struct Appearance: Hashable, Sendable {
        package var glyphs: Glyph.Style
        package var colours: Bool
        /// Columns for a progress bar; 0 shows throttled plain lines instead.
        package var barColumns: Int

        package init(glyphs: Glyph.Style = .full, colours: Bool = false, barColumns: Int = 0) {
            self.glyphs = glyphs
            self.colours = colours
            self.barColumns = barColumns
        }

        /// By `HAB_GLYPH_STYLE`, `HAB_NOCOLORING`, `NO_COLOR`, `TERM`, `HAB_NONINTERACTIVE` and the terminal.
        package init(environment: Environment, terminal: TerminalFacts) {
            glyphs = environment["HAB_GLYPH_STYLE"].flatMap { Glyph.Style(rawValue: $0) } ?? .full
            let isTerminal = terminal.errorColumns > 0 && environment["TERM"] != "dumb"
            colours = isTerminal && environment["NO_COLOR"] == nil && !environment.isOn("HAB_NOCOLORING")
            barColumns = isTerminal && !environment.isOn("HAB_NONINTERACTIVE") ? terminal.errorColumns : 0
        }
    }

    private struct State {
        /// The progress that shows, the newest last.
        var running: [(id: Int, line: String)] = []
        var nextID = 0
        var barIsDrawn = false
    }

    let appearance: Appearance
    /// Monotonic time in nanoseconds.
    let now: @Sendable () -> UInt64
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// `write` takes text for standard error; what it cannot write is lost.
    package init(
        appearance: Appearance, now: @escaping @Sendable () -> UInt64, write: @escaping @Sendable (String) -> Void
    ) {
        self.appearance = appearance
        self.now = now
        self.write = write
    }

    /// `» Installing core/redis`
    package func begin(_ text: String) { line(.rightShift, .yellow, text.terminalSafe()) }

    /// `✓ Installed core/redis/7.0.0/20260101000000`
    package func status(_ verb: StatusVerb, _ text: String) {
        let head = "\(verb.glyph.text(appearance.glyphs)) \(verb.word)"
        emit("\(coloured(head, verb.colour)) \(text.terminalSafe())\n")
    }

    /// `★ Install of core/redis complete`
    package func end(_ text: String) { line(.star, .magenta, text.terminalSafe()) }

    /// Plain text.
    package func info(_ text: String) { emit("\(text.terminalSafe(keepingLines: true))\n") }

    /// `Ø a file differs`
    package func warn(_ text: String) { line(.slashedZero, .yellow, text.terminalSafe()) }

    /// The block that ends a failed command, with its hints.
    package func fatal(_ failure: CommandFailure) {
        let mark = Glyph.errorX.text(appearance.glyphs)
        var text = "\(mark)\n"
        for part in failure.message.split(separator: "\n", omittingEmptySubsequences: false) {
            text += "\(mark) \(String(part).terminalSafe())\n"
        }
        for hint in failure.hints { text += "\(mark) hint: \(hint.terminalSafe())\n" }
        text += "\(mark)\n"
        emit(coloured(text, .red))
    }

    /// Starts a progress over `total` bytes or steps, nil when that is not known.
    package func progress(_ label: String, total: Int64?, unit: Progress.Unit = .bytes) -> Progress {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return Progress(reporter: self, id: id, label: label.terminalSafe(), total: total, unit: unit)
    }

    // MARK: - For Progress

    /// Shows `line` as the bar of progress `id`; nil ends it.
    func showBar(_ id: Int, _ line: String?) {
        state.withLock { state in
            state.running.removeAll { $0.id == id }
            if let line { state.running.append((id, line)) }
            var text = state.barIsDrawn ? clear : ""
            state.barIsDrawn = !state.running.isEmpty
            if let last = state.running.last { text += last.line }
            if !text.isEmpty { write(text) }
        }
    }

    /// Writes a whole line above a bar that shows.
    func emit(_ text: String) {
        state.withLock { state in
            let bar = state.barIsDrawn ? state.running.last?.line ?? "" : ""
            write((state.barIsDrawn ? clear : "") + text + bar)
        }
    }

    private var clear: String { "\r\u{1B}[2K" }

    private func line(_ glyph: Glyph, _ colour: Colour, _ text: String) {
        emit("\(coloured("\(glyph.text(appearance.glyphs)) \(text)", colour))\n")
    }

    private func coloured(_ text: String, _ colour: Colour) -> String {
        appearance.colours ? "\u{1B}[1;\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}
