// SPDX-License-Identifier: Apache-2.0

import BioExport
import CBioExport

/// The C functions of `bio.host.chain/1`.
extension HostTables {
    var chain: bio_chain {
        bio_chain(
            struct_size: UInt32(MemoryLayout<bio_chain>.size), flags: 0,
            run: { host, child, made in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let answer = tables.call(.childRun(try HostTables.child(child)))
                    guard answer.code == BIO_OK else { return answer.code }
                    guard let artifacts = try? MadeArtifacts(parsing: answer.payload) else { return BIO_E_IO }
                    made.pointee = UnsafePointer(tables.lasting(artifacts))
                    return BIO_OK
                }
            },
            image: { host, child, image in
                HostTables.of(host).checked { (tables) throws(PluginTableReader.Wrong) in
                    let answer = tables.call(.childImage(try HostTables.child(child)))
                    guard answer.code == BIO_OK else { return answer.code }
                    var frame = FrameReader(answer.payload)
                    guard let handle = try? frame.u64() else { return BIO_E_IO }
                    image.pointee = handle
                    return BIO_OK
                }
            })
    }

    private static func child(_ pointer: UnsafePointer<bio_child>) throws(PluginTableReader.Wrong) -> ChildRequest {
        let raw = try PluginTableReader.copy(pointer, bio_child(), "bio_child")
        guard raw.option_count <= UInt32(ChildRequest.mostOptions) else {
            throw PluginTableReader.Wrong(text: "a child export has \(raw.option_count) options")
        }
        let options: [bio_kv] = try PluginTableReader.items(raw.options, raw.option_count, "child options")
        return ChildRequest(
            format: try PluginTableReader.text(raw.format, "child format", limit: 64),
            roots: try PluginTableReader.items(raw.roots, raw.root_count, "child packages"),
            options: try options.map { (pair) throws(PluginTableReader.Wrong) in
                .init(
                    id: try PluginTableReader.text(pair.key, "child option", limit: 64),
                    value: try PluginTableReader.anyText(pair.value, "value of a child option"))
            })
    }

    /// The artifacts as the plugin's own table of them.
    private func lasting(_ made: MadeArtifacts) -> UnsafeMutablePointer<bio_made> {
        let pointers = made.artifacts.map { artifact -> UnsafePointer<bio_artifact> in
            var raw = bio_artifact()
            raw.struct_size = UInt32(MemoryLayout<bio_artifact>.size)
            raw.flags = artifact.isReproducible ? 1 : 0
            raw.form = artifact.form
            raw.role = artifact.role
            raw.kind = memory.string(artifact.kind)
            raw.media_type = memory.string(artifact.mediaType)
            if artifact.form == EmittedArtifact.Form.reference.rawValue {
                raw.reference = memory.string(artifact.address)
            } else {
                raw.path = memory.string(artifact.address)
            }
            raw.digest = memory.string(artifact.digest)
            raw.size = artifact.size
            return UnsafePointer(memory.one(raw))
        }
        return memory.one(
            bio_made(
                struct_size: UInt32(MemoryLayout<bio_made>.size), flags: 0, artifact_count: UInt32(pointers.count),
                reserved0: 0, artifacts: pointers.isEmpty ? nil : memory.array(pointers)))
    }
}
