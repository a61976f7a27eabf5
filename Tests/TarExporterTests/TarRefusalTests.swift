// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Glibc
import Testing

/// Requests that cannot be met, each with its reason, its exit code, and nothing left behind.
@Suite struct TarRefusalTests {
    @Test func anUnknownFormatNamesTheKnownOnes() throws {
        let desk = try Desk()
        let outcome = try desk.bio.run("pkg", "export", "parchment", "acme/tool")
        #expect(outcome.code == 64)
        #expect(outcome.errorText.contains("'parchment'"), "\(outcome.errorText)")
        for known in ["container", "docker", "tar"] { #expect(outcome.errorText.contains(known)) }
        #expect(
            try desk.bio.run("pkg", "export", "tra", "acme/tool").errorText.contains(
                "did you mean 'bio pkg export tar'"))
    }

    @Test(arguments: [
        (["--compresion", "xz"], "did you mean '--compression'"), (["--no-bio-bni"], "did you mean '--no-bio-bin'"),
        (["--base-pkgs", "some"], "auto"), (["--threads", "0"], "--threads"), (["--format", "yaml"], "json"),
        (["--dry-run=yes"], "--dry-run"),
    ]) func aWrongOptionIsExplained(arguments: [String], hint: String) throws {
        let desk = try Desk()
        let outcome = try desk.bio.run(["pkg", "export", "tar", "acme/tool"] + arguments)
        #expect(outcome.code == 64)
        #expect(outcome.errorText.contains(hint), "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
    }

    @Test(arguments: ["acme", "acme/", "/app", "acme/app/1/2/3", "acme/../app", "Acme/app"])
    func aWrongIdentIsAMistakeInTheCommandLine(ident: String) throws {
        let desk = try Desk()
        let outcome = try desk.bio.export(ident)
        #expect(outcome.code == 64, "\(outcome.errorText)")
    }

    @Test func noPackageIsAMistakeInTheCommandLine() throws {
        let desk = try Desk()
        #expect(try desk.bio.export().code == 64)
    }

    @Test(arguments: ["acme/none", "acme/app/9.9", "acme/app/2.0.1/20991231235959"])
    func aPackageThatIsNotThereIsNamed(ident: String) throws {
        let desk = try Desk()
        let outcome = try desk.bio.export(ident)
        #expect(outcome.code == 3)
        #expect(outcome.errorText.contains("'\(ident)'") && outcome.errorText.contains(".hart"))
        #expect(try desk.names().isEmpty)
    }

    @Test func anArtifactThatIsNotThereIsNamed() throws {
        let desk = try Desk()
        let outcome = try desk.bio.export("nowhere.hart")
        #expect(outcome.code == 1)
        #expect(outcome.errorText.contains("'nowhere.hart'"), "\(outcome.errorText)")
    }

    @Test func anArtifactOfAnUnknownSignerIsRefused() throws {
        var desk = try Desk(installing: [])
        desk.bio.keys = desk.file("nokeys")
        let outcome = try desk.bio.export(try World.shared.get().artifact(ClosureFixture.libc), "--base-pkgs", "none")
        #expect(outcome.code == 4)
        #expect(outcome.errorText.contains("core-20260101000000"), "\(outcome.errorText)")
    }

    /// Nobody else has them: they come with the program, those that are wanted.
    @Test func missingBasePackagesComeWithTheProgram() throws {
        let desk = try Desk(installing: [ClosureFixture.libc, ClosureFixture.tool])
        let outcome = try desk.bio.export("acme/tool", "-o", "x.tar", "--compression", "none")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let names = String(decoding: try tool("tar", "-tf", desk.work("x.tar")), as: UTF8.self)
        for name in ["hab/bin/bio\n", "hab/bin/bio-sup\n", "hab/bin/bio-launch\n", "hab/pkgs/biome/busybox/"] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(!names.contains("biome/bio-init"))
    }

