// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `bio pkg export` with plugins that do not behave, as users see it.
@Suite(.timeLimit(.minutes(15))) struct PluginExportCommandTests {
    private static let plugin = "plugin 'org.biome.test.hostile'"

    @Test func aCrashIsNamedWithSignalAndLastLines() throws {
        let world = try PluginWorld()
        let plugin = try world.add("hostile")
        let outcome = try world.bio.run(world.export("crash-run")) { _ in }
        #expect(outcome.code == 5 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("\(Self.plugin) crashed with signal SIGSEGV in run [BIO-P-051]\n"))
        #expect(outcome.errors.contains("its last lines:\n"))
        #expect(outcome.errors.contains("  | about to crash\n"))
        #expect(outcome.errors.contains("hint: report it to the plugin's author"))
        try world.expectNothingLeft(plugin)
    }

    @Test(arguments: [
        ("abort", "crashed with signal SIGABRT in run"), ("exit", "ended the runner in run with exit code 0"),
        ("hang-plan", "hung in plan: it was not done after 4 seconds and was ended"),
        ("flood-log", "was ended after 100000 log lines"),
        ("never-made", "lied in run: the plugin planned 'hostile.txt', but did not make it"),
        ("no-primary", "lied in plan: its plan has 0 primary artifacts, one is needed"),
        ("parent-path", "could not plan: the artifact path '../x' leaves the output directory or is no path"),
        ("wrong-size", "could not run: 'hostile.txt' has 6 bytes, the plugin said 999"),
        ("no-reason", "returned code 103 from run and gave no reason"),
        ("reason", "failed in run: the moon is full (option --behaviour) (code 103)"),
        ("bad-reason", "failed in run: the plugin called a service wrongly: the message of an error is not UTF-8"),
        ("close-connection", "lied in run: it closed its connection to the host"),
    ])
    func whatItDidIsSaidAndNothingIsLeft(_ behaviour: String, _ sentence: String) throws {
        let world = try PluginWorld()
        let plugin = try world.add("hostile")
        let outcome = try world.bio.run(world.export(behaviour, "--plugin-timeout", "4")) { _ in }
        #expect(outcome.code == 5 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("\(Self.plugin) \(sentence)"), "\(outcome.errors)")
        try world.expectNothingLeft(plugin)
    }

    @Test(arguments: ["never-made", "parent-path", "reason"])
    func aLieIsTheSameInProcess(_ behaviour: String) throws {
        let world = try PluginWorld()
        let plugin = try world.add("hostile")
        let child = try world.bio.run(world.export(behaviour)) { _ in }
        let inside = try world.bio.run(world.export(behaviour, "--in-process")) { _ in }
        #expect(child.code == 5 && inside.code == 5)
        let lines = inside.errors.split(separator: "\n", omittingEmptySubsequences: false)
        let others = lines.filter { !$0.contains("it runs inside this process, no sandbox confines it") }
        #expect(others.count == lines.count - 1)
        #expect(child.errors == others.joined(separator: "\n"))
        try world.expectNothingLeft(plugin)
    }

    /// What one plugin may read is not for another to say.
    @Test func aPluginNamesNoFileForAnother() throws {
        let world = try PluginWorld()
        let manifest = "\(try world.add("asker").directory)/plugin.toml"
        let text = String(decoding: try contents(of: manifest), as: UTF8.self)
        try AtomicFile.write(
            Array(text.replacing("[\"asker\"]", with: "[\"asker\", \"outer\", \"builder\"]").utf8), to: manifest)
        _ = try world.add("steward")
        let outcome = try world.bio.run(
            ["pkg", "export", "asker", "acme/app", "--behaviour", "file", "-o", world.out]) { _ in }
        #expect(outcome.code == 64 && outcome.output.isEmpty)
        #expect(
            outcome.errors.contains("--passphrase: '/etc/hostname' is no file that the user has named for 'asker'\n"),
            "\(outcome.errors)")
        #expect(try Directory.names(world.out) == [])
    }

    @Test func theHintOfThePluginIsTheHint() throws {
        let world = try PluginWorld()
        _ = try world.add("hostile")
        #expect(try world.bio.run(world.export("reason")) { _ in }.errors.contains("hint: behave\n"))
    }

    @Test func aFloodOfLogLinesIsCutShort() throws {
        let world = try PluginWorld()
        _ = try world.add("hostile")
        let outcome = try world.bio.run(world.export("flood-log")) { _ in }
        #expect(outcome.errors.contains("further lines are not shown"))
        #expect(outcome.errors.utf8.count < 64 * 1024)
    }

    @Test func nothingThatItLogsSteersTheTerminal() throws {
        let world = try PluginWorld()
        _ = try world.add("hostile")
        let outcome = try world.bio.run(world.export("log-controls")) { _ in }
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("]0;owned"))
        #expect(outcome.errors.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }

    @Test(arguments: [("heed-cancel", SIGINT), ("hang-run", SIGINT), ("hang-run", SIGTERM)])
    func anInterruptionEndsThePluginToo(_ behaviour: String, _ signal: CInt) throws {
        let world = try PluginWorld()
        let plugin = try world.add("hostile")
        #expect(try world.bio.run("plugin", "describe", plugin.directory).code == 0)
        let outcome = try world.bio.run(world.export(behaviour)) { program in
            // The runner has loaded the library: the export is under way.
            for _ in 0..<400 where try ProcessSearch.mapping(plugin.library).isEmpty { usleep(20_000) }
            usleep(300_000)
            kill(program, signal)
        }
        #expect(outcome.code == 130 && outcome.output.isEmpty)
        try world.expectNothingLeft(plugin)
    }

    @Test func aGoodResultIsPlacedReportedAndAlone() throws {
        let world = try PluginWorld()
        let plugin = try world.add("hostile")
        let outcome = try world.bio.run(world.export("good")) { _ in }
        #expect(outcome.code == 0 && outcome.output == "\(world.out)/hostile.txt\n")
        #expect(try treeListing(world.out) == ["f 644 6 hostile.txt"])
        let report = try DocumentValue(
            json: String(decoding: try contents(of: world.file("results/last_hostile_export.json")), as: UTF8.self))
        #expect(report["plugin"]?["id"]?.string == "org.biome.test.hostile")
        #expect(report["artifacts"]?.array?.first?["path"]?.string == "\(world.out)/hostile.txt")
        #expect(try ProcessSearch.isGone(plugin.library))
    }

    @Test func aDryRunMakesNothing() throws {
        let world = try PluginWorld()
        let plugin = try world.add("hostile")
        let outcome = try world.bio.run(world.export("crash-run", "--dry-run")) { _ in }
        #expect(outcome.code == 0 && outcome.output == "\(world.out)/hostile.txt\n")
        try world.expectNothingLeft(plugin)
    }

    @Test func aStreamIsAllThatStandardOutputGets() throws {
        let world = try PluginWorld()
        let plugin = try world.add("hostile")
        let words = ["pkg", "export", "hostile", "acme/app", "-o", "-", "--behaviour"]
        let good = try world.bio.run(words + ["good"]) { _ in }
        #expect(good.code == 0 && good.output == "hello\n")
        let bad = try world.bio.run(words + ["never-made"]) { _ in }
        #expect(bad.code == 5 && bad.output.isEmpty)
        try world.expectNothingLeft(plugin)
    }

    @Test func aCrashIsNamedThoughTheEndsOfChildrenAreIgnored() throws {
        let world = try PluginWorld()
        _ = try world.add("hostile")
        let outcome = try Tool.run(
            ["env", "--ignore-signal=CHLD", Command.program] + world.export("abort"), environment: world.bio.environment
        )
        #expect(outcome.code == 5)
        #expect(outcome.errorText.contains("crashed with signal SIGABRT in run"))
    }

    @Test func aRequiredOptionOfThePluginIsRequired() throws {
        let world = try PluginWorld()
        _ = try world.add("hostile")
        let outcome = try world.bio.run("pkg", "export", "hostile", "acme/app")
        #expect(outcome.code == 64)
        #expect(outcome.errors.contains("--behaviour"))
    }
}
