// SPDX-License-Identifier: Apache-2.0

import BioExport

/// An export that a plugin asks for (`bio_child`), as it travels.
extension ChildRequest {
    static let mostOptions = 1024
    static let mostRoots = 4096

    func write(to frame: inout FrameWriter) {
        frame.text(format)
        frame.list(roots) { $0.u32($1) }
        frame.list(options) {
            $0.text($1.id)
            $0.text($1.value)
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        self.init(
            format: try frame.text("child format"),
            roots: try frame.list("child packages", limit: Self.mostRoots) { (frame) throws(FrameError) in
                try frame.u32()
            },
            options: try frame.list("child options", limit: Self.mostOptions) { (frame) throws(FrameError) in
                Option(id: try frame.text("child option"), value: try frame.text("value of a child option"))
            })
    }
}

/// What a child export made, as it travels to the plugin (`bio_made`).
struct MadeArtifacts {
    struct One: Hashable {
        var form: UInt32
        var role: UInt32
        var isReproducible: Bool
        var kind: String
        var mediaType: String
        /// A path or a reference, by the form.
        var address: String
        var digest: String
        var size: UInt64
    }

    let artifacts: [One]

    init(_ artifacts: [Artifact]) {
        self.artifacts = artifacts.map { artifact in
            let form: EmittedArtifact.Form =
                switch artifact.place {
                case .file: .file
                case .directory: .directory
                case .reference: .reference
                }
            let role: EmittedArtifact.Role = artifact.isPrimary ? .primary : .sidecar
            return One(
                form: form.rawValue, role: role.rawValue, isReproducible: artifact.isReproducible, kind: artifact.kind,
                mediaType: artifact.mediaType, address: artifact.address,
                digest: artifact.digest.map { "\($0)" } ?? "", size: UInt64(artifact.size ?? 0))
        }
    }

    var bytes: [UInt8] {
        var frame = FrameWriter()
        frame.list(artifacts) {
            $0.u32($1.form)
            $0.u32($1.role)
            $0.bool($1.isReproducible)
            for text in [$1.kind, $1.mediaType, $1.address, $1.digest] { $0.text(text) }
            $0.u64($1.size)
        }
        return frame.bytes
    }

    init(parsing bytes: [UInt8]) throws(FrameError) {
        var frame = FrameReader(bytes)
        artifacts = try frame.list("artifacts") { (frame) throws(FrameError) in
            One(
                form: try frame.u32(), role: try frame.u32(), isReproducible: try frame.bool("reproducible flag"),
                kind: try frame.text("kind"), mediaType: try frame.text("media type"),
                address: try frame.text("address"), digest: try frame.text("digest"), size: try frame.u64())
        }
        try frame.end()
    }
}
