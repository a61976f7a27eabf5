// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// Confines the calling process, for good.
package enum Sandbox {
    /// What came of it.
    package struct Entered: ~Copyable {
        package let report: SandboxReport
        private var listener: CInt

        fileprivate init(report: SandboxReport, listener: CInt) {
            self.report = report
            self.listener = listener
        }

        deinit { if listener >= 0 { close(listener) } }

        /// By which another process judges calls; nil: nobody does. Whoever is judged must not keep it.
        package mutating func takeListener() -> FileDescriptor? {
            guard listener >= 0 else { return nil }
            defer { listener = -1 }
            return FileDescriptor(owning: listener)
        }
    }

    /// What the kernel cannot do is in the report; what it can do and did not is an error. So is a second thread, which
    /// filter and Landlock would leave as it is.
    package static func enter(_ request: SandboxRequest) throws(SystemError) -> Entered {
        guard try isAlone() else { throw SystemError("confine all threads of", "the plugin runner", .busy) }
        bio_end_me_first()
        let limits = request.limits
        guard bio_limit_process(limits.memory, limits.openFiles, limits.fileSize) == 0 else {
            throw SystemError("limit", "the plugin runner")
        }
        guard bio_drop_privileges() == 0 else { throw SystemError("drop privileges of", "the plugin runner") }
        let landlock = bio_landlock_version()
        if landlock > 0 { try restrictFiles(landlock, request) }
        var listener: CInt = -1
        let hasFilter = bio_filter_is_offered() == 1
        if hasFilter {
            guard bio_filter_install(request.startsProcesses ? 1 : 0, landlock, &listener) == 0 else {
                throw SystemError("filter the system calls of", "the plugin runner")
            }
        }
        return Entered(
            report: SandboxReport(
                landlock: Int(landlock), hasFilter: hasFilter, hasJudge: listener >= 0,
                startsProcesses: request.startsProcesses),
            listener: listener)
    }

    /// Whether the calling thread is the only one: each is one more link of the directory.
    private static func isAlone() throws(SystemError) -> Bool {
        var status = stat()
        guard stat("/proc/self/task", &status) == 0 else {
            throw SystemError("count", "the threads of the plugin runner")
        }
        return status.st_nlink == 3
    }

    private static func restrictFiles(_ version: CInt, _ request: SandboxRequest) throws(SystemError) {
        let texts = (request.writable + request.places).map { strdup($0) }
        defer { for text in texts { free(text) } }
        let writable = texts.prefix(request.writable.count).map { UnsafePointer($0) } + [nil]
        let readable = texts.dropFirst(request.writable.count).map { UnsafePointer($0) } + [nil]
        var place: UnsafePointer<CChar>?
        guard bio_landlock_restrict(version, writable, readable, &place) == 0 else {
            let error = Errno.current
            throw SystemError("confine the plugin runner to", place.map { String(cString: $0) } ?? "its files", error)
        }
    }
}
