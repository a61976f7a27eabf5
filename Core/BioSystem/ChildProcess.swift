// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// A program that this process has started, in a process group of its own. It is killed, with its group, and reaped
/// when this value ends before it does.
package struct ChildProcess: ~Copyable {
    /// What to start.
    package struct Request: Sendable {
        /// Executed as it is: no search, no shell.
        package var path: String
        /// Without the program's own name.
        package var arguments: [String] = []
        /// `NAME=VALUE`; the child has these and no others.
        package var variables: [String] = []
        package var directory = "/"
        /// nil: stays what this process is.
        package var user: Identity?
        /// Bytes of any file that it writes; with a limit it leaves no core either. nil: none.
        package var fileLimit: Int64?

        package init(_ path: String) { self.path = path }
    }

    /// Numbers that a process runs by.
    package struct Identity: Hashable, Sendable {
        package let uid: UInt32
        package let gid: UInt32
        /// Supplementary groups.
        package let groups: [UInt32]

        package init(uid: UInt32, gid: UInt32, groups: [UInt32] = []) {
            self.uid = uid
            self.gid = gid
            self.groups = groups
        }
    }

    package enum Ending: Hashable, Sendable {
        case exited(code: Int32)
        /// The name without `SIG`, or the number.
        case killed(signal: String)
        /// Somebody else has taken the status.
        case unknown

        /// As a shell tells it: 128 and the signal's number of what was killed.
        package var shellCode: Int32 {
            switch self {
            case .exited(let code): code
            case .killed(let name):
                128 + (Int32(name) ?? SignalName.number(of: name) ?? 0)
            case .unknown: 128
            }
        }
    }

    package let pid: Int32
    private let pidfd: FileDescriptor
    private var isReaped = false

    /// Starts it; the descriptors become its standard streams and stay the caller's. Only the thread that starts it
    /// keeps it alive: when that ends, the kernel kills it. `third` becomes its descriptor 3.
    package init(
        _ request: Request, input: borrowing FileDescriptor, output: borrowing FileDescriptor,
        errors: borrowing FileDescriptor, third: CInt? = nil
    ) throws(SystemError) {
        let pid = try Self.spawn(
            request, input: input.rawValue, output: output.rawValue, errors: errors.rawValue, third: third,
            diesWithParent: true)
        let fd = bio_pidfd_open(pid)
        guard fd >= 0 else {
            let error = SystemError("watch", request.path)
            kill(-pid, SIGKILL)
            while waitpid(pid, nil, 0) < 0 && errno == EINTR {}
            throw error
        }
        self.pid = pid
        pidfd = FileDescriptor(owning: fd)
    }

    deinit {
        guard !isReaped else { return }
        kill(-pid, SIGKILL)
        while waitpid(pid, nil, 0) < 0 && errno == EINTR {}
    }

    /// Waits at most so many milliseconds (-1: as long as it takes); nil when it is still there. What it left running in
    /// its group stays, unless `endingGroup`. Asked again after the end, it is `unknown`.
    package mutating func wait(milliseconds: CInt = -1, endingGroup: Bool = false) -> Ending? {
        guard !isReaped else { return .unknown }
        var ended = pollfd(fd: pidfd.rawValue, events: Int16(POLLIN), revents: 0)
        let ready = poll(&ended, 1, milliseconds)
        // EINTR counts as not yet: whoever waits has something else to look at, too.
        if ready <= 0 && milliseconds >= 0 { return nil }
        // The process is not reaped yet, so the number of the group is still its own.
        if endingGroup && ready > 0 { kill(-pid, SIGKILL) }
        return reap()
    }

    /// Sends a signal to the process and its group.
    package func signalGroup(_ number: CInt) { if !isReaped { kill(-pid, number) } }

    /// Runs until it ends, or until the wish comes that it does: then its group is asked to (SIGTERM), and after
    /// `grace` milliseconds killed.
    /// - Returns: nil when the wish has come.
    package mutating func run(_ cancellation: Cancellation, grace: Int = 2000) -> Ending? {
        while true {
            if let ending = wait(milliseconds: Self.pollMilliseconds) { return ending }
            if cancellation.isRequested { break }
        }
        signalGroup(SIGTERM)
        for _ in 0..<max(1, grace / Int(Self.pollMilliseconds)) {
            if hasEnded(milliseconds: Self.pollMilliseconds) { break }
        }
        // The process is not reaped yet, so the number of the group is still its own.
        signalGroup(SIGKILL)
        _ = reap()
        return nil
    }

    private static let pollMilliseconds: CInt = 50

    private func hasEnded(milliseconds: CInt) -> Bool {
        var ended = pollfd(fd: pidfd.rawValue, events: Int16(POLLIN), revents: 0)
        return poll(&ended, 1, milliseconds) > 0
    }

    private mutating func reap() -> Ending {
        var status: CInt = 0
        isReaped = true
        while waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { return .unknown }
        }
        return Ending(waitStatus: status)
    }
}
