// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioExport

@Suite struct ExportReportTests {
    private func report(
        in directory: String, isDryRun: Bool = false, path: String = "out/app.tar.gz"
    ) throws -> ExportReport {
        var primary = EmittedArtifact(form: .file, role: .primary)
        primary.kind = "tarball"
        primary.mediaType = "application/gzip"
        primary.isReproducible = true
        primary.annotations = [
            .init(key: "a", value: "1"), .init(key: "a", value: "2"), .init(key: "b", value: "it's"),
        ]
        var tree = EmittedArtifact(form: .directory, role: .sidecar)
        tree.kind = "layout"
        var reference = EmittedArtifact(form: .reference, role: .sidecar)
        reference.kind = "image"
        return ExportReport(
            format: "my-tar", pluginID: "org.example.tar", pluginVersion: "1.0",
            job: try ExportFixture.small(in: directory).job(),
            artifacts: [
                Artifact(
                    primary, place: .file(path), digest: isDryRun ? nil : Digest.sha256(of: [1]),
                    size: isDryRun ? nil : 1),
                Artifact(tree, place: .directory("out/layout")),
                Artifact(reference, place: .reference("registry.example/app:1")),
            ], isDryRun: isDryRun)
    }

    @Test func theDocumentIsAsItIsWritten() throws {
        let scratch = try Scratch()
        let report = try report(in: scratch.path)
        #expect(
            try Golden.mismatch(String(decoding: report.document.jsonBytes(.pretty), as: UTF8.self) + "\n", "report")
                == nil)
    }

    @Test func aPlanKnowsNeitherDigestNorSize() throws {
        let scratch = try Scratch()
        let report = try report(in: scratch.path, isDryRun: true)
        #expect(
            try Golden.mismatch(
                String(decoding: report.document.jsonBytes(.pretty), as: UTF8.self) + "\n", "report-plan") == nil)
    }

    @Test func theVariablesAreAsTheyAreWritten() throws {
        let scratch = try Scratch()
        #expect(try Golden.mismatch(try report(in: scratch.path).environmentText, "report-env") == nil)
    }

    @Test(arguments: ["", "plain", "with space", "it's", "$(touch x)", "a\nb", "`x`", "ä", "a\\b"])
    func aShellReadsEveryValueAsItIs(_ value: String) throws {
        let scratch = try Scratch()
        let text = try report(in: scratch.path, path: value).environmentText
        _ = try scratch.write(Array(text.utf8), to: "env")
        let outcome = try Tool.run(["sh", "-c", ". \"$1\"; printf %s \"$artifact\"", "sh", scratch.file("env")])
        #expect(outcome.code == 0 && outcome.text == value)
    }

    @Test func bothFilesAreWritten() throws {
        let scratch = try Scratch()
        let report = try report(in: scratch.path)
        try report.write(to: scratch.file("results/deep"))
        #expect(
            try Directory.names(scratch.file("results/deep")).map { String(decoding: $0, as: UTF8.self) }
                == ["last_my_tar_export.env", "last_my_tar_export.json"])
        let json = try contents(of: scratch.file("results/deep/last_my_tar_export.json"))
        #expect(try DocumentValue(json: json) == report.document)
    }
}
