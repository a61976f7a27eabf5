// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The clock that nobody sets: it measures how long something takes, and tells no time of day.
package enum MonotonicClock {
    /// Nanoseconds since some moment before this process began.
    package static var nanoseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
