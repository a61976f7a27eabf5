// SPDX-License-Identifier: Apache-2.0

import CSystem

/// What of a sandbox the running kernel cannot enforce.
package struct SandboxReport: Hashable, Sendable {
    /// What a sandbox keeps a process from.
    package enum Promise: UInt8, Sendable, CaseIterable {
        case files = 1, attributes, network, processes, signals, threads, system

        /// What is possible where it is not kept: the end of "it can".
        package var gap: String {
            switch self {
            case .files: "read and write all files of its user"
            case .attributes: "change modes and times of all files of its user"
            case .network: "use the network"
            case .processes: "start processes"
            case .signals: "send signals to other processes of its user"
            case .threads: "start any number of threads"
            case .system: "make every system call that its user can"
            }
        }
    }

    /// In the order of `Promise`; empty: all is enforced.
    package let missing: [Promise]

    package init(missing: [Promise]) { self.missing = missing }

    /// - Parameters:
    ///   - landlock: the version of Landlock's ABI; 0: there is none.
    ///   - hasFilter: whether system calls are filtered.
    ///   - hasJudge: whether the host judges some of them.
    init(landlock: Int, hasFilter: Bool, hasJudge: Bool, startsProcesses: Bool) {
        missing = Promise.allCases.filter { promise in
            switch promise {
            case .files: landlock < 1
            case .attributes, .threads: !hasJudge
            case .network, .system: !hasFilter
            case .processes: !hasFilter && !startsProcesses
            // The filter knows one process; which ones a plugin has started Landlock knows from version 6 on, and the judge.
            case .signals: landlock < 6 && !(hasFilter && (!startsProcesses || hasJudge))
            }
        }
    }

    /// What would be enforced here, as far as that shows before anything is confined.
    package static func ofThisKernel(startsProcesses: Bool) -> SandboxReport {
        let report = SandboxReport(
            landlock: Int(bio_landlock_version()), hasFilter: bio_filter_is_offered() == 1,
            hasJudge: bio_supervision_is_offered() == 1, startsProcesses: startsProcesses)
        return bio_children_are_reachable() == 1 ? report : report.lacking([.attributes])
    }

    /// The same where these are not kept either.
    package func lacking(_ promises: Set<Promise>) -> SandboxReport {
        SandboxReport(missing: Promise.allCases.filter { missing.contains($0) || promises.contains($0) })
    }

    /// `this kernel cannot keep it from …, it can …`; nil when nothing is missing.
    package var gap: String? {
        guard let last = missing.last else { return nil }
        let rest = missing.dropLast().map(\.gap).joined(separator: ", ")
        return "this kernel does not confine it in all: it can \(rest.isEmpty ? "" : rest + " and ")\(last.gap)"
    }
}
