// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// Signals as something to read: from here on they are blocked in this thread and wait in a descriptor.
package struct SignalQueue: ~Copyable {
    package let descriptor: FileDescriptor

    package init(_ numbers: [CInt]) throws(SystemError) {
        let fd = numbers.withUnsafeBufferPointer { bio_signals_open($0.baseAddress, $0.count) }
        guard fd >= 0 else { throw SystemError("wait for", "signals") }
        descriptor = FileDescriptor(owning: fd)
    }

    /// One signal that has come; nil when none waits.
    package func next() -> CInt? {
        let number = bio_signals_next(descriptor.rawValue)
        return number > 0 ? number : nil
    }
}

/// Children that have ended, whoever started them.
package enum ReapedChild {
    /// One of them; nil when none waits.
    package static func next() -> (pid: Int32, ending: ChildProcess.Ending)? {
        var status: CInt = 0
        let pid = bio_reap(&status)
        return pid > 0 ? (pid, ChildProcess.Ending(waitStatus: status)) : nil
    }
}
