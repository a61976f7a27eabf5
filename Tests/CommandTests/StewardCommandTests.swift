// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Programs, secrets, operands, shown results and artifacts for registries, as users meet them.
@Suite(.timeLimit(.minutes(15))) struct StewardCommandTests {
    private struct World: ~Copyable {
        var plain: PluginWorld

        init(tools: [String] = ["sh"]) throws {
            var world = try PluginWorld()
            _ = try world.add("steward", tools: tools)
            world.bio.environment["PATH"] = "/usr/bin:/bin"
            plain = world
        }

        func export(_ words: [String], input: String = "") throws -> Command.Outcome {
            var bio = plain.bio
            bio.input = input
            // A sidecar that is there is in the way.
            for name in ["letter", "letter.seal"] { unlink("\(plain.out)/\(name)") }
            let line = ["pkg", "export", "steward", "--base-pkgs", "none", "-o", plain.out]
            return try bio.run(line + ["--results", plain.file("results")] + words) { _ in }
        }

        func seal() throws -> String { String(decoding: try contents(of: "\(plain.out)/letter.seal"), as: UTF8.self) }

        func write(_ text: String, to name: String) throws -> String {
            try AtomicFile.write(Array(text.utf8), to: plain.file(name))
            return plain.file(name)
        }
    }

    // MARK: - What is shown

    @Test func theTextIsTheResult() throws {
        let world = try World()
        let outcome = try world.export(["acme/app"])
        #expect(outcome.code == 0 && outcome.output == "dear reader,\nnote: none\n", "\(outcome.errors)")
        #expect(try world.seal() == "sealed 24\n")
        #expect(
            try world.export(["acme/app", "--dry-run"]).output
                == "\(world.plain.out)/letter\n\(world.plain.out)/letter.seal\n")
    }

    @Test func programsGetTheReport() throws {
        let world = try World()
        let outcome = try world.export(["acme/app", "--format", "json"])
        #expect(outcome.code == 0, "\(outcome.errors)")
        let report = try DocumentValue(json: outcome.output)
        #expect(report["artifacts"]?.array?.compactMap { $0["path"]?.string }.count == 2)
    }

    // MARK: - The word behind the packages

    @Test func theLastWordIsTheOptionsValue() throws {
        let world = try World()
        let note = try world.write("", to: "note.txt")
        // As many ways as there are to say it.
        for words in [["acme/app", note], ["acme/app", "--note", note], ["--note=\(note)", "acme/app"]] {
            let outcome = try world.export(words)
            #expect(outcome.code == 0 && outcome.output == "dear reader,\nnote: \(note)\n", "\(outcome.errors)")
        }
        // What is no package is no package though the file is not there; what is one is one.
        #expect(try world.export(["acme/app", "note.toml"]).output.hasSuffix("note: note.toml\n"))
        #expect(try world.export(["acme/app", "acme/lib"]).output.hasSuffix("note: none\n"))
        // A package that is given twice over.
        #expect(try world.export(["acme/app", "note.toml", "--note", note]).code == 64)
        #expect(try world.export(["note.toml"]).code == 64)
        let help = try world.plain.bio.run("pkg", "export", "steward", "--help").output
        #expect(help.contains("<PKG>... [FILE]") && help.contains("the same as --note"))
    }

    // MARK: - Other base packages

    @Test func aBasePackageByNameIsOneOfTheUsersChoice() throws {
        let world = try World()
        func export(_ words: [String]) throws -> Command.Outcome {
            for name in ["letter", "letter.seal"] { unlink("\(world.plain.out)/\(name)") }
            return try world.plain.bio.run(
                ["pkg", "export", "steward", "acme/app", "-o", world.plain.out, "--results"]
                    + [world.plain.file("results")] + words
            ) { _ in }
        }
        let missing = try export([])
        #expect(missing.code == 3 && missing.errors.contains("core/sealing-wax"), "\(missing.errors)")
        #expect(missing.errors.contains("--behaviour dry"))
        #expect(try export(["--behaviour", "dry"]).code == 0)
        #expect(try export(["--note", "none"]).code == 0)
        let other = try export(["--wax-pkg", "acme/lib", "--format", "json"])
        #expect(other.code == 0, "\(other.errors)")
        let closure = try DocumentValue(json: other.output)["closure"]?.array ?? []
        #expect(closure.contains { $0["base"]?.bool == true && $0["ident"]?.string?.hasPrefix("acme/lib/") == true })
        #expect(try world.plain.bio.run("pkg", "export", "steward", "--help").output.contains("--wax-pkg PKG"))
    }

    // MARK: - Programs and secrets

    @Test func aSecretComesFromAFileOrStandardInput() throws {
        let world = try World()
        let secret = try world.write("12345\n", to: "secret")
        let file = try world.export(["acme/app", "--passphrase", secret])
        #expect(file.code == 0, "\(file.errors)")
        #expect(try world.seal() == "sealed 24\n5\n")
        let typed = try world.export(["acme/app", "--passphrase", "-"], input: "1234567\n")
        #expect(typed.code == 0, "\(typed.errors)")
        #expect(try world.seal() == "sealed 24\n7\n")
        let none = try world.export(["acme/app", "--passphrase", world.plain.file("nowhere")])
        #expect(none.code == 1 && none.errors.contains("--passphrase: no secret can be read from"), "\(none.errors)")
        #expect(none.errors.contains("hint: name a file with the secret in its first line"))
    }

    @Test func aProgramThatIsNotListedDoesNotRun() throws {
        let world = try World(tools: [])
        let outcome = try world.export(["acme/app"])
        #expect(outcome.code == 5 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("wants to run 'sh', which its manifest does not list"), "\(outcome.errors)")
        #expect(try Directory.names(world.plain.out) == [])
    }

    @Test func aProgramThatIsNotThereIsNamed() throws {
        var world = try World()
        world.plain.bio.environment["PATH"] = "/nowhere:relative"
        let outcome = try world.export(["acme/app"])
        #expect(outcome.code == 1 && outcome.errors.contains("'sh' is not on this machine"), "\(outcome.errors)")
    }

    @Test(arguments: [
        "action = \"deny-tools\"", "action = \"deny-tools\"\ntools = [\"cc\", \"sh\"]",
    ]) func aPolicyDeniesPrograms(_ rule: String) throws {
        var world = try World()
        world.plain.bio.environment["BIO_PLUGIN_POLICY"] = try world.write(
            "[[rule]]\nmatch = \"org.biome.test.*\"\n\(rule)\nreason = \"no shells here\"\n", to: "policy.toml")
        let outcome = try world.export(["acme/app"])
        #expect(outcome.code == 1 && outcome.output.isEmpty)
        #expect(
            outcome.errors.contains("may not run 'sh': no shells here (\(world.plain.file("policy.toml")):1)"),
            "\(outcome.errors)")
        let info = try world.plain.bio.run("plugin", "info", "steward")
        #expect(info.output.contains("may run    sh, denied: no shells here"))
        let json = try DocumentValue(
            json: try world.plain.bio.run("plugin", "info", "steward", "--format", "json").output)
        #expect(json["plugin"]?["tools"]?.array?.compactMap(\.string) == ["sh"])
        #expect(json["plugin"]?["denied_tools"]?.array?.compactMap(\.string) == ["sh"])
        // Which others a rule denies does not matter.
        world.plain.bio.environment["BIO_PLUGIN_POLICY"] = try world.write(
            "[[rule]]\nmatch = \"*\"\naction = \"deny-tools\"\ntools = [\"cc\"]\nreason = \"r\"\n", to: "other.toml")
        #expect(try world.export(["acme/app"]).code == 0)
    }

    @Test func theProvenanceSaysWhatRan() throws {
        let world = try World()
        #expect(try world.export(["acme/app", "--provenance"]).code == 0)
        let statement = try DocumentValue(
            json: String(decoding: try contents(of: "\(world.plain.out)/letter.provenance.json"), as: UTF8.self))
        let inner = statement["predicate"]?["buildDefinition"]?["internalParameters"]
        #expect(inner?["tools"]?.array?.compactMap(\.string) == ["sh"])
    }

    // MARK: - Registries

    @Test(arguments: [TestRegistry.Kind.plain, .basic, .token])
    func anArtifactIsInTheRegistry(_ kind: TestRegistry.Kind) throws {
        let registry = try TestRegistry.shared(kind)
        let world = try World()
        var words = ["acme/app", "--push", "oci://\(registry.host)/post/\(kind.rawValue)", "--format", "json"]
        if kind != .plain {
            words += ["-U", TestRegistry.user, "--password-stdin"]
            words += ["--registry-ca-cert-path", try TestCertificates.shared().file("authority.pem")]
        }
        let outcome = try world.export(words, input: "\(TestRegistry.password)\n")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(!outcome.errors.contains(TestRegistry.password))
        let artifacts = try DocumentValue(json: outcome.output)["artifacts"]?.array ?? []
        let pushed = try #require(artifacts.last)
        let name = "\(registry.host)/post/\(kind.rawValue)/letter"
        #expect(pushed["kind"]?.string == "letter" && pushed["reference"]?.string?.hasPrefix("\(name)@sha256:") == true)

        let manifest = try DocumentValue(json: try registry.skopeoManifest("\(name):1.0_2").text)
        #expect(manifest["config"]?["mediaType"]?.string == "application/vnd.biome.test.config+json")
        #expect(manifest["layers"]?.array?.count == 1)
        let place = world.plain.file("pulled")
        let copied = try registry.skopeoCopy("docker://\(name):1.0_2", "dir:\(place)")
        #expect(copied.code == 0, "\(copied.errorText)")
        let blob = try #require(manifest["layers"]?.array?.first?["digest"]?.string?.split(separator: ":").last)
        #expect(
            String(decoding: try contents(of: "\(place)/\(blob)"), as: UTF8.self) == "dear reader,\nnote: none\n")
    }

    /// What is wrong with the options is said before anything is done, in a dry run too.
    @Test(arguments: [
        (["--push", "registry.example/x"], "'registry.example/x' is no place in a registry"),
        (["--push", "oci://registry.example/x", "-U", "me"], "--username without a password"),
        (["--push", "oci://registry.example/x", "--password", "x"], "a password without --username"),
    ]) func wrongOptionsAreSaidAtOnce(_ words: [String], _ text: String) throws {
        let world = try World()
        for more in [[], ["--dry-run"]] {
            let outcome = try world.export(["acme/app"] + words + more)
            #expect(outcome.code == 64 && outcome.output.isEmpty && outcome.errors.contains(text), "\(outcome.errors)")
        }
        #expect(try Directory.names(world.plain.out) == [])
    }

    /// Nothing of a result is in its place when a part of it cannot be.
    @Test func aRegistryThatRefusesLeavesNoFile() throws {
        let registry = try TestRegistry.shared(.basic)
        let world = try World()
        let outcome = try world.export([
            "acme/app", "--push", "oci://\(registry.host)/post/refused", "--registry-ca-cert-path",
            try TestCertificates.shared().file("authority.pem"),
        ])
        #expect(outcome.code == 6 && outcome.output.isEmpty, "\(outcome.errors)")
        #expect(try Directory.names(world.plain.out) == [])
        let nobody = try world.export(["acme/app", "--push", "oci://127.0.0.1:9/post"])
        #expect(nobody.code == 1 && nobody.output.isEmpty, "\(nobody.errors)")
        #expect(try Directory.names(world.plain.out) == [])
    }
}
