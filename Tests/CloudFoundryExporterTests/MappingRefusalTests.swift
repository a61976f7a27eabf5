// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// Mappings that can never become settings, each with its place and the next step, and nothing left behind.
@Suite struct MappingRefusalTests {
    private func refused(_ mapping: String, _ reasons: [String], _ options: [String] = []) throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.export(mapping, options: ["-o", "x.tar"] + options)
        #expect(outcome.code == 64, "\(mapping): \(outcome.code) \(outcome.errorText)")
        for reason in reasons { #expect(outcome.errorText.contains(reason), "\(mapping): \(outcome.errorText)") }
        #expect(try desk.names() == ["cf-mapping.toml"] && desk.temporaryNames().isEmpty)
    }

    /// The place is where it is in the file, whatever holes stand before it.
    @Test(arguments: [
        ("a = 1\nb = $", "2:5"), ("a = \"$X", "1:"), ("a = $(echo 1) 2", "1:15"), ("a = $(echo\n1)\nb = x", "3:5"),
        ("a = \"$(\necho\n)\"\nb = x", "4:5"), ("a = ${A}${B}", "1:9"), ("a = $X.5", "1:7"), ("a = 1$X", "1:6"),
        ("a = [$X $Y]", "1:"), ("a = \"\\x$X\"", "1:"), ("a = \"\\u00$X\"", "1:"), ("a = 1\na = $X", "2:"),
        ("$(cat other.toml)", "1:1"), ("[$X]", "1:2"), ("$X = 1", "1:1"), ("\"$X\" = 1", "1:2"), ("['$X']", "1:3"),
        ("a = { $X = 1 }", "1:7"), ("a = { b = 1, \"$X\" = 2 }", "1:15"), ("a.$X = 1", "1:3"), ("[[a.\"$X\"]]", "1:6"),
        ("a = 'x\ny'", "1:"), ("a = \"\"\"$X", "1:"), ("a = \"\u{1}\"", "1:"), ("a = \"é$X\" b", "1:11"),
        ("a = \"$5\"", "1:6"), ("a = \"$(echo\"", "1:6"), ("a = \"`echo\"", "1:6"), ("a = \"${X\"", "1:6"),
        ("a = \"$(echo 'x)\"", "1:6"), ("a = \"$(echo \u{1})\"", "1:6"), ("a = $(echo\r\n1)", "1:5"),
    ]) func whatIsNoMapping(mapping: String, place: String) throws {
        try refused(mapping, ["--mapping", "cf-mapping.toml:\(place)"])
    }

    @Test(arguments: [
        ("a = \"costs $5\"", "write \\$ for a dollar"), ("a = \"$(\"", "close its quotes"),
        ("\"$X\" = 1", "write it behind an equals sign"),
        ("a = \"\(String(repeating: "$(", count: 60))\"", "too deeply"),
    ]) func theNextStepIsSaid(mapping: String, hint: String) throws { try refused(mapping, ["hint", hint]) }

    @Test func whatIsTooLongIsRefused() throws {
        try refused("a = \"\(String(repeating: "x", count: 70_000))\"", ["--mapping", "more than 65536 bytes"])
        try refused("a = \"\(String(repeating: "'", count: 30_000))\"", ["--mapping", "too long"])
    }

    @Test func bytesThatAreNoTextAreRefused() throws {
        let desk = try ExportDesk.platforms()
        try AtomicFile.write([0x61, 0x3D, 0x22, 0xFF, 0x22], to: desk.work("m.toml"))
        let outcome = try desk.bio.run(["pkg", "export", "cf", "core/redis", "m.toml", "-o", "x.tar"])
        #expect(outcome.code == 64 && outcome.errorText.contains("not UTF-8"), "\(outcome.errorText)")
    }

    @Test(arguments: [
        (["core/redis", "--mapping", "none.toml"], "none.toml", 64),
        (["core/redis", "--mapping", "."], "--mapping", 64),
        (["core/redis"], "give it behind the packages: PKG MAPPING.toml", 64),
        (["core/redis", "--mapping", "none.toml"], "name a file that can be read", 64),
        (
            ["core/redis", "--mapping", "m.toml", "--no-tag-latest", "--no-tag-version", "--no-tag-version-release"],
            "--tag-custom", 64
        ), (["acme/plain", "--mapping", "m.toml"], "no package is a service", 64),
        (["core/redis", "m.toml", "--mapping", "m.toml"], "'--mapping' is given twice", 64),
        (["core/redis", "--mapping", "m.toml", "--user", "nobody-here"], "the image has no user 'nobody-here'", 64),
        (["core/redis", "--mapping", "m.toml", "--app", ""], "--app", 64),
        (["core/redis", "--mapping", "m.toml", "--app", "a\nb"], "--app", 64),
        (["core/redis", "--mapping", "m.toml", "--base-pkgs", "none"], "--base-pkgs", 64),
        (["core/redis", "--mapping", "m.toml", "--jq-pkg", "acme/plain"], "--jq-pkg", 64),
        (["core/redis", "--mapping", "m.toml", "--jq-pkg", "acme/none"], "acme/none", 3),
    ]) func otherRequestsThatCannotBeMet(arguments: [String], reason: String, code: Int32) throws {
        let desk = try ExportDesk.platforms()
        try AtomicFile.write(Array("a = 1".utf8), to: desk.work("m.toml"))
        let outcome = try desk.bio.run(["pkg", "export", "cf"] + arguments + ["-o", "x.tar"])
        #expect(outcome.code == code && outcome.errorText.contains(reason), "\(outcome.code) \(outcome.errorText)")
        #expect(try desk.names() == ["m.toml"])
    }

    /// A helper that is spelt wrongly is warned about, with its place; other commands are nobody's business.
    @Test(arguments: [
        (#"a = "$(servce db .a)""#, "1:8", "service"), (#"a = "`echo x | Service db`""#, "1:16", "service"),
        ("a = \"$(\n  aplication .name)\"", "2:3", "application"), (#"a = "$(echo "$(ports)")""#, "1:16", "port"),
        (#"a = "$(if servce x; then echo; fi)""#, "1:11", "service"),
        (#"a = "$(X='a b' servce x)""#, "1:16", "service"),
        (#"a = "$(! servce x || { servce y; })""#, "1:10", "service"),
        (#"a = "$({ servce y; })""#, "1:10", "service"), (#"a = "${X:-$(servicess)}""#, "1:13", "services"),
    ]) func aMisspeltHelperIsWarnedAbout(mapping: String, place: String, meant: String) throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.export(mapping, options: ["--dry-run", "-o", "x.tar"])
        #expect(outcome.code == 0)
        #expect(outcome.errorText.contains("cf-mapping.toml:\(place): there is no '"), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("is it '\(meant)'?"), "\(outcome.errorText)")
    }

    @Test(arguments: [
        #"a = "$(sort /etc/passwd | head -n 1; service x)""#, #"a = "$(redis-cli ping)""#, "a = $((Port + 1))",
        #"a = "$(echo servce 'servce' "servce" # servce"# + "\n)\"", #"a = "$(servce=1 jq -n 1)""#,
        "# $(servce)\na = 1",
    ]) func otherCommandsAreNot(mapping: String) throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.export(mapping, options: ["--dry-run", "-o", "x.tar"])
        #expect(outcome.code == 0 && !outcome.errorText.contains("is it '"), "\(outcome.errorText)")
    }
}
