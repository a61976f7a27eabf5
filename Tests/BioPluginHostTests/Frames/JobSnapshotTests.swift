// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioTestSupport
import Testing

@testable import BioPluginHost

@Suite struct JobSnapshotTests {
    private func snapshot() throws -> JobSnapshot {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.path)
        let values: [OptionValue] = [
            OptionValue(.unset), OptionValue(.flag(true), source: .commandLine), OptionValue(.integer(-3)),
            OptionValue(.text("gzip", kind: 7), source: .environment), OptionValue(.list(["a", ""])),
        ]
        return JobSnapshot(
            fixture.job(values, outputName: "x.tar"), outDirectory: "/out", scratchDirectory: "/scratch")
    }

    @Test func tellsWhatTheJobSays() throws {
        let snapshot = try snapshot()
        #expect(
            snapshot.packages.map { $0.texts[0] } == ["acme/lib/1.0/20260101000001", "acme/app/2.1/20260101000002"])
        #expect(
            snapshot.packages[1].texts == [
                "acme/app/2.1/20260101000002", "acme", "app", "2.1", "20260101000002", "x86_64-linux",
                "hab/pkgs/acme/app/2.1/20260101000002", "", "", "acme/app/2.1/20260101000002",
            ])
        #expect(snapshot.packages[0].texts[9] == "")
        #expect(snapshot.packages.map(\.installedSize) == [49, 118])
        #expect(snapshot.packages.map(\.fileCount) == [6, 7])
        #expect(snapshot.packages[1].flags == ExportPackage.Roles([.root, .unverified]).rawValue)
        #expect(snapshot.packages[1].metadata.map(\.name) == ["DEPS", "IDENT", "TARGET", "TDEPS"])
        #expect(snapshot.edges == [JobSnapshot.Edge(from: 1, to: 0, kind: 1)])
        #expect(snapshot.roots == [1])
        #expect(snapshot.outputName == "x.tar" && snapshot.target == "x86_64-linux" && snapshot.sourceDateEpoch == 1)
    }

    @Test func comesBack() throws {
        let snapshot = try snapshot()
        #expect(try JobSnapshot(parsing: snapshot.bytes) == snapshot)
    }

    @Test func numbersOfPackagesThatAreNotThereAreRefused() throws {
        let honest = try snapshot()
        var changed = honest
        changed.roots = [2]
        #expect(throws: FrameError.unknown(field: "root", value: 2)) { try JobSnapshot(parsing: changed.bytes) }
        changed = honest
        changed.edges = [JobSnapshot.Edge(from: 1, to: 7, kind: 1)]
        #expect(throws: FrameError.unknown(field: "end of an edge", value: 7)) {
            try JobSnapshot(parsing: changed.bytes)
        }
        changed.edges = [.init(from: 1, to: 0, kind: 1), .init(from: 0, to: 1, kind: 1)]
        #expect(throws: FrameError.unknown(field: "start of the next edge", value: 0)) {
            try JobSnapshot(parsing: changed.bytes)
        }
    }

    @Test func nothingElseIsRead() throws {
        let bytes = try snapshot().bytes
        FrameAssault.cut(bytes) { (bytes) throws(FrameError) in try JobSnapshot(parsing: bytes) }
        FrameAssault.flip(bytes) { (bytes) throws(FrameError) in try JobSnapshot(parsing: bytes) }
    }
}
