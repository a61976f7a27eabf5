// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// One wait for many things, and what to do about each.
final class EventPoll {
    private var watched: [pollfd] = []
    private var actions: [() -> Void] = []

    func add(_ descriptor: CInt, forWriting: Bool = false, _ action: @escaping () -> Void) {
        watched.append(pollfd(fd: descriptor, events: Int16(forWriting ? POLLOUT : POLLIN), revents: 0))
        actions.append(action)
    }

    /// Waits until something is ready, or until `time` of the monotonic clock, and does what there is to do.
    func wait(until time: Int64) {
        var milliseconds: CInt = -1
        if time != .max {
            // Rounded up, so that it is not asked a moment too early again and again.
            milliseconds = CInt(clamping: max(0, (time - MonotonicClock.nanoseconds + 999_999) / 1_000_000))
        }
        guard poll(&watched, nfds_t(watched.count), milliseconds) > 0 else { return }
        for (entry, action) in zip(watched, actions) where entry.revents != 0 { action() }
    }
}
