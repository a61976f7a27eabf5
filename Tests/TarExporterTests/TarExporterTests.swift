// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// Name and contents of the tar: what the original exporter makes, without what is wrong with it.
@Suite struct TarExporterTests {
    static let fileName = "acme-app-2.0.1-20260103000000.tar.gz"

    @Test func nameAndContentsAreThoseOfTheOriginal() throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/app", "--compression", "none", "-o", "app.tar")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(outcome.text == "app.tar\n")
        let digest = try Digest.sha256(ofFile: try FileDescriptor.open(desk.work("app.tar")))
        // The digest too: other bytes for the same members are another recipe (TarRecipe.version).
        #expect(try Golden.mismatch(try judge("list", desk.work("app.tar")) + "\(digest)\n", "app") == nil)
    }

    @Test func theFileIsNamedAfterThePackageInTheWorkingDirectory() throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/app")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(outcome.text == "\(Self.fileName)\n")
        #expect(try desk.names() == [Self.fileName, "results"])
        #expect(try FileStatus.of(desk.work(Self.fileName))?.mode == 0o644)
    }

    @Test func everyPackageOfTheClosureIsWhole() throws {
        let desk = try Desk()
        #expect(try desk.bio.export("acme/app", "--compression", "none", "-o", "app.tar").code == 0)
        let archived = try judge("members", desk.work("app.tar")).split(separator: "\n")
        let packages = [ClosureFixture.app, ClosureFixture.library, ClosureFixture.libc] + ClosureFixture.base
        for package in packages {
            let prefix = " hab/pkgs/\(package.ident)/"
            let inside = archived.filter { $0.contains(prefix) }.map { String($0).replacing(prefix, with: " ") }
            let installed = try judge("tree", "\(desk.bio.root)/hab/pkgs/\(package.ident)").split(separator: "\n")
            #expect(inside == installed.map { String($0) }, "\(package.ident)")
        }
        #expect(archived.allSatisfy { $0.contains(" hab/") || $0.hasSuffix(" hab") })
        #expect(!archived.contains { $0.contains("20250103000000") }, "an older release is not in the closure")
    }

    @Test func programsOfThePackageManagerAreCopied() throws {
        let desk = try Desk()
        #expect(try desk.bio.export("acme/app", "--compression", "none", "-o", "app.tar").code == 0)
        let lines = try judge("members", desk.work("app.tar")).split(separator: "\n")
        let bio = "/hab/pkgs/\(ClosureFixture.bio.ident)"
        func rest(_ path: String) -> String? {
            lines.first { $0.contains(" \(path) ") || $0.hasSuffix(" \(path)") }.map(String.init)
        }
        #expect(rest("hab/bin") == "d 0755 0 hab/bin")
        #expect(rest("hab/bin/bio")?.hasPrefix("f 0755 20 hab/bin/bio ") == true)
        // A relative link would lead elsewhere from hab/bin.
        #expect(rest("hab/bin/hab") == "l 0777 0 hab/bin/hab -> \(bio)/bin/bio")
        #expect(rest("hab/bin/note") == "l 0777 0 hab/bin/note -> \(bio)/bin/../lib/note")
        #expect(rest("hab/bin/sh") == "l 0777 0 hab/bin/sh -> /bin/sh")
        #expect(rest("hab/cache") == "d 0755 0 hab/cache")
        #expect(!lines.contains { $0.contains("hab/cache/") })
    }

    @Test func theReportTellsWhatWasMade() throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/app", "--format", "json")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let report = try DocumentValue(json: outcome.text)
        let artifact = try #require(report["artifacts"]?.array?.first)
        let file = try FileDescriptor.open(desk.work(Self.fileName))
        #expect(artifact["path"]?.string == Self.fileName)
        #expect(artifact["digest"]?.string == "\(try Digest.sha256(ofFile: file))")
        #expect(artifact["size"]?.int == Int(try file.status().size))
        #expect(artifact["media_type"]?.string == "application/gzip")
        #expect(report["closure"]?.array?.count == 7)
        #expect(report["closure"]?.array?.allSatisfy { $0["verified"]?.bool == true } == true)
        #expect(try contents(of: desk.work("results/last_tar_export.json")) == outcome.output)

        // The other file is for shells.
        let script = ". results/last_tar_export.env && echo \"$pkg_ident $artifact $artifact_digest $artifact_size\""
        let shell = try Tool.run(["env", "-C", desk.bio.directory, "sh", "-c", script])
        let digest = try #require(artifact["digest"]?.string)
        let size = try #require(artifact["size"]?.int)
        #expect(shell.text == "\(ClosureFixture.app.ident) \(Self.fileName) \(digest) \(size)\n")
    }

    @Test func severalPackagesShareOneClosure() throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("acme/tool", "acme/app", "--compression", "none")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        // The first one names the file.
        #expect(outcome.text == "acme-tool-0.9-20260104000000.tar\n")
        let lines = try judge("members", desk.work("acme-tool-0.9-20260104000000.tar"))
        for package in [ClosureFixture.tool, ClosureFixture.app, ClosureFixture.library, ClosureFixture.libc] {
            #expect(lines.contains("hab/pkgs/\(package.ident)/IDENT "), "\(package.ident)")
        }
    }

    @Test func aClosureWithoutBasePackagesHasNoPrograms() throws {
        let desk = try Desk()
        #expect(
            try desk.bio.export("acme/tool", "--base-pkgs", "none", "--compression", "none", "-o", "t.tar").code == 0)
        let lines = try judge("members", desk.work("t.tar"))
        #expect(!lines.contains("hab/bin") && !lines.contains("biome") && !lines.contains("busybox"))
        #expect(lines.contains("d 0755 0 hab/cache\n"))
    }
}
