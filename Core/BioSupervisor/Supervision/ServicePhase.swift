// SPDX-License-Identifier: Apache-2.0

/// Where a service is between its load and its end. Times are nanoseconds of the monotonic clock.
enum ServicePhase: Hashable {
    /// Nothing runs, and nothing is wanted to.
    case down
    /// For its package, its configuration, its binds.
    case waiting
    /// Its install and init hooks run.
    case preparing
    case up
    /// Asked to end; killed at `deadline`.
    case stopping(deadline: Int64)
    /// Its process has ended; what is left of the process group is asked to end, and killed at `deadline`.
    case sweeping(deadline: Int64)
    /// Its post-stop hook runs.
    case settling
    /// Until it is started again.
    case pausing(until: Int64)

    /// What `bio svc status` says.
    var name: String {
        switch self {
        case .down: "down"
        case .waiting: "waiting"
        case .preparing: "starting"
        case .up: "up"
        case .stopping, .sweeping, .settling: "stopping"
        case .pausing: "restarting"
        }
    }
}

/// What a service is to become.
enum ServiceWish: Hashable {
    case up, down
    /// Down, and forgotten.
    case gone
}

/// How often a service that dies is started again.
package struct RestartPause: Hashable, Sendable {
    /// Seconds before the first time; each further one takes twice as long.
    package var shortest: UInt32 = 1
    package var longest: UInt32 = 60
    /// A service that was up for so many seconds has earned a short pause.
    package var cooldown: UInt32 = 60

    package init() {}

    /// Seconds after `failures` short lives in a row, the first of which counts as 1.
    func seconds(_ failures: Int) -> UInt32 {
        let doubled = failures > 20 ? UInt64(longest) : UInt64(shortest) << UInt64(max(0, failures - 1))
        return UInt32(min(doubled, UInt64(longest)))
    }
}

/// How a service is by its health-check hook: exit codes 0 to 3.
package struct ServiceHealth: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable {
        case ok = "OK"
        case warning = "WARNING"
        case critical = "CRITICAL"
        case unknown = "UNKNOWN"
    }

    package var status = Status.unknown
    /// When the hook told so, by the monotonic clock; nil without one.
    package var checked: Int64?

    init(_ status: Status = .unknown, checked: Int64? = nil) {
        self.status = status
        self.checked = checked
    }

    init(exitCode: Int32, checked: Int64) {
        let all: [Status] = [.ok, .warning, .critical, .unknown]
        self.init(all.indices.contains(Int(exitCode)) ? all[Int(exitCode)] : .unknown, checked: checked)
    }
}

let nanosecondsPerSecond: Int64 = 1_000_000_000
