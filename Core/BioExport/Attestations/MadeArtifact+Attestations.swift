// SPDX-License-Identifier: Apache-2.0

import BioAttestation
import BioCrypto
import BioOCI
import BioPackage
import BioSystem

/// Documents about what a plugin made itself lie beside the primary artifact, and come to their places with it.
extension ExportAttestations {
    /// Writes the documents about `made` into the workspace. To be called once nobody else can change what was made.
    package func made(
        about made: [MadeArtifact], of job: ExportJob, in workspace: ExportWorkspace
    ) throws -> [MadeArtifact] {
        guard let primary = made.first(where: { $0.emitted.role == .primary }) else { return [] }
        let base = Self.base(of: primary.emitted, job)
        let subjects = (([primary] + made.filter { $0.emitted.role != .primary })).compactMap { made in
            made.digest.map { Statement.Subject(name: ArtifactLedger.name(made.emitted), sha256: $0) }
        }
        let result = ExportFacts.Result(name: base, version: job.primary.ident.version, subjects: subjects)
        let created = ImageTime.text(job.sourceDateEpoch)
        return try documents(result, of: job, created: created).map { document in
            let emitted = emitted(document, beside: base)
            try AtomicFile.write(document.bytes, to: try workspace.placeForMade(emitted.path))
            return MadeArtifact(
                emitted: emitted, digest: .sha256(of: document.bytes), size: Int64(document.bytes.count),
                directory: workspace.madeDirectory)
        }
    }

    /// The same for a plan.
    package func planned(about planned: [EmittedArtifact], of job: ExportJob) -> [EmittedArtifact] {
        guard let primary = planned.first(where: { $0.role == .primary }) else { return [] }
        return self.planned(beside: Self.base(of: primary, job))
    }

    /// What the names of files begin with: the primary artifact's, or that of the package where it is no file.
    private static func base(of primary: EmittedArtifact, _ job: ExportJob) -> String {
        primary.form == .reference ? job.primary.fileName : primary.path
    }
}

extension ExportPackage {
    /// `origin-name-version-release`
    package var fileName: String { ident.pathComponents.joined(separator: "-") }
}
