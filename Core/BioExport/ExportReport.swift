// SPDX-License-Identifier: Apache-2.0

package import BioDocument
import BioGraph
package import BioOCI
import BioPackage
package import BioSystem

/// What an export did, for programs: `--format json`, and the files in the results directory
/// (docs/reference/export-report.md).
package struct ExportReport: Sendable {
    package let format: String
    package let pluginID: String
    package let pluginVersion: String
    package let job: ExportJob
    package let artifacts: [Artifact]
    /// Nil when the export makes none, or only says what it would make.
    package let image: ExportedImage?
    /// Nil when nobody asked for it.
    package let sizes: SizeReport?
    package let isDryRun: Bool

    package init(
        format: String, pluginID: String, pluginVersion: String, job: ExportJob, artifacts: [Artifact],
        image: ExportedImage? = nil, sizes: SizeReport? = nil, isDryRun: Bool
    ) {
        self.format = format
        self.pluginID = pluginID
        self.pluginVersion = pluginVersion
        self.job = job
        self.artifacts = artifacts
        self.image = image
        self.sizes = sizes
        self.isDryRun = isDryRun
    }

    package var document: DocumentValue {
        var object = DocumentObject()
        object.append("schema_version", 1)
        object.append("format", .string(format))
        object.append("dry_run", .bool(isDryRun))
        object.append("plugin", ["id": .string(pluginID), "version": .string(pluginVersion)])
        object.append("target", .string("\(job.target)"))
        object.append("packages", .strings(roots.map { "\($0.ident)" }))
        object.append("closure", .array(job.packages.map(Self.document)))
        object.append("artifacts", .array(artifacts.map(Self.document)))
        if let image { object.append("image", image.document) }
        if let sizes { object.append("size_report", sizes.document) }
        return .object(object)
    }

    private var roots: [ExportPackage] { job.roots }

    private static func document(_ package: ExportPackage) -> DocumentValue {
        [
            "ident": .string("\(package.ident)"),
            "artifact": .optional(package.artifactDigest.isEmpty ? nil : package.artifactDigest),
            "signer": .optional(package.signer.isEmpty ? nil : package.signer),
            "base": .bool(package.roles.contains(.base)),
            "verified": .bool(!package.roles.contains(.unverified)),
        ]
    }

    private static func document(_ artifact: Artifact) -> DocumentValue {
        var members: [(String, DocumentValue)] = [
            ("role", artifact.isPrimary ? "primary" : "sidecar"), ("kind", .string(artifact.kind)),
        ]
        switch artifact.place {
        case .file(let path): members += [("form", "file"), ("path", .string(path))]
        case .directory(let path): members += [("form", "directory"), ("path", .string(path))]
        case .reference(let reference): members += [("form", "reference"), ("reference", .string(reference))]
        }
        members += [
            ("media_type", .string(artifact.mediaType)), ("digest", .optional(artifact.digest.map { "\($0)" })),
            ("size", artifact.size.map { .integer($0) } ?? .null), ("reproducible", .bool(artifact.isReproducible)),
        ]
        var object = DocumentObject()
        for (key, value) in members { object.append(key, value) }
        if !artifact.annotations.isEmpty {
            var annotations = DocumentObject()
            for annotation in artifact.annotations where annotations[annotation.key] == nil {
                annotations.append(annotation.key, .string(annotation.value))
            }
            object.append("annotations", .object(annotations))
        }
        return .object(object)
    }

    /// `KEY=value` lines that a shell can read.
    package var environmentText: String {
        var lines: [String] = []
        func line(_ key: String, _ value: String) { lines.append("\(key)=\(Self.shellQuoted(value))") }
        for (key, value) in image?.environment ?? [] {
            lines.append("\(key)=\(value.isEmpty ? "" : Self.shellQuoted(value))")
        }
        line("export_format", format)
        if let root = roots.first {
            line("pkg_origin", root.ident.origin)
            line("pkg_name", root.ident.name)
            line("pkg_version", root.ident.version)
            line("pkg_release", root.ident.release)
            line("pkg_target", "\(job.target)")
            line("pkg_ident", "\(root.ident)")
        }
        line("pkg_idents", roots.map { "\($0.ident)" }.joined(separator: " "))
        if let primary = artifacts.first(where: \.isPrimary) {
            line("artifact", primary.address)
            if let digest = primary.digest { line("artifact_digest", "\(digest)") }
            if let size = primary.size { line("artifact_size", "\(size)") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// As it is when a shell reads it so, else in single quotes.
    static func shellQuoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/._:-+@%,=".utf8.contains($0)
            }
        }
        if plain && !text.isEmpty { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Writes `last_FORMAT_export.json` and `.env` into `directory`, each whole or not at all; of an image that is called
    /// by several names the second one also by the others (`last_container_export.env`).
    package func write(to directory: String, otherNames: [String] = []) throws(SystemError) {
        try Directory.create(directory)
        try AtomicFile.write(document.jsonBytes(.pretty) + [0x0A], to: "\(directory)/\(Self.fileName(format)).json")
        for name in [format] + (image == nil ? [] : otherNames) {
            try AtomicFile.write(Array(environmentText.utf8), to: "\(directory)/\(Self.fileName(name)).env")
        }
    }

    private static func fileName(_ format: String) -> String {
        "last_\(String(format.map { $0 == "-" ? "_" : $0 }))_export"
    }
}
