// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// One running amount: a bar on a terminal, a plain line every few seconds otherwise. Any thread may move it; it ends
/// with `finish` or with the last reference.
package final class Progress: Sendable {
    package enum Unit: Hashable, Sendable {
        case bytes
        /// Things counted, as in `packages`.
        case count(String)
    }

    private struct State {
        var done: Int64 = 0
        var total: Int64?
        var shownAt: UInt64
        var isFinished = false
    }

    /// A bar is redrawn ten times a second at most, a plain line comes every five seconds: nobody reads faster.
    private static let barInterval: UInt64 = 100_000_000
    private static let lineInterval: UInt64 = 5_000_000_000

    private let reporter: StatusReporter
    private let id: Int
    private let label: String
    private let unit: Unit
    private let state: Mutex<State>

    init(reporter: StatusReporter, id: Int, label: String, total: Int64?, unit: Unit) {
        self.reporter = reporter
        self.id = id
        self.label = label
        self.unit = unit
        state = Mutex(State(total: total, shownAt: reporter.now()))
    }

    deinit { finish() }

    /// Amounts may be what somebody claims: a sum that is too large stays at the largest.
    package func advance(by amount: Int64) {
        change { state in
            let (sum, isTooLarge) = state.done.addingReportingOverflow(amount)
            state.done = isTooLarge ? .max : sum
        }
    }

    /// Sets the amount; `total` when it has become known or has changed.
    package func update(to done: Int64, total: Int64? = nil) {
        change { state in
            state.done = done
            if let total { state.total = total }
        }
    }

    /// Removes the bar. Says nothing: the status line that follows tells the outcome.
    package func finish() {
        let wasRunning = state.withLock { state in
            defer { state.isFinished = true }
            return !state.isFinished
        }
        if wasRunning, reporter.appearance.barColumns > 0 { reporter.showBar(id, nil) }
    }

    private func change(_ body: (inout State) -> Void) {
        let columns = reporter.appearance.barColumns
        let time = reporter.now()
        let text: String? = state.withLock { state in
            body(&state)
            let interval = columns > 0 ? Self.barInterval : Self.lineInterval
            guard !state.isFinished, time >= state.shownAt + interval else { return nil }
            state.shownAt = time
            return columns > 0 ? bar(state, columns: columns) : plain(state)
        }
        guard let text else { return }
        if columns > 0 { reporter.showBar(id, text) } else { reporter.emit("\(text)\n") }
    }

    /// `    Exporting tar [#####-----] 12.0 MiB of 24.0 MiB`, cut to the columns.
    private func bar(_ state: State, columns: Int) -> String {
        let tail = amount(state)
        var middle = " "
        if let total = state.total, total > 0 {
            let room = min(30, columns - label.columns - tail.count - 9)
            if room >= 5 {
                let filled = Int(min(Double(state.done) / Double(total), 1) * Double(room))
                middle =
                    " [" + String(repeating: "#", count: filled) + String(repeating: "-", count: room - filled) + "] "
            }
        }
        // The last column stays free: some terminals wrap when it is written.
        return "    \(label)\(middle)\(tail)".cut(toColumns: max(0, columns - 1))
    }

    private func plain(_ state: State) -> String {
        "\(Glyph.elipses.text(reporter.appearance.glyphs)) \(label) \(amount(state))"
    }

    private func amount(_ state: State) -> String {
        switch unit {
        case .bytes:
            let done = ByteCount.text(state.done)
            return state.total.map { "\(done) of \(ByteCount.text($0))" } ?? done
        case .count(let things):
            return state.total.map { "\(state.done) of \($0) \(things)" } ?? "\(state.done) \(things)"
        }
    }
}
