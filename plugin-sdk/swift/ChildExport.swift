// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// An export that this one asks for. Options of groups that both formats include have the user's values.
/// The C side of it is `bio_child`.
public struct ChildExport: Sendable {
    public var format: String
    /// Of the packages that the user named, these; empty: all of them.
    public var roots: [UInt32]
    /// Of the format's own, as on its command line: a flag is `true`, a list stands several times.
    public var options: [(key: String, value: String)]

    public init(_ format: String, roots: [Package] = [], options: [(key: String, value: String)] = []) {
        self.format = format
        self.roots = roots.map(\.index)
        self.options = options
    }

    func withABI<R>(_ body: (UnsafePointer<bio_child>) -> R) -> R {
        var texts = CallTexts()
        defer { texts.free() }
        var raw = bio_child()
        raw.struct_size = UInt32(MemoryLayout<bio_child>.size)
        raw.format = texts.string(format)
        (raw.roots, raw.root_count) = texts.array(roots)
        (raw.options, raw.option_count) = texts.pairs(options)
        return body(&raw)
    }
}

extension Host {
    /// In plan: plans a child export, whose artifacts have no digests yet. In run: makes it; it comes to its places
    /// together with this export.
    public func run(_ child: ChildExport) throws(ExportFailure) -> [Artifact] {
        guard let chain = table(.chain, bio_chain.self), let run = chain.run else { throw .lacking(.chain) }
        var made: UnsafePointer<bio_made>?
        let code = child.withABI { run(raw, $0, &made) }
        guard code == 0 else { throw .host(code) }
        guard let made = HostTable.copy(made.map { UnsafeRawPointer($0) }, bio_made.self) else { return [] }
        return (0..<Int(made.artifact_count)).compactMap { number in
            HostTable.copy(made.artifacts.map { UnsafeRawPointer($0[number]) }, bio_artifact.self)
                .map { Artifact($0) }
        }
    }

    /// The image that a format would make of all packages: to be added to, configured once more and published.
    public func image(of child: ChildExport) throws(ExportFailure) -> Image {
        guard let chain = table(.chain, bio_chain.self), let image = chain.image, let oci = table(.oci, bio_oci.self)
        else { throw .lacking(.chain) }
        var handle: bio_handle = 0
        let code = child.withABI { image(raw, $0, &handle) }
        guard code == 0 else { throw .host(code) }
        return Image(host: raw, table: oci, handle: handle)
    }
}

extension Artifact {
    /// What a child export made.
    fileprivate init(_ raw: bio_artifact) {
        let place: Place =
            switch raw.form {
            case 1: .file(String(raw.path))
            case 2: .directory(String(raw.path))
            default: .reference(String(raw.reference))
            }
        self.init(
            place, role: Role(rawValue: raw.role) ?? .sidecar, kind: String(raw.kind),
            mediaType: String(raw.media_type), digest: String(raw.digest), size: raw.size,
            isReproducible: raw.flags & 1 != 0)
    }
}
