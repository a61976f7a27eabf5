// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CSystem
import Glibc

/// Where a plugin runs.
package enum RunnerMode: Hashable, Sendable {
    /// A child process: `executable`, a `bio`, as a runner. A crash costs one export.
    case child(executable: String)
    /// A thread of this process, for debuggers and sanitizers. A crash costs the host.
    case inProcess

    /// A child process of this very program, also when another file has its name by now.
    package static let thisProgram = RunnerMode.child(executable: "/proc/self/exe")

    /// The hidden command that makes `bio` a runner; it has no options.
    package static let childArgument = "__runner"
}

/// A running runner: child or thread, the host's end of its socket, and what it writes to standard error.
final class RunnerProcess {
    let channel: FrameChannel
    /// Readable once the runner should stop; the runner has a copy. Reading end of a pipe: what the runner does to it
    /// the host cannot feel.
    let cancelEvent: CInt
    /// The other end, which the host alone has; -1 once it has asked.
    private var cancelWriter: CInt
    /// Standard output and error of the child, non-blocking; -1 in process.
    let output: CInt
    /// Readable once the child has ended; -1 in process.
    let pidfd: CInt
    private var pid: pid_t
    private var ending = Ending.none

    private enum Ending {
        case none
        /// With the status of waitpid(2).
        case known(CInt)
        /// Somebody else has taken the status.
        case unknown
    }

    init(_ mode: RunnerMode) throws(SystemError) {
        let ends = try FrameChannel.pair()
        let (event, writer) = try Self.pipe()
        // The runner can open the pipe again and fill it.
        _ = bio_set_nonblocking(writer, 1)
        channel = ends.host
        (cancelEvent, cancelWriter) = (event, writer)
        do throws(SystemError) {
            switch mode {
            case .inProcess:
                // First, while an error still leaves a half-made object, which has no deinit.
                try Self.startThread(ends.runner)
                (output, pidfd, pid) = (-1, -1, 0)
            case .child(let executable):
                (pid, pidfd, output) = try withExtendedLifetime(ends.runner) { () throws(SystemError) in
                    try Self.spawn(executable, socket: ends.runner.descriptor)
                }
            }
        } catch {
            close(event)
            close(writer)
            throw error
        }
    }

    deinit {
        end()
        if cancelWriter >= 0 { close(cancelWriter) }
        close(cancelEvent)
        if output >= 0 { close(output) }
        if pidfd >= 0 { close(pidfd) }
    }

    /// The process group of the child; 0 in process.
    var group: pid_t { pid }

    /// Asks the plugin to stop, through bio.host.cancel/1.
    func requestCancel() {
        guard cancelWriter >= 0 else { return }
        // A byte for those who ask for input only; the end of the pipe, which nobody can read away, for all others.
        _ = write(cancelWriter, [0], 1)
        close(cancelWriter)
        cancelWriter = -1
    }

    /// Kills the child and what it started in its process group, and reaps it. A thread cannot be ended from outside:
    /// what a plugin does in process after this is seen by nobody, and ends with the host.
    func end() {
        guard pid > 0, case .none = ending else { return }
        kill(pid, SIGKILL)
        _ = reap(within: -1)
    }

    /// Waits for the child, at most so many milliseconds (-1: as long as it takes): signal name or exit code, neither
    /// when nobody knows; nil when it is still there.
    func reap(within milliseconds: CInt) -> (signal: String?, exitCode: Int32?)? {
        guard pid > 0 else { return (nil, nil) }
        if case .none = ending {
            guard hasEnded(within: milliseconds) else { return nil }
            // What the plugin left running in its process group goes with it, while the number of the group is
            // still its own.
            kill(-pid, SIGKILL)
            ending = wait()
            awaitGroup()
        }
        guard case .known(let status) = ending else { return (nil, nil) }
        let signal = bio_wait_signal(status)
        guard signal != 0 else { return (nil, bio_wait_exit_code(status)) }
        return (bio_signal_name(signal).map { "SIG" + String(cString: $0) } ?? "\(signal)", nil)
    }

    /// Waits until what was killed is gone: a call that it is in may still make a file. Half a second is enough on any
    /// machine; what is still there then is dead, and nobody reaps it.
    private func awaitGroup() {
        var milliseconds = 0
        while milliseconds < 500, kill(-pid, 0) == 0 {
            usleep(1000)
            milliseconds += 1
        }
    }

    private func hasEnded(within milliseconds: CInt) -> Bool {
        var ended = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = poll(&ended, 1, milliseconds)
            if ready >= 0 { return ready > 0 }
            if errno == EINTR { continue }
            // It cannot be watched: then it must end now, so that waiting for it does.
            kill(pid, SIGKILL)
            return true
        }
    }

    private func wait() -> Ending {
        var status: CInt = 0
        while waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { return .unknown }
        }
        return .known(status)
    }

    /// The child has an environment of its own, so that nothing of the user's reaches an artifact by accident.
    private static let environment = ["LC_ALL=C.UTF-8", "TZ=UTC", "PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"]

    private static func pipe() throws(SystemError) -> (reading: CInt, writing: CInt) {
        var ends: (CInt, CInt) = (-1, -1)
        let made = withUnsafeMutablePointer(to: &ends) {
            $0.withMemoryRebound(to: CInt.self, capacity: 2) { bio_pipe($0) }
        }
        guard made == 0 else { throw SystemError("create", "a pipe") }
        return ends
    }

    private static func spawn(_ executable: String, socket: CInt) throws(SystemError)
        -> (pid: pid_t, pidfd: CInt, output: CInt)
    {
        let (reading, writing) = try pipe()
        defer { close(writing) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, writing, 1)
        posix_spawn_file_actions_adddup2(&actions, writing, 2)
        posix_spawn_file_actions_adddup2(&actions, socket, 3)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("bio"), strdup(RunnerMode.childArgument), nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        var pid: pid_t = 0
        let failed = posix_spawn(&pid, executable, &actions, &attributes, &arguments, &variables)
        guard failed == 0 else {
            close(reading)
            throw SystemError("start the plugin runner", executable, Errno(rawValue: failed))
        }
        let pidfd = bio_pidfd_open(pid)
        guard pidfd >= 0 else {
            let error = SystemError("watch", "the plugin runner")
            kill(pid, SIGKILL)
            while waitpid(pid, nil, 0) < 0 && Glibc.errno == EINTR {}
            close(reading)
            throw error
        }
        _ = bio_set_nonblocking(reading, 1)
        return (pid, pidfd, reading)
    }

    private static func startThread(_ channel: FrameChannel) throws(SystemError) {
        // SAFETY: the box is retained for the thread, which releases it.
        let box = Unmanaged.passRetained(channel).toOpaque()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setstacksize(&attributes, 8 << 20)
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        defer { pthread_attr_destroy(&attributes) }
        var thread = pthread_t()
        let failed = pthread_create(
            &thread, &attributes,
            { box in
                Runner(Unmanaged<FrameChannel>.fromOpaque(box!).takeRetainedValue()).serve()
                return nil
            }, box)
        guard failed == 0 else {
            Unmanaged<FrameChannel>.fromOpaque(box).release()
            throw SystemError("start", "the plugin runner's thread", Errno(rawValue: failed))
        }
    }
}
