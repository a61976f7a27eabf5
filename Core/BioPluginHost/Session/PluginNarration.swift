// SPDX-License-Identifier: Apache-2.0

/// What a plugin says while it works: lines, progress, traced calls. Each is checked against what it said before,
/// made printable, and handed on to who shows it.
final class PluginNarration {
    /// Why the plugin must be ended.
    enum Breach: Error {
        case lie(String)
        case flood
    }

    static let mostLoggedLines = 100_000
    private static let mostOpenProgress = 64

    private weak var observer: (any PluginObserver)?
    /// Gets every call across the boundary; nil: nobody wants them.
    private let trace: CallObserver?
    private let isTrial: Bool
    private var loggedLines = 0
    private var progress: [UInt64: (title: String, total: UInt64)] = [:]

    init(_ observer: (any PluginObserver)?, trace: CallObserver?, isTrial: Bool) {
        self.observer = observer
        self.trace = trace
        self.isTrial = isTrial
    }

    /// Hands on what the plugin `name` said; messages of other kinds are not for this one.
    func tell(_ message: RunnerMessage, of name: String) throws(Breach) {
        switch message {
        case .log(let level, let text):
            loggedLines += 1
            guard loggedLines <= Self.mostLoggedLines else { throw .flood }
            observer?.pluginLogged(level, PluginLog.printable(Array(text.utf8)))
        case .traced(let call):
            guard let trace else { throw .lie("it tells of calls that nobody traces") }
            trace(name, call)
        case .progressBegan(let id, let title, let total):
            guard progress.count < Self.mostOpenProgress else {
                throw .lie("it has \(Self.mostOpenProgress) pieces of progress open")
            }
            let title = PluginLog.printable(Array(title.utf8))
            progress[id] = (title, total)
            observer?.pluginProgressed(title, done: 0, total: total, ended: false)
        case .progressed(let id, let done):
            guard let piece = progress[id] else { throw .lie("it went on with progress that it had not begun") }
            observer?.pluginProgressed(piece.title, done: done, total: piece.total, ended: false)
        case .progressEnded(let id):
            guard let piece = progress.removeValue(forKey: id) else {
                throw .lie("it ended progress that it had not begun")
            }
            observer?.pluginProgressed(piece.title, done: piece.total, total: piece.total, ended: true)
        case .observed(let phase, let observation):
            guard isTrial else { throw .lie("it told of a trial that there is not") }
            observer?.pluginObserved(phase, observation)
        default: break
        }
    }
}
