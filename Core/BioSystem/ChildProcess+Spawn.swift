// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

extension ChildProcess {
    /// Starts a process that nobody looks after but the caller, who has to reap it: descriptors are its standard streams
    /// and stay the caller's; `third` becomes its descriptor 3. Unless it `diesWithParent` it outlives this process.
    /// `record` is a file that gets its line of /proc before it executes: see `ProcessMark.init(recorded:boot:)`.
    /// - Returns: its id, which is that of its process group too.
    package static func spawn(
        _ request: Request, input: CInt, output: CInt, errors: CInt, third: CInt? = nil, diesWithParent: Bool,
        record: String? = nil
    ) throws(SystemError) -> Int32 {
        var arguments: [UnsafeMutablePointer<CChar>?] =
            ([request.path] + request.arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = request.variables.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        let groups = request.user?.groups.map { gid_t($0) } ?? []
        var plan = bio_spawn_plan()
        plan.input = input
        plan.output = output
        plan.errors = errors
        plan.third = third ?? 0
        plan.file_limit = request.fileLimit ?? 0
        plan.die_with_parent = diesWithParent ? 1 : 0
        if let user = request.user {
            plan.change_user = 1
            plan.uid = user.uid
            plan.gid = user.gid
            plan.group_count = groups.count
        }
        var step: UnsafePointer<CChar>?
        var failure = Errno(rawValue: 0)
        let kept = record.map { strdup($0) }
        defer { kept.map { free($0) } }
        if let kept { plan.record = UnsafePointer(kept) }
        let pid = request.path.withCString { path in
            request.directory.withCString { directory in
                arguments.withUnsafeMutableBufferPointer { arguments in
                    variables.withUnsafeMutableBufferPointer { variables in
                        groups.withUnsafeBufferPointer { groups in
                            plan.path = path
                            plan.directory = directory
                            plan.arguments = UnsafePointer(arguments.baseAddress)
                            plan.variables = UnsafePointer(variables.baseAddress)
                            plan.groups = groups.baseAddress
                            let pid = bio_spawn(&plan, &step)
                            failure = .current
                            return pid
                        }
                    }
                }
            }
        }
        guard pid > 0 else {
            throw SystemError(step.map { String(cString: $0) } ?? "start", request.path, failure)
        }
        return pid
    }
}

extension ChildProcess.Ending {
    /// What a status of waitpid(2) says.
    package init(waitStatus status: CInt) {
        let signal = bio_wait_signal(status)
        guard signal != 0 else {
            self = .exited(code: bio_wait_exit_code(status))
            return
        }
        self = .killed(signal: bio_signal_name(signal).map { String(cString: $0) } ?? "\(signal)")
    }
}
