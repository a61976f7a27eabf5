// SPDX-License-Identifier: Apache-2.0

import BioAttestation
import BioCrypto
import BioSystem
import BioTestSupport
import Testing

@testable import BioExport

/// Documents about what a plugin made itself.
@Suite struct ExportAttestationsTests {
    private static func attestations() -> ExportAttestations {
        ExportAttestations(
            [.bill(.cyclonedx), .provenance, .bill(.cyclonedx)],
            by: .init(version: "1", format: "tar", pluginID: "a.b", pluginVersion: "1", parameters: []), signedWith: nil
        )
    }

    private static func primary(_ path: String) -> EmittedArtifact {
        var emitted = EmittedArtifact(form: .file, role: .primary)
        emitted.path = path
        return emitted
    }

    @Test func theyAreFilesBesideThePrimaryArtifact() throws {
        let scratch = try Scratch()
        let job = try ExportFixture.small(in: scratch.file("root")).job()
        let workspace = try ExportWorkspace(in: scratch.path)
        let made = MadeArtifact(
            emitted: Self.primary("sub/app.tar"), digest: .sha256(of: [1]), size: 1, directory: workspace.outDirectory)
        let documents = try Self.attestations().made(about: [made], of: job, in: workspace)
        #expect(documents.map(\.emitted.path) == ["sub/app.tar.cdx.json", "sub/app.tar.provenance.json"])
        #expect(documents.map(\.emitted.kind) == ["sbom", "provenance"])
        #expect(documents.allSatisfy { $0.emitted.role == .sidecar && $0.emitted.replaces })
        let bytes = try contents(of: "\(workspace.madeDirectory)/sub/app.tar.provenance.json")
        #expect(documents[1].digest == .sha256(of: bytes) && documents[1].size == Int64(bytes.count))
        let statement = try Statement(parsing: bytes)
        #expect(statement.subjects == [.init(name: "sub/app.tar", sha256: .sha256(of: [1]))])
        let planned = Self.attestations().planned(about: [Self.primary("sub/app.tar")], of: job)
        #expect(planned == documents.map(\.emitted))
    }

    @Test func aReferenceHasThePackagesName() throws {
        let scratch = try Scratch()
        let job = try ExportFixture.small(in: scratch.file("root")).job()
        var reference = EmittedArtifact(form: .reference, role: .primary)
        reference.reference = "somewhere/else:1"
        #expect(
            Self.attestations().planned(about: [reference], of: job).map(\.path)
                == ["acme-app-2.1-20260101000002.cdx.json", "acme-app-2.1-20260101000002.provenance.json"])
        #expect(Self.attestations().planned(about: [], of: job).isEmpty)
    }

    @Test func nothingThatHasADigestIsNothingToSpeakOf() throws {
        let scratch = try Scratch()
        let job = try ExportFixture.small(in: scratch.file("root")).job()
        let workspace = try ExportWorkspace(in: scratch.path)
        var reference = EmittedArtifact(form: .reference, role: .primary)
        reference.reference = "somewhere/else:1"
        let made = MadeArtifact(emitted: reference, digest: nil, size: nil, directory: workspace.outDirectory)
        #expect(throws: AttestationError.nothingToSpeakOf("tar")) {
            _ = try Self.attestations().made(about: [made], of: job, in: workspace)
        }
    }
}
