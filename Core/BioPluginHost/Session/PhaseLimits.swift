// SPDX-License-Identifier: Apache-2.0

/// How much time a plugin has, in seconds. Time in which the host serves it does not count.
package struct PhaseLimits: Hashable, Sendable {
    package var describe = 5
    package var validate = 10
    package var plan = 30
    /// Between two signs of work; the other limits are for a whole phase.
    package var run = 300
    /// After the user asked to stop.
    package var cancel = 2

    package init() {}

    /// The same limit for every phase.
    package init(all seconds: Int) { (describe, validate, plan, run) = (seconds, seconds, seconds, seconds) }

    func seconds(_ phase: ExportPhase) -> Int {
        switch phase {
        case .describe, .function: describe
        case .create, .validate, .destroy: validate
        case .plan: plan
        case .run: run
        }
    }
}
