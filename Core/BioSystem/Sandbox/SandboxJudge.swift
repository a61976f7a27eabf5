// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// Judges the system calls of a confined process and of all that it starts, from outside. One thread uses it.
package final class SandboxJudge {
    /// A call that the sandbox does not allow.
    package struct Refusal: Hashable, Sendable {
        package enum Purpose: Hashable, Sendable { case network, process, otherProcesses, system, files, limits }

        /// The kernel's name of the call.
        package let call: String
        package let purpose: Purpose

        package init(call: String, purpose: Purpose) {
            self.call = call
            self.purpose = purpose
        }
    }

    package enum Verdict: Hashable, Sendable {
        /// It went on, or was done in its stead.
        case allowed
        /// It got an error, and goes on with that.
        case refused(Refusal)
        /// Not answered: the process must be ended.
        case mustEnd(Refusal)
        /// No process is left that could call.
        case over
    }

    private let listener: FileDescriptor
    private let group: Int32
    private let request: SandboxRequest
    /// What it cannot judge because the system hides the process from it: it lets that pass, as where there is no judge.
    package let unable: Set<SandboxReport.Promise>
    private var started = 0

    /// Threads are counted once for so many new ones: counting reads the whole list of processes.
    private static let countedEach = 32

    /// Tries at once what judging takes.
    ///
    /// - Parameter group: the process group that all of them are in, and the process that leads it.
    package init(listener: consuming FileDescriptor, group: Int32, _ request: SandboxRequest) {
        self.listener = listener
        self.group = group
        self.request = request
        unable = Self.unable(group)
    }

    /// What cannot be judged of the process and its group.
    static func unable(_ group: Int32) -> Set<SandboxReport.Promise> {
        var unable: Set<SandboxReport.Promise> = []
        if bio_process_is_reachable(group) != 1 { unable.insert(.attributes) }
        if bio_group_threads(group, 0) < 1 { unable.insert(.threads) }
        return unable
    }

    /// Readable when a call waits.
    package var descriptor: CInt { listener.rawValue }

    /// Judges one waiting call; to be used when `descriptor` is readable.
    package func judge() -> Verdict {
        var notice = bio_notice()
        guard bio_notice_take(descriptor, &notice) == 0 else {
            // ENOENT: its thread was ended meanwhile.
            return [ENOENT, EINTR, EAGAIN].contains(errno) ? .allowed : .over
        }
        guard let known = bio_known_call_find(notice.number) else { return answer(notice, ENOSYS, .allowed) }
        let call = known.pointee
        let refusal = Refusal(call: String(cString: call.name), purpose: Self.purpose(call))
        switch bio_deed(UInt32(call.deed)) {
        case BIO_DEED_COUNT: return started(notice, refusal)
        case BIO_DEED_ATTRIBUTES where unable.contains(.attributes): return pass(notice)
        case BIO_DEED_ATTRIBUTES:
            let error = changeAttributes(notice)
            return answer(notice, error, error == EPERM ? .refused(refusal) : .allowed)
        case BIO_DEED_END: return .mustEnd(refusal)
        default:
            if request.startsProcesses, bio_notice_signals_group(&notice, group) == 1 { return pass(notice) }
            return answer(notice, EPERM, .refused(refusal))
        }
    }

    private func answer(_ notice: bio_notice, _ error: CInt, _ verdict: Verdict) -> Verdict {
        // One that cannot be answered any more is gone.
        _ = bio_notice_answer(descriptor, notice.id, error)
        return verdict
    }

    private func pass(_ notice: bio_notice) -> Verdict {
        _ = bio_notice_allow(descriptor, notice.id)
        return .allowed
    }

    private func started(_ notice: bio_notice, _ refusal: Refusal) -> Verdict {
        // CLONE_THREAD of linux/sched.h.
        let isThread = notice.arguments.0 & 0x10000 != 0
        guard isThread || request.startsProcesses else { return .mustEnd(refusal) }
        started += 1
        if started % Self.countedEach == 0, !unable.contains(.threads), isFull {
            // Counted again at the next one: it has as many as it may.
            started -= 1
            return answer(notice, EAGAIN, .refused(Refusal(call: refusal.call, purpose: .limits)))
        }
        return pass(notice)
    }

    /// Whether it has all threads that it may have; also when they cannot be counted any more.
    private var isFull: Bool {
        let count = Int(bio_group_threads(group, CInt(request.limits.threads)))
        return count < 1 || count > request.limits.threads - Self.countedEach
    }

    private func changeAttributes(_ notice: bio_notice) -> CInt {
        let texts = request.writable.map { strdup($0) }
        defer { for text in texts { free(text) } }
        let writable = texts.map { UnsafePointer($0) } + [nil]
        return withUnsafePointer(to: notice) { bio_notice_change_attributes(descriptor, $0, writable) }
    }

    private static func purpose(_ call: bio_known_call) -> Refusal.Purpose {
        switch bio_purpose(UInt32(call.purpose)) {
        case BIO_PURPOSE_NETWORK: .network
        case BIO_PURPOSE_PROCESS: .process
        case BIO_PURPOSE_OTHERS: .otherProcesses
        case BIO_PURPOSE_FILES: .files
        default: .system
        }
    }
}
