// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioSystem

@Suite struct SandboxReportTests {
    struct Row: Sendable {
        let landlock: Int
        let hasFilter: Bool
        let hasJudge: Bool
        let startsProcesses: Bool
        let missing: [SandboxReport.Promise]
    }

    static let rows = [
        Row(landlock: 7, hasFilter: true, hasJudge: true, startsProcesses: false, missing: []),
        Row(landlock: 1, hasFilter: true, hasJudge: true, startsProcesses: false, missing: []),
        Row(landlock: 1, hasFilter: true, hasJudge: true, startsProcesses: true, missing: []),
        Row(landlock: 6, hasFilter: true, hasJudge: false, startsProcesses: true, missing: [.attributes, .threads]),
        Row(
            landlock: 5, hasFilter: true, hasJudge: false, startsProcesses: true,
            missing: [.attributes, .signals, .threads]),
        Row(landlock: 0, hasFilter: true, hasJudge: true, startsProcesses: false, missing: [.files]),
        Row(
            landlock: 7, hasFilter: false, hasJudge: false, startsProcesses: true,
            missing: [.attributes, .network, .threads, .system]),
        Row(
            landlock: 0, hasFilter: false, hasJudge: false, startsProcesses: false,
            missing: SandboxReport.Promise.allCases),
    ]

    @Test(arguments: rows)
    func whatIsMissingFollowsFromTheKernel(_ row: Row) {
        let report = SandboxReport(
            landlock: row.landlock, hasFilter: row.hasFilter, hasJudge: row.hasJudge,
            startsProcesses: row.startsProcesses)
        #expect(report.missing == row.missing)
        #expect((report.gap == nil) == row.missing.isEmpty)
    }

    @Test func aGapIsASentence() {
        #expect(
            SandboxReport(missing: [.files]).gap
                == "this kernel does not confine it in all: it can read and write all files of its user")
        #expect(
            SandboxReport(missing: [.network, .processes, .threads]).gap
                == "this kernel does not confine it in all: it can use the network, start processes and start any "
                + "number of threads")
    }
}
