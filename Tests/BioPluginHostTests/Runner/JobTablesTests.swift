// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioTestSupport
import CBioExport
import Testing

@testable import BioPluginHost

@Suite struct JobTablesTests {
    private func text(_ string: bio_str) -> String {
        guard let start = string.ptr else { return "" }
        let bytes = UnsafeRawBufferPointer(start: start, count: Int(string.len))
        // Strings of the host have a NUL behind them.
        #expect(start[Int(string.len)] == 0)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func tables(_ values: [OptionValue] = [], _ body: (bio_job, bio_graph) throws -> Void) throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.path)
        let snapshot = JobSnapshot(
            fixture.job(values, outputName: "name"), outDirectory: "/out", scratchDirectory: "/scratch")
        let tables = JobTables(snapshot, memory: LastingMemory())
        try withExtendedLifetime(tables) { try body(tables.job.pointee, tables.job.pointee.graph.pointee) }
    }

    @Test func theJobIsWhatTheSnapshotSays() throws {
        try tables { job, _ in
            #expect(job.struct_size == UInt32(MemoryLayout<bio_job>.size) && job.flags == 0)
            #expect(text(job.out_dir) == "/out" && text(job.scratch_dir) == "/scratch")
            #expect(text(job.output_name) == "name" && text(job.target) == "x86_64-linux")
            #expect(job.source_date_epoch == 1)
            #expect(job.value_count == 0 && job.values == nil)
        }
    }

    @Test func thePackagesAreInLayerOrder() throws {
        try tables { _, graph in
            #expect(graph.struct_size == UInt32(MemoryLayout<bio_graph>.size))
            #expect(graph.package_count == 2 && graph.root_count == 1)
            let packages = try #require(graph.packages)
            let app = packages[1].pointee
            #expect(app.struct_size == UInt32(MemoryLayout<bio_package>.size))
            #expect(
                [app.ident, app.origin, app.name, app.version, app.release, app.target, app.prefix].map(text) == [
                    "acme/app/2.1/20260101000002", "acme", "app", "2.1", "20260101000002", "x86_64-linux",
                    "hab/pkgs/acme/app/2.1/20260101000002",
                ])
            #expect(text(app.requested) == "acme/app/2.1/20260101000002")
            #expect(app.flags == BIO_PACKAGE_ROOT | BIO_PACKAGE_UNVERIFIED)
            #expect(app.installed_size == 118 && app.file_count == 7 && app.metadata_count == 4)
            let metadata = try #require(app.metadata)
            #expect(text(metadata[0].key) == "DEPS" && text(metadata[0].value) == "acme/lib/1.0/20260101000001")
            #expect(graph.roots?[0] == 1)
        }
    }

    @Test func edgesAreFoundByTheirStarts() throws {
        try tables { _, graph in
            let starts = try #require(graph.edge_starts)
            #expect([starts[0], starts[1], starts[2]] == [0, 0, 1])
            let edge = try #require(graph.edges)[0]
            #expect(edge.from == 1 && edge.to == 0 && edge.kind == BIO_EDGE_DIRECT)
        }
    }

    @Test func valuesKeepKindAndSource() throws {
        let values: [OptionValue] = [
            OptionValue(.unset), OptionValue(.flag(true), source: .commandLine),
            OptionValue(.integer(.min), source: .environment), OptionValue(.text("zstd:3", kind: 7)),
            OptionValue(.list(["a", "", "c"])), OptionValue(.list([])),
        ]
        try tables(values) { job, _ in
            let raw = UnsafeBufferPointer(start: job.values, count: Int(job.value_count))
            #expect(raw.map(\.kind) == [0, 1, 2, 7, 6, 6])
            #expect(raw.map(\.source) == [0, 1, 2, 0, 0, 0])
            #expect(raw[1].integer == 1 && raw[2].integer == .min && text(raw[3].text) == "zstd:3")
            let items = UnsafeBufferPointer(start: raw[4].items, count: Int(raw[4].item_count))
            #expect(items.map(text) == ["a", "", "c"])
            #expect(raw[5].items == nil && raw[5].item_count == 0)
        }
    }
}
