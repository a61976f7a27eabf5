// SPDX-License-Identifier: Apache-2.0

import BioConformance
import BioDocument
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// `bio plugin check` as its user sees it.
@Suite(.timeLimit(.minutes(15))) struct CheckCommandTests {
    @Test func everyRuleOfAPluginHasItsCase() {
        let cases = ConformanceCase.all.map(\.rule)
        #expect(Set(cases.map(\.id)).count == cases.count)
        let wanted = PluginRule.all.filter { $0.id.hasPrefix("BIO-P") && !$0.check.isEmpty }
        #expect(Set(cases) == Set(wanted))
    }

    @Test func aSummaryIsTheResultAndTheCasesAreTold() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", in: desk.path)
        let outcome = try desk.bio.run("plugin", "check", plugin.library)
        #expect(outcome.code == 0)
        #expect(outcome.text == "org.biome.test.broken 0.0.1 passes level load: 23 passed, 2 skipped\n")
        #expect(outcome.errorText.contains("passed  BIO-P-012  one-symbol\n"))
        #expect(outcome.errorText.contains("skipped  BIO-P-020  go-runtime: it has no Go runtime\n"))
    }

    @Test func aFailureNamesRuleAndNextStep() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", variant: "MORE_SYMBOLS", in: desk.path)
        let outcome = try desk.bio.run("plugin", "check", plugin.directory)
        #expect(outcome.code == 5)
        #expect(outcome.text.contains("fails level load: "))
        #expect(outcome.errorText.contains("failed  BIO-P-012  one-symbol: "))
        #expect(outcome.errorText.contains("it exports 'another_symbol' besides bio_export_entry"))
        #expect(outcome.errorText.contains("        hint: link it with -Wl,--version-script=exports.map"))
    }

    @Test func oneCaseCanBeChosenWhateverItsLevel() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", variant: "PRINTS", in: desk.path)
        let report = try desk.check(plugin.directory, "--only", "streams-untouched", "--only", "BIO-P-012")
        #expect(report.cases.map(\.name) == ["one-symbol", "streams-untouched"])
        #expect(report.failed == ["streams-untouched"])
    }

    /// A plugin whose formats it asks for is no more free than for its user's own exports.
    @Test func rulesHoldForThoseThatItAsks() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("asker", in: desk.path)
        let manifest = CPlugin.manifest(id: "org.biome.test.asker", name: "asker")
            .replacing("[\"asker\"]", with: "[\"asker\", \"outer\", \"builder\"]")
        try AtomicFile.write(Array(manifest.utf8), to: "\(plugin.directory)/plugin.toml")
        _ = try CPlugin("imager", in: desk.path)
        var bio = desk.bio
        bio.environment["BIO_PLUGIN_PATH"] = desk.path
        let words = ["plugin", "check", plugin.directory, "--only", "writes-inside"]
        #expect(try bio.run(words).code == 0)
        let rule = "[[rule]]\nmatch = \"org.biome.test.imager\"\naction = \"disable\"\nreason = \"not today\"\n"
        let settings = "\(bio.home)/.config/bio"
        try Directory.create(settings)
        for place in ["\(settings)/export-plugins.toml", "\(bio.directory)/run.toml"] {
            try AtomicFile.write(Array(rule.utf8), to: place)
            if place.hasSuffix("run.toml") { bio.environment["BIO_PLUGIN_POLICY"] = place }
            let outcome = try bio.run(words)
            #expect(outcome.code == 5 && outcome.text.hasSuffix("0 passed, 1 blocked\n"), "\(outcome.text)")
            try Directory.remove(place)
        }
    }

    @Test(arguments: [
        (["--only", "one-symbal"], "did you mean 'one-symbol'?"), (["--seed", "x"], "--seed: 'x' is no number"),
        (["--level", "most"], "--level"), (["--fuzz", "0"], "--fuzz"),
    ])
    func aWrongWordIsRefused(_ words: [String], _ text: String) throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", in: desk.path)
        let outcome = try desk.bio.run(["plugin", "check", plugin.directory] + words)
        #expect(outcome.code == 64 && outcome.errorText.contains(text), "\(outcome.errorText)")
    }

    @Test func whereNothingIsNothingIsChecked() throws {
        let desk = try CheckDesk()
        let outcome = try desk.bio.run("plugin", "check", "\(desk.path)/none")
        #expect(outcome.code == 5 && outcome.errorText.contains("there is no plugin at"))
        let empty = try desk.check("\(desk.path)/work")
        #expect(empty.failed == ["manifest"] && empty.code == 5)
    }

    @Test func whatAFormatNeedsIsGivenToIt() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("hostile", in: desk.path)
        // A value is made up for what is required, which this one does not know.
        #expect(try desk.check(plugin.directory, "--only", "reasons").failed == ["reasons"])
        let given = try desk.check(
            plugin.directory, "--only", "exporter", "--only", "survives", "--with=--behaviour=good")
        #expect(given.names("passed") == ["exporter", "survives"] && given.code == 0, "\(given.errors)")
    }

    /// Nobody knows whether the plugin keeps the rules: that is no pass.
    @Test func aFormatThatRefusesIsNotPassedOver() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("hostile", in: desk.path)
        let report = try desk.check(
            plugin.directory, "--only", "exporter", "--only", "survives", "--only", "faults",
            "--with=--behaviour=reason")
        #expect(report.names("blocked") == ["exporter", "survives", "faults"])
        #expect(report.failed == [] && report.code == 5)
        #expect(report.errors.contains("could not be looked at whole: 3 blocked"))
    }

    /// What could not be looked at is no pass, whichever cases were chosen.
    @Test func whereNothingCouldBeSeenNothingPasses() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", variant: "NO_EXPORTER", in: desk.path)
        let report = try desk.check(plugin.directory, "--only", "one-symbol", "--only", "survives")
        #expect(report.names("passed") == ["one-symbol"] && report.names("blocked") == ["survives"])
        #expect(report.code == 5)
        let skipped = try desk.check(plugin.directory, "--only", "go-runtime")
        #expect(skipped.skipped == ["go-runtime"] && skipped.code == 5)
    }

    @Test func whatAServiceRefusedIsToldUnderAnyCode() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", variant: "OTHER_CODE", in: desk.path)
        let outcome = try desk.bio.run("plugin", "check", plugin.directory, "--only", "calls-sound")
        #expect(outcome.code == 5 && outcome.errorText.contains("failed  BIO-P-054  calls-sound: "))
        #expect(outcome.errorText.contains("../outside.txt"), "\(outcome.errorText)")
    }

    @Test func whatASeedFoundItFindsAgain() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", variant: "CRASHES_ON_LEVEL", in: desk.path)
        let found = try desk.check(plugin.directory, "--only", "manifest", "--fuzz", "60", "--seed", "7")
        #expect(found.failed == ["survives"] && found.code == 5)
        let text = found.summary["cases"]?.array?.last?["reason"]?.string ?? ""
        let seed = try #require(text.firstMatch(of: /with seed ([0-9]+):/)).output.1
        let again = try desk.check(plugin.directory, "--only", "manifest", "--fuzz", "60", "--seed", String(seed))
        #expect(again.summary["cases"]?.array?.last?["reason"]?.string == text)
        #expect(again.summary["fuzzed"]?.int == 1)
    }

    @Test func aFuzzedPluginThatKeepsTheRulesPasses() throws {
        let desk = try CheckDesk()
        let plugin = try CPlugin("broken", in: desk.path)
        let report = try desk.check(plugin.directory, "--only", "manifest", "--fuzz", "2")
        #expect(report.code == 0 && report.summary["fuzzed"]?.int ?? 0 > 3, "\(report.errors)")
        try desk.expectNothingLeft(plugin.library)
    }

    @Test func theLoadLevelIsQuick() throws {
        let desk = try CheckDesk()
        let directory = try Repository.built("dist/lib/bio/plugins/tar")
        let report = try desk.check(directory)
        let times = (report.summary["cases"]?.array ?? []).map { $0["milliseconds"]?.int ?? 0 }
        #expect(times.count >= 22 && times.reduce(0, +) < 2000)
    }
}
