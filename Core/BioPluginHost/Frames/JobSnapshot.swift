// SPDX-License-Identifier: Apache-2.0

package import BioExport
import BioGraph
import BioPackage

/// A job as bytes: what the runner makes the C tables of `bio_job` and `bio_graph` from. Files are not in it; a
/// plugin pages them.
package struct JobSnapshot: Hashable, Sendable {
    package struct Package: Hashable, Sendable {
        package var flags: UInt32
        /// ident, origin, name, version, release, target, prefix, artifact, signer, requested.
        package var texts: [String]
        package var installedSize: UInt64
        package var fileCount: UInt64
        package var metadata: [ExportPackage.Metafile]
    }

    package struct Edge: Hashable, Sendable {
        package var from: UInt32
        package var to: UInt32
        package var kind: UInt32
    }

    package var packages: [Package]
    /// By from, then to.
    package var edges: [Edge]
    package var roots: [UInt32]
    package var values: [OptionValue]
    /// out_dir, scratch_dir, output_name, target.
    package var outDirectory: String
    package var scratchDirectory: String
    package var outputName: String
    package var target: String
    package var sourceDateEpoch: Int64

    package init(_ job: ExportJob, outDirectory: String, scratchDirectory: String) {
        packages = job.packages.map { package in
            let ident = package.ident
            return Package(
                flags: package.roles.rawValue,
                texts: [
                    "\(ident)", ident.origin, ident.name, ident.version, ident.release, "\(package.target)",
                    package.prefix, package.artifactDigest, package.signer, package.requested,
                ],
                installedSize: package.installedSize, fileCount: UInt64(package.fileCount),
                metadata: package.metadata)
        }
        edges = job.graph.packages.enumerated().flatMap { index, package in
            package.edges.map { Edge(from: UInt32(index), to: UInt32($0.to), kind: $0.kind == .direct ? 1 : 2) }
        }
        roots = job.graph.roots.map { UInt32($0) }
        values = job.values
        self.outDirectory = outDirectory
        self.scratchDirectory = scratchDirectory
        outputName = job.outputName ?? ""
        target = "\(job.target)"
        sourceDateEpoch = job.sourceDateEpoch
    }

    package var bytes: [UInt8] {
        let metadata = packages.lazy.flatMap(\.metadata).reduce(0) { $0 + $1.text.utf8.count }
        var frame = FrameWriter(capacity: metadata + packages.count * 1024 + edges.count * 12)
        frame.list(packages) { frame, package in
            frame.u32(package.flags)
            for text in package.texts { frame.text(text) }
            frame.u64(package.installedSize)
            frame.u64(package.fileCount)
            frame.list(package.metadata) {
                $0.text($1.name)
                $0.text($1.text)
            }
        }
        frame.list(edges) {
            $0.u32($1.from)
            $0.u32($1.to)
            $0.u32($1.kind)
        }
        frame.list(roots) { $0.u32($1) }
        frame.list(values) { $1.write(to: &$0) }
        for text in [outDirectory, scratchDirectory, outputName, target] { frame.text(text) }
        frame.i64(sourceDateEpoch)
        return frame.bytes
    }

    package init(parsing bytes: [UInt8]) throws(FrameError) {
        var frame = FrameReader(bytes)
        packages = try frame.list("packages") { (frame) throws(FrameError) in
            let flags = try frame.u32()
            var texts: [String] = []
            for _ in 0..<10 { texts.append(try frame.text("package text")) }
            return Package(
                flags: flags, texts: texts, installedSize: try frame.u64(), fileCount: try frame.u64(),
                metadata: try frame.list("metadata") { (frame) throws(FrameError) in
                    .init(name: try frame.text("metafile name"), text: try frame.text("metafile"))
                })
        }
        edges = try frame.list("edges", limit: .max) { (frame) throws(FrameError) in
            Edge(from: try frame.u32(), to: try frame.u32(), kind: try frame.u32())
        }
        roots = try frame.list("roots") { (frame) throws(FrameError) in try frame.u32() }
        values = try frame.list("values") { (frame) throws(FrameError) in try OptionValue(from: &frame) }
        outDirectory = try frame.text("output directory")
        scratchDirectory = try frame.text("scratch directory")
        outputName = try frame.text("output name")
        target = try frame.text("target")
        sourceDateEpoch = try frame.i64()
        try frame.end()
        try checkIndices()
    }

    /// The tables that are made of this have a plugin walk by these numbers.
    private func checkIndices() throws(FrameError) {
        for root in roots where root >= packages.count { throw .unknown(field: "root", value: UInt64(root)) }
        var last: UInt32 = 0
        for edge in edges {
            for end in [edge.from, edge.to] where end >= packages.count {
                throw .unknown(field: "end of an edge", value: UInt64(end))
            }
            guard edge.from >= last else { throw .unknown(field: "start of the next edge", value: UInt64(edge.from)) }
            last = edge.from
        }
    }
}

extension OptionValue {
    func write(to frame: inout FrameWriter) {
        frame.u32(source.rawValue)
        switch content {
        case .unset: frame.u8(0)
        case .flag(let value):
            frame.u8(1)
            frame.bool(value)
        case .integer(let value):
            frame.u8(2)
            frame.i64(value)
        case .text(let value, let kind):
            frame.u8(3)
            frame.u32(kind)
            frame.text(value)
        case .list(let values):
            frame.u8(4)
            frame.list(values) { $0.text($1) }
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let source = Source(rawValue: try frame.u32()) ?? .standard
        let kind = try frame.u8()
        switch kind {
        case 0: self.init(.unset, source: source)
        case 1: self.init(.flag(try frame.bool("flag")), source: source)
        case 2: self.init(.integer(try frame.i64()), source: source)
        case 3:
            let kind = try frame.u32()
            self.init(.text(try frame.text("option value"), kind: kind), source: source)
        case 4:
            self.init(
                .list(try frame.list("option values") { (frame) throws(FrameError) in try frame.text("option value") }),
                source: source)
        default: throw .unknown(field: "option value", value: UInt64(kind))
        }
    }
}
