// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// What tells a process from a later one that has its number: when it began, and in which run of the system.
package struct ProcessMark: Hashable, Sendable {
    package let pid: Int32
    /// Ticks since the system began.
    package let start: UInt64
    /// The kernel's name for this run of the system; empty where it tells none.
    package let boot: String

    package init(pid: Int32, start: UInt64, boot: String) {
        self.pid = pid
        self.start = start
        self.boot = boot
    }

    /// Of a process that is there and has not ended.
    package init?(of pid: Int32) {
        guard pid > 0, let text = Self.text("/proc/\(pid)/stat"), let bracket = text.lastIndex(of: ")") else {
            return nil
        }
        // Its name, in brackets, may have blanks and brackets itself.
        let fields = text[text.index(after: bracket)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X", let start = UInt64(fields[19]) else { return nil }
        self.pid = pid
        self.start = start
        boot = Self.currentBoot
    }

    /// Of a process that wrote its line of /proc into a file, in the run of the system named `boot`.
    package init?(recorded path: String, boot: String) {
        guard let text = Self.text(path), let pid = Int32(text.prefix { $0 != " " }), pid > 1,
            let bracket = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: bracket)...].split(separator: " ")
        guard fields.count > 19, let start = UInt64(fields[19]) else { return nil }
        self.init(pid: pid, start: start, boot: boot)
    }

    /// The kernel's name for this run of the system.
    package static var currentBoot: String {
        text("/proc/sys/kernel/random/boot_id").map { String($0.prefix { !$0.isNewline }) } ?? ""
    }

    /// Kills what is left of the process group that this process led. While any of it is left nobody else has its number;
    /// once nothing is, somebody else's process may.
    package func killGroup() {
        guard boot == Self.currentBoot else { return }
        if let present = ProcessMark(of: pid), present != self { return }
        kill(-pid, SIGKILL)
    }

    /// Whether the process is still there.
    package var isAlive: Bool { ProcessMark(of: pid) == self }

    /// Its memory in bytes, as far as it is resident; nil when it has gone.
    package var residentBytes: Int? {
        Self.text("/proc/\(pid)/statm").flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) }
            .map { $0 * Int(sysconf(CInt(_SC_PAGESIZE))) }
    }

    fileprivate static func text(_ path: String) -> String? {
        guard let file = try? FileDescriptor.open(path), let bytes = try? file.readToEnd(limit: 1 << 16) else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Processes that signals go to together.
package enum ProcessGroup {
    /// Whether any process of the group has not ended: one that has, and that nobody reaps, does not count.
    package static func isAlive(_ group: Int32) -> Bool {
        guard kill(-group, 0) == 0 || errno == EPERM else { return false }
        guard let names = try? Directory.names("/proc") else { return true }
        for name in names where name.first.map({ 0x31...0x39 ~= $0 }) ?? false {
            guard let text = ProcessMark.text("/proc/\(String(decoding: name, as: UTF8.self))/stat"),
                let bracket = text.lastIndex(of: ")")
            else { continue }
            let fields = text[text.index(after: bracket)...].split(separator: " ")
            if fields.count > 2, fields[2] == "\(group)", fields[0] != "Z", fields[0] != "X" { return true }
        }
        return false
    }
}

/// A process that somebody else has started: readable when it has ended.
package final class ProcessWatch {
    package let descriptor: FileDescriptor
    private let mark: ProcessMark

    /// nil when it has ended already.
    package init?(_ mark: ProcessMark) {
        let fd = bio_pidfd_open(mark.pid)
        guard fd >= 0 else { return nil }
        descriptor = FileDescriptor(owning: fd)
        self.mark = mark
        // Only now the number cannot become another's.
        if !mark.isAlive { return nil }
    }

    /// Sends it a signal: it, and nobody who has its number by now.
    package func signal(_ number: CInt) {
        if bio_pidfd_signal(descriptor.rawValue, number) == 0 || errno == ESRCH { return }
        // A container may forbid that call.
        if mark.isAlive { kill(mark.pid, number) }
    }
}
