// SPDX-License-Identifier: Apache-2.0

import BioExport
package import CBioExport

/// The C tables of a job: `bio_job`, its graph and its option values, in memory that lasts until the export ends.
package struct JobTables {
    // SAFETY: everything points into `memory`, which this value keeps.
    package let job: UnsafePointer<bio_job>
    private let memory: LastingMemory

    package init(_ snapshot: JobSnapshot, memory: LastingMemory) {
        self.memory = memory
        var raw = bio_job(
            struct_size: UInt32(MemoryLayout<bio_job>.size), flags: 0,
            graph: Self.graph(snapshot, memory),
            values: memory.array(snapshot.values.map { Self.value($0, memory) }).map { UnsafePointer($0) },
            value_count: UInt32(snapshot.values.count), reserved0: 0,
            out_dir: memory.string(snapshot.outDirectory), scratch_dir: memory.string(snapshot.scratchDirectory),
            output_name: memory.string(snapshot.outputName), target: memory.string(snapshot.target),
            source_date_epoch: snapshot.sourceDateEpoch)
        raw.struct_size = UInt32(MemoryLayout<bio_job>.size)
        job = UnsafePointer(memory.one(raw))
    }

    private static func graph(_ snapshot: JobSnapshot, _ memory: LastingMemory) -> UnsafePointer<bio_graph> {
        let packages = snapshot.packages.map { UnsafePointer(memory.one(package($0, memory))) }
        var starts = [UInt32](repeating: 0, count: snapshot.packages.count + 1)
        for edge in snapshot.edges { starts[Int(edge.from) + 1] += 1 }
        for index in 1..<max(1, starts.count) { starts[index] += starts[index - 1] }
        let edges = snapshot.edges.map { bio_edge(from: $0.from, to: $0.to, kind: $0.kind, reserved0: 0) }
        return UnsafePointer(
            memory.one(
                bio_graph(
                    struct_size: UInt32(MemoryLayout<bio_graph>.size), flags: 0,
                    package_count: UInt32(packages.count), edge_count: UInt32(edges.count),
                    root_count: UInt32(snapshot.roots.count), reserved0: 0,
                    packages: memory.array(packages).map { UnsafePointer($0) },
                    edges: memory.array(edges).map { UnsafePointer($0) },
                    edge_starts: memory.array(starts).map { UnsafePointer($0) },
                    roots: memory.array(snapshot.roots).map { UnsafePointer($0) })))
    }

    private static func package(_ package: JobSnapshot.Package, _ memory: LastingMemory) -> bio_package {
        let texts = package.texts.map { memory.string($0) }
        let metadata = package.metadata.map { bio_kv(key: memory.string($0.name), value: memory.string($0.text)) }
        return bio_package(
            struct_size: UInt32(MemoryLayout<bio_package>.size), flags: package.flags, ident: texts[0],
            origin: texts[1], name: texts[2], version: texts[3], release: texts[4], target: texts[5],
            prefix: texts[6], artifact: texts[7], signer: texts[8], installed_size: package.installedSize,
            file_count: package.fileCount, metadata: memory.array(metadata).map { UnsafePointer($0) },
            metadata_count: UInt32(metadata.count), reserved0: 0, requested: texts[9])
    }

    private static func value(_ value: OptionValue, _ memory: LastingMemory) -> bio_value {
        var raw = bio_value()
        raw.source = value.source.rawValue
        switch value.content {
        case .unset: raw.kind = 0
        case .flag(let on):
            raw.kind = 1
            raw.integer = on ? 1 : 0
        case .integer(let number):
            raw.kind = 2
            raw.integer = number
        case .text(let text, let kind):
            raw.kind = kind
            raw.text = memory.string(text)
        case .list(let items):
            raw.kind = 6
            raw.items = memory.array(items.map { memory.string($0) }).map { UnsafePointer($0) }
            raw.item_count = UInt64(items.count)
        }
        return raw
    }
}
