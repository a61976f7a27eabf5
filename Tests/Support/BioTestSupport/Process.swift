// SPDX-License-Identifier: Apache-2.0

import BioSystem
package import Glibc

/// What /proc tells.
package enum Process {
    package static func milliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }

    /// State and parent of a process; nil when there is none.
    private static func status(_ pid: pid_t) -> (state: Character, parent: pid_t)? {
        guard let bytes = try? contents(of: "/proc/\(pid)/stat"),
            // The name, in brackets, may hold anything.
            let words = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.split(separator: " "),
            words.count > 1, let state = words[0].first, let parent = pid_t(words[1])
        else { return nil }
        return (state, parent)
    }

    /// Whether it runs; one that ended and was not reaped does not.
    package static func isAlive(_ pid: pid_t) -> Bool {
        status(pid).map { $0.state != "Z" && $0.state != "X" } ?? false
    }

    /// Of its program, at most 15 letters; nil when there is no such process.
    package static func name(_ pid: pid_t) -> String? {
        (try? contents(of: "/proc/\(pid)/comm")).map { String(decoding: $0.dropLast(), as: UTF8.self) }
    }

    /// As whom it runs; nil when there is no such process.
    package static func user(_ pid: pid_t) -> Int? {
        guard let status = try? contents(of: "/proc/\(pid)/status") else { return nil }
        let line = String(decoding: status, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Uid:") }
        return line?.split(separator: "\t").dropFirst(2).first.flatMap { Int($0) }
    }

    package static func children(of parent: pid_t) throws -> [pid_t] {
        try Directory.names("/proc").compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
            .filter { status($0)?.parent == parent }
    }
}
