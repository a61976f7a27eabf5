// SPDX-License-Identifier: Apache-2.0

/// What a process may do from now on, and with it all that it starts.
package struct SandboxRequest: Hashable, Sendable {
    /// Absolute directories that are there: everything beneath may be made, changed and removed.
    package var writable: [String]
    /// Files and directories that may be read and executed, besides `systemPlaces`; what is not there is passed over.
    package var readable: [String]
    /// Whether it may start processes and execute programs.
    package var startsProcesses = false
    package var limits = Limits()

    /// What one process may take.
    package struct Limits: Hashable, Sendable {
        /// Bytes of address space: also what is reserved and never used.
        package var memory: Int64 = 4 << 30
        package var openFiles: Int64 = 1024
        /// Bytes of any file that it writes.
        package var fileSize: Int64 = 64 << 30
        /// Threads, or threads of all its processes together.
        package var threads = 512

        package init() {}
    }

    package init(writable: [String], readable: [String], startsProcesses: Bool = false) {
        self.writable = writable
        self.readable = readable
        self.startsProcesses = startsProcesses
    }

    /// Where programs, libraries and facts about the machine are: no place where users, or the system, keep secrets.
    static let systemPlaces = [
        "/usr", "/lib", "/lib32", "/lib64", "/libx32", "/bin", "/sbin", "/opt", "/nix/store", "/gnu/store", "/hab/pkgs",
        "/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
        "/etc/localtime", "/etc/timezone", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/mime.types",
        "/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems", "/proc/version",
        "/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu", "/sys/kernel/mm/transparent_hugepage",
        "/sys/fs/cgroup",
    ]

    /// What interpreters look for besides. Of other processes Landlock shows no more than every user sees.
    static let interpreterPlaces =
        ["/proc", "/etc/perl", "/etc/python3"] + (9...19).map { "/etc/python3.\($0)" }

    var places: [String] { Self.systemPlaces + (startsProcesses ? Self.interpreterPlaces : []) + readable }
}
