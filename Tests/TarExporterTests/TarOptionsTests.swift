// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// The options of the format, and those of every format as tar has them.
@Suite struct TarOptionsTests {
    @Test(arguments: ["lz4", "GZIP", "zstd:0", "zstd:20", "zstd:", "zstd:-1", "gzip:9", "", "xz "])
    func anUnknownCompressionIsRefused(name: String) throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/tool", "--compression", name)
        #expect(outcome.code == 64)
        #expect(outcome.errorText.contains("'\(name)'") && outcome.errorText.contains("zstd:N"), "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
    }

    @Test(arguments: [["--no-bio-bin"], ["--no-hab-bin"]]) func programsCanBeLeftOut(arguments: [String]) throws {
        let lines = try members(arguments)
        #expect(!lines.contains(" hab/bin"))
        #expect(lines.contains("hab/pkgs/\(ClosureFixture.bio.ident)/bin/bio "))
        #expect(lines.contains("hab/pkgs/biome/bio-sup"))
    }

    @Test(arguments: [["--no-bio-sup"], ["--no-hab-sup"]]) func theSupervisorCanBeLeftOut(arguments: [String]) throws {
        let lines = try members(arguments)
        #expect(!lines.contains("bio-sup") && !lines.contains("bio-launcher"))
        #expect(lines.contains("hab/bin/bio ") && lines.contains("busybox-static"))
    }

    @Test func bothCanBeLeftOut() throws {
        let lines = try members(["--no-hab-bin", "--no-bio-sup"])
        #expect(!lines.contains("bio-sup") && !lines.contains(" hab/bin"))
    }

    /// Upstream reads the file's path as an ident again and panics (habitat-sh/habitat#6523).
    @Test(arguments: ["--bio-pkg", "--hab-pkg"]) func thePackageManagerMayBeAnArtifact(option: String) throws {
        let desk = try Desk(installing: ClosureFixture.base + [ClosureFixture.libc, ClosureFixture.tool])
        let artifact = try World.shared.get().artifact(ClosureFixture.otherBio)
        let outcome = try desk.bio.export("acme/tool", option, artifact, "--compression", "none", "-o", "t.tar")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let lines = try judge("members", desk.work("t.tar"))
        #expect(lines.contains("f 0755 24 hab/bin/bio "))
        #expect(lines.contains("hab/pkgs/acme/mybio/3.0/20260106000000/IDENT"))
        #expect(!lines.contains("biome/bio/"))
    }

    @Test func supervisorAndLauncherMayBeOthers() throws {
        let lines = try members(["--sup-pkg", "acme/lib", "--launcher-pkg", ClosureFixture.tool.ident])
        #expect(lines.contains("acme/lib") && !lines.contains("bio-sup") && !lines.contains("bio-launcher"))
    }

    @Test func anArtifactIsInstalledAndExported() throws {
        let desk = try Desk(installing: [])
        let artifact = try World.shared.get().artifact(ClosureFixture.app)
        // What it needs lies beside it.
        let outcome = try desk.bio.export(artifact, "--base-pkgs", "none", "--compression", "none", "-o", "t.tar")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let lines = try judge("members", desk.work("t.tar"))
        for package in [ClosureFixture.app, ClosureFixture.library, ClosureFixture.libc] {
            #expect(lines.contains("hab/pkgs/\(package.ident)/IDENT "))
        }
        // The second time by ident.
        #expect(
            try desk.bio.export("acme/app", "--base-pkgs", "none", "-o", "again.tar", "--compression", "none").code == 0
        )
        #expect(try contents(of: desk.work("t.tar")) == contents(of: desk.work("again.tar")))
    }

    @Test(arguments: [
        ("acme/app", "20260103000000"), ("acme/app/2.0.1", "20260103000000"),
        ("acme/app/2.0.1/20250103000000", "20250103000000"),
    ]) func anIdentTakesTheNewestThatSatisfiesIt(ident: String, release: String) throws {
        let desk = try Desk()
        let outcome = try desk.bio.export(ident, "--dry-run")
        #expect(outcome.text == "acme-app-2.0.1-\(release).tar.gz\n", "\(outcome.errorText)")
    }

    @Test func aDryRunMakesNothing() throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/app", "--dry-run", "--compression", "xz")
        #expect(outcome.code == 0 && outcome.text == "acme-app-2.0.1-20260103000000.tar.xz\n")
        #expect(try desk.names().isEmpty)

        let json = try desk.bio.export("acme/app", "--dry-run", "--format", "json")
        let report = try DocumentValue(json: json.text)
        #expect(report["dry_run"]?.bool == true)
        #expect(try #require(report["artifacts"]?.array?.first?["digest"]) == .null)
        #expect(try desk.names().isEmpty)
    }

    @Test func theReportHasTheDocumentedKeys() throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/app", "--format", "json")
        let document = try Tool.run(
            ["jq", "-c", "keys_unsorted, .plugin, (.closure[0] | keys_unsorted)"], input: outcome.output)
        #expect(
            document.text == """
                ["schema_version","format","dry_run","plugin","target","packages","closure","artifacts"]
                {"id":"org.biome.tar","version":"0.1.0"}
                ["ident","artifact","signer","base","verified"]

                """)
        let artifact = try Tool.run(["jq", "-c", ".artifacts[0] | del(.digest, .size)"], input: outcome.output)
        #expect(
            artifact.text == """
                {"role":"primary","kind":"tarball","form":"file","path":"\(TarExporterTests.fileName)",\
                "media_type":"application/gzip","reproducible":true}

                """)
    }

    private func members(_ arguments: [String]) throws -> String {
        let desk = try Desk()
        let outcome = try desk.bio.run(
            ["pkg", "export", "tar", "acme/tool", "--compression", "none", "-o", "t.tar"] + arguments)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        return try judge("members", desk.work("t.tar"))
    }
}
