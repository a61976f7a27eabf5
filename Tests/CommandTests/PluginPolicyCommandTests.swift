// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Which plugins run, as users and sites meet it.
@Suite(.timeLimit(.minutes(15))) struct PluginPolicyCommandTests {
    /// A world whose one plugin lies where users install them, unsigned.
    private struct World: ~Copyable {
        var plain: PluginWorld
        let plugin: CPlugin

        init(_ name: String = "hostile") throws {
            var world = try PluginWorld()
            world.bio.environment["BIO_PLUGIN_PATH"] = nil
            plugin = try CPlugin(name, in: world.file("home/.local/share/bio/plugins"))
            plain = world
        }

        var bio: Command { plain.bio }
        var policy: String { plain.file("home/.config/bio/export-plugins.toml") }

        func run(_ words: [String]) throws -> Command.Outcome { try bio.run(words) { _ in } }

        func export(_ behaviour: String, _ more: String...) throws -> Command.Outcome {
            try run(
                ["pkg", "export", "hostile", "acme/app", "--behaviour", behaviour, "-o", plain.out, "--results"]
                    + [plain.file("results")] + more)
        }
    }

    @Test func aPluginThatNobodySignedIsRefusedAndSaysHowToChangeThat() throws {
        let world = try World()
        let refused = try world.export("good")
        #expect(refused.code == 5 && refused.output.isEmpty)
        #expect(
            refused.errors.contains(
                "the format 'hostile' is made by the plugin 'org.biome.test.hostile', which is unsigned: not signed; "
                    + "nobody has allowed it [BIO-P-004]"))
        #expect(refused.errors.contains("run 'bio plugin allow org.biome.test.hostile --unsigned', or give"))
        #expect(try world.export("good", "--allow-unsigned").code == 0)
        try Directory.remove(world.plain.out)
        try Directory.create(world.plain.out)
        let allowed = try world.run(["plugin", "allow", "hostile", "--unsigned"])
        #expect(allowed.code == 0 && allowed.output == "\(world.policy):1\n", "\(allowed.errors)")
        #expect(try world.export("good").code == 0)
    }

    @Test func aPluginThatIsNamedRunsUnlessItMustBeSigned() throws {
        let world = try World()
        for path in [world.plugin.directory, world.plugin.library] {
            let list = try world.run(["plugin", "list", "--plugin", path])
            #expect(list.output.contains("ready"), "\(list.output)")
            #expect(try world.export("good", "--plugin", path, "--dry-run").code == 0)
        }
        let place = world.plugin.directory.split(separator: "/").dropLast().joined(separator: "/")
        #expect(try world.export("good", "--plugin-dir=/\(place)", "--dry-run").code == 0)
        for (path, sentence) in [
            (world.plain.out, "--plugin: '\(world.plain.out)' is no plugin: there is no plugin.toml in"),
            ("\(world.plugin.directory)/plugin.toml", "is about 'libhostile.so'"),
            ("/nowhere", "--plugin: '/nowhere' is no plugin"),
        ] {
            let outcome = try world.run(["plugin", "list", "--plugin", path])
            #expect(outcome.code == 5 && outcome.errors.contains(sentence), "\(outcome.errors)")
        }
        let safe = try world.export("good", "--plugin", world.plugin.directory, "--safe-mode")
        #expect(
            safe.code == 5 && safe.errors.contains("not-allowed: in safe mode only plugins beside this program run"))
        #expect(try world.run(["plugin", "require-signature", "~third-party~"]).code == 0)
        let refused = try world.export("good", "--plugin", world.plugin.directory)
        #expect(refused.code == 5 && refused.errors.contains("a plugin must be installed and signed"))
        #expect(try world.export("good", "--allow-unsigned").code == 5)
    }

    @Test func rulesComeAndGoAndCommentsStay() throws {
        let world = try World()
        try Directory.create(world.plain.file("home/.config/bio"))
        let comment = "# mine\n"
        try AtomicFile.write(Array(comment.utf8), to: world.policy)
        let disabled = try world.run(["plugin", "disable", "tar", "--reason", "ticket \"4711\""])
        #expect(disabled.code == 0 && disabled.output == "\(world.policy):3\n", "\(disabled.errors)")
        let refused = try world.run(["pkg", "export", "tar", "acme/app", "-o", world.plain.out])
        #expect(refused.code == 5)
        #expect(
            refused.errors.contains(
                "which is disabled: ticket \"4711\" (\(world.policy):3) [BIO-P-005]"), "\(refused.errors)")
        #expect(
            refused.errors.contains(
                "hint: run 'bio plugin enable org.biome.tar', or take the rule at \(world.policy):3 away"))
        #expect(try !world.run(["pkg", "export", "--list"]).output.contains("tar "))
        let enabled = try world.run(["plugin", "enable", "org.biome.tar"])
        #expect(enabled.code == 0 && enabled.output == "\(world.policy):3\n")
        #expect(try contents(of: world.policy) == Array(comment.utf8))
        // Against a rule that a person wrote one is added behind it.
        try AtomicFile.write(
            Array("[[rule]]\nmatch = \"org.*\"\naction = \"disable\"\nreason = \"all\"\n".utf8), to: world.policy)
        #expect(try world.run(["plugin", "enable", "org.biome.tar"]).output == "\(world.policy):6\n")
        #expect(try world.run(["pkg", "export", "--list"]).output.hasPrefix("tar "))
    }

    @Test func aRuleIsADocumentForPrograms() throws {
        let world = try World()
        func write(_ words: String...) throws -> DocumentValue {
            let outcome = try world.run(["plugin"] + words + ["--format", "json"])
            #expect(outcome.code == 0, "\(outcome.errors)")
            return try DocumentValue(json: Array(outcome.output.utf8))
        }
        let disabled = try write("disable", "com.acme.x", "--reason", "no \"x\"")
        #expect(disabled["path"]?.string == world.policy && disabled["authority"]?.string == "user")
        #expect(disabled["line"]?.int == 1 && disabled["removed"]?.array == [])
        #expect(disabled["rule"]?["action"]?.string == "disable" && disabled["rule"]?["reason"]?.string == "no \"x\"")
        let allowed = try write("allow", "com.acme.*", "--key", "a", "--key", "b")
        #expect(allowed["rule"]?["keys"]?.array?.map(\.string) == ["a", "b"] && allowed["line"]?.int == 6)
        // Taken away, and needless.
        let enabled = try write("enable", "com.acme.x")
        #expect(enabled["line"] == .null && enabled["removed"]?.array?.map(\.int) == [1])
        let again = try write("enable", "com.acme.x")
        #expect(again["line"] == .null && again["removed"]?.array == [])
        let cleared = try write("clear", "hostile")
        #expect(cleared["plugin"]?.string == "hostile" && cleared["forgotten"]?.int == 0)
    }

    @Test func whatCannotBeARuleIsRefusedAndNothingIsWritten() throws {
        let world = try World()
        for (words, code, sentence) in [
            (["disable", "nobody"], 5, "there is no plugin 'nobody'"),
            (["disable", "a b*"], 64, "'a b*' is no pattern"),
            (["disable", "org.x", "--reason", ""], 64, "--reason: the text is empty"),
            (["disable", "org.x", "--reason", "a\u{1B}[2J"], 64, "--reason: the text is empty, too long, or holds"),
            (["allow", "org.x"], 64, "one of --key KEY and --unsigned is needed"),
            (["allow", "org.x", "--key", "a", "--unsigned"], 64, "one of --key KEY and --unsigned is needed"),
            (["allow", "org.x", "--key", "a/b"], 64, "--key: 'a/b' is no name of a key"),
            (["pin", "org.x"], 5, "there is no plugin 'org.x', so there is nothing that it could be pinned to"),
            (["pin", "org.biome.tar"], 5, "the plugin 'org.biome.tar' has no list of files"),
            (["pin", "org.x", "--digest", "x"], 64, "--digest: 'x' is not a digest"),
        ] as [([String], Int32, String)] {
            let outcome = try world.run(["plugin"] + words)
            #expect(outcome.code == code && outcome.errors.contains(sentence), "\(words): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        #expect(try FileStatus.of(world.policy) == nil)
    }

    @Test func variablesKeepOneCommandFromPlugins() throws {
        let world = try World()
        var bio = world.bio
        bio.environment["BIO_PLUGINS_DISABLE"] = "~all~"
        bio.environment["BIO_PLUGINS_ALLOW"] = "org.biome.tar"
        #expect(try bio.run("pkg", "export", "--list").output.split(separator: "\n").count == 1)
        let refused = try bio.run("pkg", "export", "docker", "acme/app")
        #expect(refused.code == 5)
        #expect(refused.errors.contains("which is not-allowed: the variable BIO_PLUGINS_DISABLE has ~all~"))
        bio.environment["BIO_PLUGINS_DISABLE"] = "a b"
        let broken = try bio.run("plugin", "list")
        #expect(broken.code == 5 && broken.errors.contains("the variable BIO_PLUGINS_DISABLE: 'a b' is no pattern"))
        #expect(broken.errors.contains("hint: set BIO_PLUGINS_DISABLE to ids and patterns, or unset it"))
    }

    @Test func threeCrashesRestForAWeek() throws {
        var world = try World()
        #expect(try world.run(["plugin", "allow", "hostile", "--unsigned"]).code == 0)
        for _ in 0..<3 { #expect(try world.export("crash-run").errors.contains("crashed with signal")) }
        let rests = try world.export("good")
        #expect(rests.code == 5)
        #expect(rests.errors.contains("which is quarantined: 3 crashes within a day, the last with signal SIG"))
        #expect(rests.errors.contains("hint: run 'bio plugin clear org.biome.test.hostile' to try it again at once"))
        #expect(try world.run(["plugin", "list"]).output.contains("quarantined"))
        // Named for this run, it is somebody's work.
        #expect(try world.export("good", "--plugin", world.plugin.directory, "--dry-run").code == 0)
        // Another library is tried at once.
        let bytes = try contents(of: world.plugin.library)
        try AtomicFile.write(bytes + [0], to: world.plugin.library)
        #expect(try world.export("good", "--dry-run").code == 0)
        try AtomicFile.write(bytes, to: world.plugin.library)
        #expect(try world.export("good", "--dry-run").code == 5)
        let cleared = try world.run(["plugin", "clear", "hostile"])
        #expect(cleared.code == 0 && cleared.output.isEmpty && cleared.errors.contains("Forgot 3 crashes"))
        #expect(try world.export("good", "--dry-run").code == 0)
        // A refusal of the plugin is no crash.
        for _ in 0..<3 { _ = try world.export("nonsense") }
        #expect(try world.export("good", "--dry-run").code == 0)
        // Neither is one that is somebody's work.
        world.plain.bio.environment["BIO_PLUGIN_PATH"] = world.plugin.directory
        for _ in 0..<3 { _ = try world.export("crash-run") }
        world.plain.bio.environment["BIO_PLUGIN_PATH"] = nil
        #expect(try world.export("good", "--dry-run").code == 0)
    }

    @Test func aCrashThatCannotBeWrittenDownStopsNothing() throws {
        let world = try World()
        #expect(try world.run(["plugin", "allow", "hostile", "--unsigned"]).code == 0)
        let state = world.plain.file("home/.local/state/bio")
        try Directory.create("\(state)/plugin-crashes.json")
        for _ in 0..<4 {
            let outcome = try world.export("crash-run")
            #expect(outcome.code == 5 && outcome.errors.contains("crashed with signal"), "\(outcome.errors)")
        }
        #expect(try world.export("good").code == 0)
        try Directory.remove(state)
        try AtomicFile.write([], to: state)
        #expect(try world.export("crash-run").errors.contains("crashed with signal"))
    }

    @Test func aListingOpensManifestsAndNoLibrary() throws {
        let world = try World()
        let trace = world.plain.file("trace")
        var variables = world.bio.environment
        variables["PATH"] = "/usr/bin:/bin"
        let settings = variables.map { "\($0.key)=\($0.value)" }.sorted()
        let outcome = try Tool.run(
            ["env", "-i"] + settings
                + ["strace", "-f", "-e", "trace=open,openat,openat2,execve,mmap", "-y", "-o", trace, Command.program]
                + ["plugin", "list"])
        #expect(outcome.code == 0 && outcome.text.contains("org.biome.test.hostile"), "\(outcome.errorText)")
        let lines = String(decoding: try contents(of: trace), as: UTF8.self).split(separator: "\n")
        #expect(lines.contains { $0.contains("hostile/plugin.toml") && $0.contains("open") })
        #expect(!lines.contains { $0.contains("libhostile.so") || $0.contains("plugins/tar/libtar.so") })
        #expect(lines.count { $0.contains("execve(") } == 1)
    }

    @Test func aDecisionIsExplainedStepByStep() throws {
        let world = try World()
        let text = try world.run(["plugin", "explain", "hostile"])
        #expect(
            text.output == """
                org.biome.test.hostile 0.0.1 -> unsigned [BIO-P-004]
                 1 found      \(world.plugin.directory) (user), org.biome.test.hostile 0.0.1
                 2 contents   no list of files
                 3 signature  not signed  <- decides
                 4 abi        host 1.0 to 1.1, built 1.1, needed 1.0, for x86_64-linux
                 5 runtime    native, libhostile.so
                 6 rules      none is about it
                 7 sandbox    around its process
                 8 history    0 crashes within a day
                why: not signed; nobody has allowed it
                to change it: install it with 'bio plugin install', run 'bio plugin allow org.biome.test.hostile \
                --unsigned', or give --allow-unsigned

                """, "\(text.errors)")
        let both = try world.run(["plugin", "explain", "tar", "--format", "json"])
        let document = try DocumentValue(json: both.output)
        #expect(document["plugins"]?.array?.count == 1)
        #expect(document["plugins"]?.array?.first?["change"] == .null)
        let nobody = try world.run(["plugin", "explain", "nobody"])
        #expect(nobody.code == 5 && nobody.errors.contains("there is no plugin or format 'nobody'"))
    }
}
