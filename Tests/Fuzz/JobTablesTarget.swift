// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import CBioExport

extension FuzzTarget {
    /// What a runner makes of a job that a hostile host sends: tables that stay within themselves.
    static let jobTables = FuzzTarget("job-tables", seeds: { [JobSeed.bytes] }) { bytes in
        guard let snapshot = try? JobSnapshot(parsing: bytes) else { return }
        let tables = JobTables(snapshot, memory: LastingMemory())
        let job = tables.job.pointee
        let graph = job.graph.pointee
        promise(Int(graph.package_count) == snapshot.packages.count, "as many packages as there are")
        promise(Int(graph.edge_count) == snapshot.edges.count, "as many edges as there are")
        for index in snapshot.packages.indices {
            guard let package = graph.packages?[index].pointee else { broken("a package is missing") }
            promise(package.metadata_count == snapshot.packages[index].metadata.count, "metadata is missing")
            promise(package.ident.len == snapshot.packages[index].texts[0].utf8.count, "another ident")
        }
        for index in snapshot.edges.indices {
            guard let edge = graph.edges?[index] else { broken("an edge is missing") }
            promise(edge.from < graph.package_count && edge.to < graph.package_count, "an edge to nowhere")
        }
        if let starts = graph.edge_starts {
            for index in 0..<Int(graph.package_count) {
                promise(starts[index] <= starts[index + 1], "edges that end before they start")
                for edge in Int(starts[index])..<Int(starts[index + 1]) {
                    promise(graph.edges?[edge].from == UInt32(index), "an edge of another package")
                }
            }
            promise(starts[Int(graph.package_count)] == graph.edge_count, "edges of nobody")
        }
        for index in snapshot.roots.indices {
            guard let root = graph.roots?[index] else { broken("a root is missing") }
            promise(root < graph.package_count, "a root that is no package")
        }
        promise(Int(job.value_count) == snapshot.values.count, "values are missing")
    }
}

enum JobSeed {
    /// Two packages, the first of which needs the second.
    static var bytes: [UInt8] {
        var frame = FrameWriter()
        frame.list(["app", "lib"]) { frame, name in
            frame.u32(1)
            for text in ["acme/\(name)/1/2", "acme", name, "1", "2", "x86_64-linux", "/hab", "", "acme-1"] {
                frame.text(text)
            }
            frame.u64(100)
            frame.u64(3)
            frame.list(["DEPS"]) {
                $0.text($1)
                $0.text("acme/lib/1/2")
            }
        }
        frame.list([(0, 1)] as [(UInt32, UInt32)]) {
            $0.u32($1.0)
            $0.u32($1.1)
            $0.u32(1)
        }
        frame.list([0] as [UInt32]) { $0.u32($1) }
        frame.list([0, 1, 2, 3, 4] as [UInt8]) { frame, kind in
            frame.u32(1)
            frame.u8(kind)
            switch kind {
            case 1: frame.bool(true)
            case 2: frame.i64(-7)
            case 3:
                frame.u32(3)
                frame.text("value")
            case 4: frame.list(["a", "b"]) { $0.text($1) }
            default: break
            }
        }
        for text in ["/out", "/scratch", "app.tar", "x86_64-linux"] { frame.text(text) }
        frame.i64(1_700_000_000)
        return frame.bytes
    }
}
