// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import Glibc

/// Where `--trace-plugin` writes: one line for each call, with the seconds since the command began.
final class PluginTrace: Sendable {
    private let file: FileDescriptor
    private let began = UInt64(MonotonicClock.nanoseconds)

    /// - Parameter path: `-` is standard error.
    init(_ path: String) throws(SystemError) {
        guard path != "-" else {
            let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
            guard copy >= 0 else { throw SystemError("write to", "standard error") }
            file = FileDescriptor(owning: copy)
            return
        }
        file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, mode: 0o644)
    }

    /// One line at once, so that lines of several plugins do not mix. What cannot be written is lost: a full disk is no
    /// reason to stop an export.
    func write(_ plugin: String, _ call: TracedCall) {
        let line = "\(TracedCall.seconds(UInt64(MonotonicClock.nanoseconds) - began)) \(plugin) \(call)\n"
        try? file.writeAll(Array(line.utf8))
    }
}
