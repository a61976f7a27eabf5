// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport
import Testing

/// Requests that cannot be met, each with its reason and the next step, and nothing left behind.
@Suite struct ImageRefusalTests {
    /// A mistake of the user's, never the plugin's: 64 where an option is wrong, 1 where a package is.
    private func refused(_ arguments: [String], _ reasons: [String], code: Int32 = 64) throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.docker(arguments + ["-o", "x.tar"])
        #expect(outcome.code == code, "\(arguments): \(outcome.code) \(outcome.errorText)")
        for reason in reasons { #expect(outcome.errorText.contains(reason), "\(outcome.errorText)") }
        #expect(try desk.names().isEmpty && desk.temporaryNames().isEmpty)
    }

    @Test(arguments: [
        (["--entrypoint", "["], ["--entrypoint", "JSON"]), (["--entrypoint", #"["a" "b"]"#], ["',' nor ']'"]),
        (["--cmd", #"["a",]"#], ["--cmd", "double quotes"]), (["--cmd", #"["\x"]"#], ["no escape"]),
        (["--cmd", #"["a"] b"#], ["after the closing"]), (["--cmd", #"["\ud800"]"#], ["surrogate"]),
        (["--cmd", #"["\u00zz"]"#], ["hexadecimal"]), (["--cmd", "[1]"], ["double quotes"]),
        (["--cmd", "[\"a\nb\"]"], ["control character"]), (["--cmd", #"["a"#], ["closing quote"]),
        (["--entrypoint", ""], ["first word is empty"]), (["--entrypoint", #"[""]"#], ["first word is empty"]),
    ]) func wordsThatAreNone(arguments: [String], reasons: [String]) throws {
        try refused(["acme/web"] + arguments, reasons + ["hint"])
    }

    @Test(arguments: [
        ("", "USER:GROUP"), (":", "USER:GROUP"), ("a:b:c", "USER:GROUP"), ("web:", "USER:GROUP"),
        ("a b", "USER:GROUP"), ("webb", "no user 'webb'"), ("web:wheel", "no group 'wheel'"),
        ("-5", "no user '-5'"), ("+5", "no user '+5'"),
        ("web:-1", "no group '-1'"), ("2147483648", "larger"), ("99999999999999999999", "larger"),
    ]) func usersThatAreNone(user: String, reason: String) throws {
        try refused(["acme/web", "--user=\(user)"], ["--user", reason])
    }

    @Test(arguments: [
        (["--env", "A"], "NAME=VALUE"), (["--env", "=x"], "NAME=VALUE"), (["--env", "A B=x"], "space"),
        (["--env", "A=1", "--env", "A=2"], "'A' is given twice"), (["--label", "x"], "KEY=VALUE"),
        (["--label", "x=1", "--label", "x=1"], "'x' is given twice"), (["--workdir", "data"], "absolute"),
        (["--workdir", "/a/../b"], "absolute"), (["--workdir", ""], "--workdir"), (["--workdir", "/a\nb"], "absolute"),
        (["--workdir", "/init.sh"], "/init.sh is no directory"), (["--workdir", "/etc/passwd/x"], "/etc/passwd is no"),
        (["--workdir", "/bin/web/x/y"], "/bin/web is no directory"), (["--workdir", "/etc/ssl"], "/etc/ssl is no"),
        (["--healthcheck", " "], "empty"), (["--healthcheck", "[]"], "no program"),
        (["--healthcheck", "[\"\"]"], "no program"), (["--healthcheck", "[x"], "JSON"),
        (["--healthcheck-interval", "5"], "--healthcheck COMMAND"),
        (["--healthcheck", "NONE", "--healthcheck-retries", "1"], "--healthcheck COMMAND"),
        (["--healthcheck", "true", "--healthcheck-timeout", "0"], "--healthcheck-timeout"),
        (["--healthcheck", "true", "--healthcheck-retries", "1001"], "--healthcheck-retries"),
        (["--runtime", "docker"], "supervisor"), (["--install-hooks", "run"], "defer"),
        (["--engine", "podman"], "buildah"), (["--program", "web"], "--runtime none"),
        (["--user", "web", "--user", "hab"], "--user"), (["--runtime", "none", "--program", ""], "empty"),
    ]) func valuesThatWillNotDo(arguments: [String], reason: String) throws {
        try refused(["acme/web"] + arguments, [reason])
    }

    @Test func withoutASupervisorThereIsNoShell() throws {
        try refused(
            ["acme/web", "--runtime", "none", "--healthcheck", "web ping"], ["/bin/sh", #"["redis-cli", "ping"]"#])
    }

    @Test func theSupervisorNeedsAService() throws {
        try refused(
            ["acme/tool", "acme/lonely"],
            [ImageFixture.tool.ident, ImageFixture.lonely.ident, "run hook", "--runtime none"])
    }

    @Test func theSupervisorNeedsItsPackages() throws {
        try refused(["acme/web", "--base-pkgs", "none"], ["base packages", "--runtime none"])
        try refused(["acme/web", "--bio-pkg", "acme/lonely"], [ImageFixture.lonely.ident, "--bio-pkg"], code: 1)
    }

    @Test func aProgramMustBeChosen() throws {
        try refused(
            ["acme/tool", "--runtime", "none"], [ImageFixture.tool.ident, "--program NAME", "one, two"], code: 1)
        try refused(["acme/bare", "--runtime", "none"], [ImageFixture.bare.ident, "--entrypoint"], code: 1)
        try refused(
            ["acme/tool", "acme/lonely", "--runtime", "none", "--program", "three"], ["'three'", "one, two, alone"])
        // A file beside the programs is none.
        try refused(["acme/lonely", "--runtime", "none", "--program", "read-me"], ["'read-me'", "NAME: alone"])
        try refused(
            ["acme/tool", "--runtime", "none", "--program", "one", "--entrypoint", "two"],
            ["--program or --entrypoint"])
    }

    /// Base packages that nobody has come with the program; what the user chose does not.
    @Test func missingBasePackagesComeWithTheProgram() throws {
        let desk = try ExportDesk(installing: [ImageFixture.libc, ImageFixture.library, ImageFixture.web])
        let image = try desk.image("acme/web")
        let labels = try image.process()["Labels"]
        let bio = try #require(labels?["org.biome.cli"]?.string)
        #expect(bio.hasPrefix("biome/bio/"))
        #expect(labels?["org.biome.supervisor"]?.string == bio && labels?["org.biome.launcher"]?.string == bio)
        #expect(try image.text("init.sh").contains("exec /bin/bio sup run"))
        #expect(try image.tree("bin/sh").first?.contains("/hab/pkgs/biome/busybox/") == true)
        #expect(try image.tree("etc/ssl").first?.contains("/hab/pkgs/biome/cacerts/") == true)
    }

    @Test func missingBasePackagesOfTheUsersAreNamed() throws {
        let desk = try ExportDesk(installing: [ImageFixture.libc, ImageFixture.library, ImageFixture.web])
        let outcome = try desk.bio.docker("acme/web", "--sup-pkg", "acme/sup", "-o", "x.tar")
        #expect(outcome.code == 3)
        #expect(outcome.errorText.contains("'acme/sup'"), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("leave them out with --runtime none"), "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
        #expect(try desk.bio.docker("acme/web", "--runtime", "none", "-o", "x.tar").code == 0)
    }
}
