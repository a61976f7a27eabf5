// SPDX-License-Identifier: Apache-2.0

package import BioAttestation
package import BioCrypto
import BioDocument
import BioOCI

/// The documents that the user wants with an export: bills of materials, provenance, signed or not.
package final class ExportAttestations {
    /// In the order of their files' names, none twice.
    package let wanted: [Attestation]
    private var maker: ExportFacts.Maker
    private let key: SecretKey?

    /// `key` signs every one of them.
    package init(_ wanted: [Attestation], by maker: ExportFacts.Maker, signedWith key: consuming SecretKey?) {
        var known: Set<Attestation> = []
        self.wanted = wanted.filter { known.insert($0).inserted }
        self.maker = maker
        self.key = key
    }

    private var isSigned: Bool { key != nil }

    /// Tells which programs took part, before any document is made.
    package func record(tools: [String]) { maker.tools = tools }

    /// What they would be beside `base`.
    func planned(beside base: String) -> [EmittedArtifact] {
        wanted.map { emitted($0, path: base + $0.fileSuffix(isSigned: isSigned)) }
    }

    /// The file of a document, as an artifact of the export.
    func emitted(_ document: ImageAttachment, beside base: String) -> EmittedArtifact {
        let attestation = wanted.first { $0.fileSuffix(isSigned: isSigned) == document.fileSuffix }
        return emitted(attestation ?? .provenance, path: base + document.fileSuffix)
    }

    private func emitted(_ attestation: Attestation, path: String) -> EmittedArtifact {
        var emitted = EmittedArtifact(form: .file, role: .sidecar)
        emitted.kind = attestation == .provenance ? "provenance" : "sbom"
        emitted.mediaType = attestation.mediaType(isSigned: isSigned)
        emitted.path = path
        emitted.isReproducible = true
        emitted.replaces = true
        return emitted
    }

    /// Makes them. `created` is RFC 3339.
    func documents(_ result: ExportFacts.Result, of job: ExportJob, created: String) throws -> [ImageAttachment] {
        let facts = ExportFacts(
            result: result, packages: job.packages.map(ExportFacts.Package.init), graph: job.graph, maker: maker,
            created: created)
        return try wanted.map { attestation in
            switch key {
            case .some(let key): try attestation.made(of: facts, signedWith: key)
            case .none: try attestation.made(of: facts)
            }
        }
    }
}

extension ExportFacts.Package {
    init(_ package: ExportPackage) {
        let artifact = try? Digest(parsing: package.artifactDigest)
        self.init(
            ident: package.ident, target: package.target, isService: package.roles.contains(.service),
            origin: artifact.map { .init(artifact: $0, signer: package.signer, signature: package.signature) },
            manifest: package.metadata.first { $0.name == "MANIFEST" }?.text)
    }
}
