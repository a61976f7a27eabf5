// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// When a phase is too late. Every phase but `run` has its limit as a whole; `run` may last for as long as the plugin
/// shows that it works. Times are nanoseconds of a clock that nobody sets.
struct PhaseClock {
    private var deadline: Int64
    /// Serving the plugin takes the host's time; but a plugin that only asks, without end, must end too.
    private let ceiling: Int64
    private let limit: Int64
    private let isRenewed: Bool

    static let second: Int64 = 1_000_000_000

    /// So many limits pass before the time that the host needs counts too.
    static let patience: Int64 = 4

    init(_ phase: ExportPhase, _ limits: PhaseLimits, now: Int64 = MonotonicClock.nanoseconds) {
        limit = Int64(limits.seconds(phase)).multipliedReportingOverflow(by: Self.second).partialValue
        isRenewed = phase == .run
        deadline = now + limit
        ceiling = isRenewed ? .max : now + Self.patience * limit
    }

    /// The moment at which the plugin is ended.
    var end: Int64 { min(deadline, ceiling) }

    /// The plugin called a service or showed progress.
    mutating func worked(at now: Int64 = MonotonicClock.nanoseconds) { if isRenewed { deadline = now + limit } }

    /// The host was busy for the plugin.
    mutating func excuse(_ nanoseconds: Int64) { deadline += nanoseconds }
}