    @Test func missingBasePackagesOfTheUsersAreNamedAllAtOnce() throws {
        let desk = try Desk(installing: [ClosureFixture.libc, ClosureFixture.tool])
        let outcome = try desk.bio.export("acme/tool", "--bio-pkg", "acme/bio", "--sup-pkg", "acme/sup")
        #expect(outcome.code == 3)
        for name in ["acme/bio", "acme/sup"] { #expect(outcome.errorText.contains("'\(name)'")) }
        #expect(outcome.errorText.contains("--base-pkgs none"))
        #expect(try desk.names().isEmpty)
        #expect(try desk.bio.export("acme/tool", "--base-pkgs", "none").code == 0)
    }

    @Test func basePackagesThatAreLeftOutAreNotMissed() throws {
        let desk = try Desk(installing: [ClosureFixture.libc, ClosureFixture.tool])
        let outcome = try desk.bio.export("acme/tool", "--no-hab-sup", "--sup-pkg", "acme/sup")
        #expect(outcome.code == 0, "\(outcome.errorText)")
    }

    @Test func anArtifactForAnotherTargetIsRefused() throws {
        let desk = try Desk(installing: [])
        let package = PackageFixture("acme/arm/1.0/20260101000000", target: "aarch64-linux")
        let artifact = try package.artifact(in: desk.file("artifacts"), keys: try World.shared.get().keys)
        let outcome = try desk.bio.export(artifact, "--base-pkgs", "none")
        #expect(outcome.code == 1)
        #expect(outcome.errorText.contains("aarch64-linux") && outcome.errorText.contains("x86_64-linux"))
        #expect(try desk.names().isEmpty)
    }

    @Test func everyHoleInTheClosureIsNamedWithWhoNeedsIt() throws {
        let desk = try Desk(installing: [ClosureFixture.libc, ClosureFixture.library, ClosureFixture.app])
        for package in [ClosureFixture.libc, ClosureFixture.library] {
            try tool("rm", "-rf", desk.installed(package, ""))
        }
        // Not from the cache either: an export does not change what is installed without being asked.
        let outcome = try desk.bio.export("acme/app", "--base-pkgs", "none")
        #expect(outcome.code == 3)
        for package in [ClosureFixture.libc, ClosureFixture.library] {
            #expect(
                outcome.errorText.contains("'\(package.ident)' (needed by '\(ClosureFixture.app.ident)')"),
                "\(outcome.errorText)")
        }
        #expect(try desk.names().isEmpty)
    }

    @Test func twoReleasesOfOnePackageInOneClosureAreRefused() throws {
        let newer = PackageFixture("core/libc/2.37/20260201000000")
        let one = PackageFixture("acme/one/1.0/20260101000000", tdeps: [ClosureFixture.libc.ident])
        let two = PackageFixture("acme/two/1.0/20260101000000", tdeps: [newer.ident])
        let top = PackageFixture(
            "acme/top/1.0/20260101000000", tdeps: [one.ident, two.ident, ClosureFixture.libc.ident, newer.ident])
        let desk = try Desk(installing: [ClosureFixture.libc, newer, one, two, top])
        let outcome = try desk.bio.export("acme/top", "--base-pkgs", "none")
        #expect(outcome.code == 1)
        for text in [newer.ident, ClosureFixture.libc.ident, top.ident] {
            #expect(outcome.errorText.contains("'\(text)'"), "\(outcome.errorText)")
        }
        // Two roots may differ: they are two closures side by side.
        #expect(try desk.bio.export("acme/one", "acme/two", "--base-pkgs", "none").code == 0)
        #expect(try desk.names() == ["acme-one-1.0-20260101000000.tar.gz", "results"])
    }

    @Test func packagesThatNeedEachOtherAreRefused() throws {
        let hen = "acme/hen/1.0/20260101000000"
        let egg = "acme/egg/1.0/20260101000000"
        let desk = try Desk(installing: [])
        let keys = try World.shared.get().keys
        try PackageFixture(egg, tdeps: [hen]).artifact(in: desk.file("artifacts"), keys: keys)
        let artifact = try PackageFixture(hen, tdeps: [egg]).artifact(in: desk.file("artifacts"), keys: keys)
        let outcome = try desk.bio.export(artifact, "--base-pkgs", "none")
        #expect(outcome.code == 1)
        #expect(outcome.errorText.contains("circle"), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("'\(hen)'") && outcome.errorText.contains("'\(egg)'"))
        #expect(try desk.names().isEmpty)
    }
}
