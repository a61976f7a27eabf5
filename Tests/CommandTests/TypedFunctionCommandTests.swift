// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// Typed functions and traces, as users meet them.
@Suite(.timeLimit(.minutes(15))) struct TypedFunctionCommandTests {
    private struct World: ~Copyable {
        let plain: PluginWorld

        init() throws {
            let world = try PluginWorld()
            _ = try world.add("typed")
            plain = world
        }

        func export(_ words: String...) throws -> Command.Outcome {
            let line = ["pkg", "export", "typed", "acme/app", "--base-pkgs", "none", "-o", plain.out]
            return try plain.bio.run(line + ["--results", plain.file("results")] + words) { _ in }
        }

        func name() throws -> String {
            String(decoding: try contents(of: "\(plain.out)/typed.txt"), as: UTF8.self)
        }
    }

    @Test func areListedWithTheirTypes() throws {
        let world = try World()
        let info = try world.plain.bio.run("plugin", "info", "typed")
        #expect(info.output.contains("\nfunctions\n  short_name s(s,i64): the first letters of a text\n"))
        #expect(info.output.contains("\n  differ b(b,b)\n"), "\(info.output)")
    }

    // MARK: - In templates

    @Test(arguments: [
        ("{{pkg_origin}}/{{short_name pkg_name 2}}", "acme/ap:latest\n"),
        ("{{short_name (short_name pkg_name 3) 1}}{{negative -7}}x", "a7x:latest\n"),
        ("x{{next32 41}}-{{sum32 1 2}}-{{half 5}}", "x42-3-2.5:latest\n"),
        ("a{{#if (differ true false)}}b{{else}}c{{/if}}", "ab:latest\n"),
        ("a{{joined}}b{{toLowercase (short_name \"ZIP\" 2)}}", "abzi:latest\n"),
    ])
    func makeNames(_ template: String, _ name: String) throws {
        let world = try World()
        let outcome = try world.export("--image-name", template)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try world.name() == name)
    }

    @Test func makeTags() throws {
        let world = try World()
        let outcome = try world.export(
            "--no-tag-latest", "--no-tag-version", "--no-tag-version-release", "--tag-custom",
            "v{{short_name pkg_version 1}}")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try world.name() == "acme/app:v2\n")
    }

    /// What is wrong with a call is said with its place, and the plugin is not even loaded.
    @Test(arguments: [
        ("{{short_name pkg_name}}", ["--image-name:1:3: ", "takes 2 arguments (a text, a whole number), not 1"]),
        ("{{short_name pkg_name 1 2}}", ["--image-name:1:25: ", "takes 2 arguments (a text, a whole number), not 3"]),
        ("{{short_name 1 1}}", ["--image-name:1:14: ", "argument 1 of 'short_name' must be a text, not a number"]),
        ("{{short_name pkg_name 1.5}}", ["--image-name:1:23: ", "1.5 is no i64"]),
        ("{{sum32 4294967296 1}}", ["--image-name:1:9: ", "4294967296 is no i32"]),
        ("{{next32 -1}}", ["--image-name:1:10: ", "-1 is no u32"]),
        ("{{shrt_name pkg_name 1}}", ["unknown function 'shrt_name'", "did you mean 'short_name'?"]),
        ("{{is_port 5}}", ["unknown function 'is_port'"]),
        ("{{joined 1 2 3 4 5 6 7 8 9}}", ["at most 8 arguments"]),
    ])
    func aWrongCallIsSaidWithItsPlace(_ template: String, _ words: [String]) throws {
        let world = try World()
        let trace = world.plain.file("trace")
        let outcome = try world.export("--image-name", template, "--trace-plugin", trace)
        #expect(outcome.code == 64)
        for word in words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        #expect(!String(decoding: try contents(of: trace), as: UTF8.self).contains("plugin.s"))
    }

    @Test func aFunctionThatRefusesIsQuoted() throws {
        let outcome = try World().export("--image-name", "{{short_name pkg_name 0}}")
        #expect(outcome.code == 5)
        #expect(
            outcome.errors.contains("--image-name:1:3: 'short_name' failed: nothing is shorter than one letter"),
            "\(outcome.errors)")
    }

    @Test(arguments: ["neither", "not_a_number", "not_utf8", "strange_code"])
    func aFunctionThatLiesIsNamed(_ name: String) throws {
        let outcome = try World().export("--image-name", "x{{\(name)}}")
        #expect(outcome.code != 0)
        #expect(outcome.errors.contains("plugin 'org.biome.test.typed' lied in a typed function: '\(name)' returned"))
        #expect(outcome.errors.contains("--image-name:1:4"), "\(outcome.errors)")
    }

    // MARK: - As checks

    @Test func valuesThatWillDoPass() throws {
        let world = try World()
        let outcome = try world.export(
            "--port", "443", "--word", "abc", "--words", "a", "--words", "b", "--any", "y")
        #expect(outcome.code == 0, "\(outcome.errors)")
    }

    @Test(arguments: [
        (["--port", "0"], "--port: 0 is no port"), (["--port", "65536"], "--port: 65536 is no port"),
        (["--word", "A"], "--word: it has other characters than a to z"),
        (["--words", "a", "--words", "B"], "--words: it has other characters than a to z"),
        (["--any", "x"], "--any: no x is wanted"),
    ])
    func aValueThatWillNotDoIsRefusedFirst(_ words: [String], _ message: String) throws {
        let world = try World()
        let line = ["pkg", "export", "typed", "acme/nowhere", "-o", world.plain.out] + words
        let outcome = try world.plain.bio.run(line) { _ in }
        #expect(outcome.code == 64, "\(outcome.errors)")
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
        #expect(try Directory.names(world.plain.out) == [])
    }

    @Test func whatItTakesIsTheHint() throws {
        let outcome = try World().export("--port", "0")
        #expect(outcome.errors.contains("it takes a port: 1 to 65535"), "\(outcome.errors)")
    }

    @Test func aCheckThatCrashesIsThePluginsFault() throws {
        let outcome = try World().export("--crash", "dead")
        #expect(outcome.code == 5)
        #expect(
            outcome.errors.contains("plugin 'org.biome.test.typed' crashed with signal SIGABRT in a typed function"),
            "\(outcome.errors)")
    }

    /// It is the child's own, whoever asked for the child.
    @Test func aCrashOfAChildsCheckIsHeldAgainstTheChild() throws {
        var world = try PluginWorld()
        world.bio.environment["BIO_PLUGIN_PATH"] = nil
        for name in ["asker", "typed"] {
            let directory = try world.add(name).directory
            if name == "asker" {
                let manifest = CPlugin.manifest(id: "org.biome.test.asker", name: name)
                    .replacing("[\"asker\"]", with: "[\"asker\", \"outer\", \"builder\"]")
                try AtomicFile.write(Array(manifest.utf8), to: "\(directory)/plugin.toml")
            }
            let installed = try world.bio.run("plugin", "install", directory, "--yes", "--allow-unsigned")
            #expect(installed.code == 0, "\(installed.errors)")
        }
        let outcome = try world.bio.run(
            ["pkg", "export", "asker", "acme/app", "--behaviour", "typed", "-o", world.out]) { _ in }
        #expect(outcome.code == 5)
        #expect(outcome.errors.contains("'org.biome.test.typed' crashed with signal SIGABRT"), "\(outcome.errors)")
        let log = String(
            decoding: try contents(of: world.file("home/.local/state/bio/plugin-crashes.json")), as: UTF8.self)
        #expect(log.contains("\"org.biome.test.typed\"") && !log.contains("asker"), "\(log)")
    }

    @Test func aCheckThatHangsIsEnded() throws {
        let outcome = try World().export("--crash", "sleep", "--plugin-timeout", "1")
        #expect(outcome.code == 5)
        #expect(outcome.errors.contains("hung in a typed function"), "\(outcome.errors)")
    }

    // MARK: - Traces

    @Test(arguments: [[], ["--in-process"]])
    func everyCallIsTraced(_ mode: [String]) throws {
        let world = try World()
        let trace = world.plain.file("trace")
        let line = [
            "pkg", "export", "typed", "acme/app", "--base-pkgs", "none", "-o", world.plain.out, "--port", "443",
        ]
        let outcome = try world.plain.bio.run(
            line + ["--results", world.plain.file("results"), "--trace-plugin", trace] + mode
        ) { _ in }
        #expect(outcome.code == 0, "\(outcome.errors)")
        let lines = String(decoding: try contents(of: trace), as: UTF8.self).split(separator: "\n").map(String.init)
        func has(_ text: String) -> Bool { lines.contains { $0.contains(text) } }
        for text in [
            "plugin.bio_export_entry(ABI 1.0 to 1.1) ...", "plugin.bio_export_entry(ABI 1.0 to 1.1) = 0 <",
            "plugin.is_port(443) ...", "plugin.is_port(443) = 0 <", "plugin.create() = 0 <", "plugin.validate() = 0 <",
            "host.emit(file primary \"note\", \"typed.txt\") = 0 <", "plugin.run() ...", "plugin.run() = 0 <",
            "host.get_extension(\"bio.host.oci/1\") = a table <",
            "oci.reference(package 1, index 0) = 0, \"acme/app:latest\" <", "plugin.destroy() = 0 <",
        ] { #expect(has(" org.biome.test.typed \(text)") || has(text), "\(text)\n\(lines.joined(separator: "\n"))") }
        let shape = /^[0-9]+\.[0-9]{6} [^ ]+ .*( \.\.\.| = .* <[0-9]+\.[0-9]{6}>)$/
        for line in lines { #expect(line.wholeMatch(of: shape) != nil, "\(line)") }
        // Times of lines never go back.
        let times = lines.compactMap { Double($0.prefix { $0 != " " }) }
        #expect(times.count == lines.count && times == times.sorted())
    }

    @Test func aDashIsStandardError() throws {
        let outcome = try World().export("--trace-plugin", "-")
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("plugin.run() = 0 <"), "\(outcome.errors)")
    }

    @Test func aFileThatCannotBeWrittenIsNamed() throws {
        let outcome = try World().export("--trace-plugin", "/nowhere/trace")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("/nowhere/trace"), "\(outcome.errors)")
    }
}
