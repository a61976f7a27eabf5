// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `bio plugin sign|verify|install|update|uninstall`, from the author's directory to the exported file.
@Suite(.timeLimit(.minutes(15))) struct PluginInstallCommandTests {
    private static let id = "org.example.parcel"

    /// An author, a user with a package to export, and what they hand each other.
    private struct World: ~Copyable {
        let user: PluginWorld
        let installed: String

        init() throws {
            var world = try PluginWorld()
            world.bio.environment["BIO_PLUGIN_PATH"] = nil
            world.bio.environment["HAB_CACHE_KEY_PATH"] = world.file("keys")
            _ = try TestKeys(in: world.file("keys"))
            installed = world.file("home/.local/share/bio/plugins/\(PluginInstallCommandTests.id)")
            user = world
        }

        /// A directory as the author builds it.
        func build(_ name: String = "parcel", variant: String? = nil, version: String = "1.0.0") throws -> String {
            let plugin = try CPlugin(
                "parcel", variant: variant, id: PluginInstallCommandTests.id, in: user.file("author-\(name)"))
            let manifest = CPlugin.manifest(id: PluginInstallCommandTests.id, name: "parcel")
                .replacing("0.0.1", with: version)
            try AtomicFile.write(Array(manifest.utf8), to: "\(plugin.directory)/plugin.toml")
            return plugin.directory
        }

        func signed(_ name: String = "parcel", variant: String? = nil, version: String = "1.0.0") throws -> String {
            let directory = try build(name, variant: variant, version: version)
            #expect(try user.bio.run("plugin", "sign", directory, "--key", "acme").code == 0)
            return directory
        }

        /// What the plugin writes: its version, what it read, and where it was loaded from.
        func export() throws -> (outcome: Command.Outcome, facts: [String: String]) {
            let outcome = try user.bio.run(
                "pkg", "export", "parcel", "acme/app", "-o", user.out, "--results", user.file("results"))
            let path = "\(user.out)/parcel.txt"
            guard try FileStatus.of(path) != nil else { return (outcome, [:]) }
            let text = String(decoding: try contents(of: path), as: UTF8.self)
            let pairs = text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
            return (outcome, Dictionary(uniqueKeysWithValues: pairs.map { (String($0[0]), String($0[1])) }))
        }

        /// Nothing in the place but what is in use, and no file of the work.
        func expectClean(_ names: [String] = [], location: SourceLocation = #_sourceLocation) throws {
            let place = user.file("home/.local/share/bio/plugins")
            let found = try FileStatus.of(place) == nil ? [] : try Directory.names(place)
            #expect(found.map { String(decoding: $0, as: UTF8.self) } == names, sourceLocation: location)
            #expect(try Directory.names(user.file("tmp")) == [], sourceLocation: location)
        }
    }

    @Test func whatIsSignedIsInstalledAndItsVerifiedBytesRun() throws {
        let world = try World()
        let install = try world.user.bio.run("plugin", "install", try world.signed(), "--yes")
        #expect(install.code == 0 && install.output == "\(world.installed)\n", "\(install.errors)")
        for line in [
            "plugin    org.example.parcel 1.0.0", "formats   parcel", "signed    with the key acme-20260101000000",
        ] { #expect(install.errors.contains(line), "\(install.errors)") }
        let (outcome, facts) = try world.export()
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(facts["version"] == "1.0.0")
        // Sealed memory, not the file that somebody may change meanwhile.
        #expect(facts["mapped"]?.hasPrefix("/proc/self/fd/") == true, "\(facts)")
        #expect(facts["directory"]?.hasPrefix(world.user.file("tmp")) == true, "\(facts)")
        try world.expectClean([".receipts", Self.id])
    }

    @Test func aBundleWithDataRunsOnCopiesOfItsVerifiedFiles() throws {
        let world = try World()
        let directory = try world.build()
        try AtomicFile.write(Array("hello\n".utf8), to: "\(directory)/greeting.txt")
        #expect(try world.user.bio.run("plugin", "sign", directory, "--key", "acme-20260101000000").code == 0)
        #expect(try world.user.bio.run("plugin", "install", directory, "-y").code == 0)
        let (_, facts) = try world.export()
        #expect(facts["greeting"] == "hello")
        try AtomicFile.write(Array("howdy\n".utf8), to: "\(world.installed)/greeting.txt")
        let (outcome, _) = try world.export()
        #expect(outcome.code == 4, "\(outcome.errors)")
        #expect(outcome.errors.contains("plugin 'org.example.parcel' was altered"))
        #expect(outcome.errors.contains("\(world.installed)/greeting.txt"))
    }

    @Test func aLibraryThatWasChangedDoesNotRun() throws {
        let world = try World()
        #expect(try world.user.bio.run("plugin", "install", try world.signed(), "-y").code == 0)
        // As long as before: no listing can see it.
        let library = "\(world.installed)/libparcel.so"
        var bytes = try contents(of: library)
        bytes[bytes.count / 2] ^= 1
        try AtomicFile.write(bytes, to: library, mode: 0o755)
        let (outcome, facts) = try world.export()
        #expect(outcome.code == 4 && facts.isEmpty, "\(outcome.errors)")
        #expect(outcome.errors.contains("'\(library)' is not the file that was signed or installed [BIO-P-003]"))
        let verify = try world.user.bio.run("plugin", "verify", Self.id)
        #expect(verify.code == 4 && verify.errors.contains("changed 'libparcel.so'"), "\(verify.errors)")
        let again = try world.user.bio.run("plugin", "install", try world.signed(), "-y", "--force")
        #expect(again.code == 0, "\(again.errors)")
        #expect(try world.export().outcome.code == 0)
    }

    @Test func whatNobodySignedIsRefusedUnlessItIsAskedFor() throws {
        let world = try World()
        let directory = try world.build()
        let refused = try world.user.bio.run("plugin", "install", directory, "--yes")
        #expect(refused.code == 4 && refused.errors.contains("is not signed [BIO-P-004]"), "\(refused.errors)")
        try world.expectClean()
        let accepted = try world.user.bio.run("plugin", "install", directory, "--yes", "--allow-unsigned")
        #expect(accepted.code == 0 && accepted.errors.contains("by nobody"), "\(accepted.errors)")
        #expect(try world.export().facts["version"] == "1.0.0")
        let verify = try world.user.bio.run("plugin", "verify", world.installed)
        #expect(verify.output == "org.example.parcel 1.0.0: 2 files, not signed, and accepted as they are\n")
        // Those bytes were accepted, and no others.
        try AtomicFile.write(Array("x".utf8), to: "\(world.installed)/libparcel.so")
        #expect(try world.export().outcome.code != 0)
    }

    @Test func aCopyOfABundleIsNoInstallation() throws {
        let world = try World()
        let directory = try world.build()
        let place = world.user.file("home/.local/share/bio/plugins")
        try Directory.create(place)
        #expect(try Tool.run(["cp", "-r", directory, "\(place)/copy"]).code == 0)
        let (outcome, facts) = try world.export()
        #expect(outcome.code != 0 && facts.isEmpty, "\(outcome.errors)")
        #expect(try world.user.bio.run("plugin", "list").output.contains("unsigned"))
    }

    @Test func nothingIsInstalledBeforeTheUserAgrees() throws {
        let world = try World()
        let directory = try world.signed()
        let outcome = try world.user.bio.run("plugin", "install", directory)
        #expect(outcome.code == 64 && outcome.errors.contains("say --yes"), "\(outcome.errors)")
        try world.expectClean()
        let environment = world.user.bio.environment.merging(["TERM": "dumb"]) { $1 }
        for (answer, code) in [("n", 1), ("", 1), ("y", 0)] {
            let script = "\(Command.program) plugin install \(directory); echo \"ended $?\""
            let typed = try Tool.run(
                ["\(SourceTree.root)/Tests/Support/terminal", "--type", answer, "/bin/sh", "-c", script],
                environment: environment)
            #expect(typed.text.contains("Install it? [y/N] "), "\(typed.text)")
            #expect(typed.text.contains("ended \(code)"), "\(typed.text)")
            try world.expectClean(code == 0 ? [".receipts", Self.id] : [])
        }
    }

    @Test func anUpdateGoesForwardUnderTheSameKey() throws {
        let world = try World()
        let one = try world.signed()
        let two = try world.signed("two", variant: "TWO", version: "2.0.0")
        let bio = world.user.bio
        #expect(try bio.run("plugin", "update", two, "-y").code == 1)
        #expect(try bio.run("plugin", "install", one, "-y").code == 0)
        let refused = try bio.run("plugin", "install", two, "-y")
        #expect(refused.code == 1 && refused.errors.contains("bio plugin update"), "\(refused.errors)")
        let update = try bio.run("plugin", "update", two, "-y", "--format", "json")
        #expect(update.code == 0, "\(update.errors)")
        #expect(try DocumentValue(json: update.output)["replaced"]?.string == "1.0.0")
        #expect(try world.export().facts["version"] == "2.0.0")
        let back = try bio.run("plugin", "update", one, "-y")
        #expect(back.code == 1 && back.errors.contains("1.0.0 is not newer than 2.0.0"), "\(back.errors)")
        #expect(try bio.run("plugin", "update", one, "-y", "--force").code == 0)
        #expect(try bio.run("plugin", "uninstall", Self.id).output == "\(Self.id)\n")
        try world.expectClean()
    }

    @Test func anotherKeyMustBeNamed() throws {
        let world = try World()
        let one = try world.signed()
        let two = try world.build("two", variant: "TWO", version: "2.0.0")
        let bio = world.user.bio
        #expect(try bio.run("plugin", "install", one, "-y").code == 0)
        #expect(try bio.run("origin", "key", "generate", "stranger").code == 0)
        #expect(try bio.run("plugin", "sign", two, "--key", "stranger").code == 0)
        let refused = try bio.run("plugin", "update", two, "-y")
        #expect(refused.code == 4 && refused.errors.contains("--accept-key stranger-"), "\(refused.errors)")
        #expect(try world.export().facts["version"] == "1.0.0")
        let accepted = try bio.run("plugin", "update", two, "-y", "--accept-key", "stranger")
        #expect(accepted.code == 0, "\(accepted.errors)")
    }

    @Test func aKeyThatIsNotHereIsNamedWithTheNextStep() throws {
        let world = try World()
        let directory = try world.signed()
        unlink("\(world.user.file("keys"))/acme-20260101000000.pub")
        let outcome = try world.user.bio.run("plugin", "install", directory, "-y")
        #expect(outcome.code == 4)
        #expect(outcome.errors.contains("get 'acme-20260101000000.pub' from the author"), "\(outcome.errors)")
        try world.expectClean()
    }

    @Test(arguments: [
        ("OTHER", "says of itself 'org.example.other 1.0.0'"), ("TWO", "says of itself 'org.example.parcel 2.0.0'"),
        ("CRASHES", "crashed with signal SIGABRT in describe"),
    ])
    func aLibraryThatSaysOtherwiseIsNotInstalled(variant: String, text: String) throws {
        let world = try World()
        let outcome = try world.user.bio.run("plugin", "install", try world.signed(variant: variant), "-y")
        #expect(outcome.code == 5 && outcome.errors.contains(text), "\(outcome.errors)")
        try world.expectClean()
    }

    @Test(arguments: ["czf", "cJf", "cf"]) func anArchiveOfADirectoryIsOneToo(mode: String) throws {
        let world = try World()
        let directory = try world.signed()
        let archive = world.user.file("parcel.tar")
        #expect(try Tool.run(["tar", "-C", "\(directory)/..", "-\(mode)", archive, "parcel"]).code == 0)
        let outcome = try world.user.bio.run("plugin", "install", archive, "-y")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try world.export().facts["version"] == "1.0.0")
    }

    @Test func aPackageVouchesAndUpdatesByItsIdent() throws {
        let world = try World()
        let bio = world.user.bio
        let keys = try TestKeys(in: world.user.file("other-keys"), origin: "acme", revision: "20260102000000")
        for name in ["acme-20260102000000.pub"] {
            try AtomicFile.write(
                try contents(of: "\(keys.ring.directory)/\(name)"), to: "\(world.user.file("keys"))/\(name)")
        }
        let cache = world.user.file("root/hab/cache/artifacts")
        func publish(_ version: String, _ directory: String) throws {
            var package = PackageFixture("acme/parcel/\(version)/20260101000001", files: [])
            let library = try contents(of: "\(directory)/libparcel.so")
            let manifest = try contents(of: "\(directory)/plugin.toml")
            package.extra = { tar, prefix in
                let place = "\(prefix)/lib/bio/plugins/org.example.parcel"
                tar.header(RawTar.Header("\(place)/libparcel.so", size: library.count, mode: 0o755))
                tar.body(library)
                tar.header(RawTar.Header("\(place)/plugin.toml", size: manifest.count))
                tar.body(manifest)
            }
            try package.artifact(in: cache, keys: keys)
        }
        try publish("1.0.0", try world.build())
        var home = bio
        home.environment["HOME"] = world.user.file("home")
        // Users other than root have caches of their own; what decides is the same.
        let install = try home.run("plugin", "install", "acme/parcel", "-y")
        #expect(install.code == 0, "\(install.errors)")
        #expect(install.errors.contains("package   acme/parcel/1.0.0/20260101000001"))
        #expect(try world.export().facts["version"] == "1.0.0")
        let verify = try home.run("plugin", "verify", world.installed, "--format", "json")
        #expect(try DocumentValue(json: verify.output)["evidence"]?.string == "package", "\(verify.errors)")
        try publish("2.0.0", try world.build("two", variant: "TWO", version: "2.0.0"))
        let update = try home.run("plugin", "update", Self.id, "-y")
        #expect(update.code == 0, "\(update.errors)")
        #expect(try world.export().facts["version"] == "2.0.0")
        let missing = try home.run("plugin", "install", "acme/nothing", "-y")
        #expect(missing.code == 3, "\(missing.errors)")
    }

    /// Whoever is quicker, what is there is one whole version, and its receipt is its own.
    @Test func installationsAtTheSameTimeDoNotMix() throws {
        let world = try World()
        let one = try world.signed()
        let two = try world.signed("two", variant: "TWO", version: "2.0.0")
        let bio = world.user.bio
        #expect(try bio.run("plugin", "install", one, "-y").code == 0)
        let script =
            "for i in 1 2 3 4 5 6; do for d in \(one) \(two); do "
            + "\(Command.program) plugin update $d -y --force >/dev/null 2>&1 & done; done; wait"
        #expect(try Tool.run(["/bin/sh", "-c", script], environment: bio.environment).code == 0)
        let verify = try bio.run("plugin", "verify", Self.id)
        #expect(verify.code == 0, "\(verify.errors)")
        #expect(try Directory.names("\(world.installed)/../.receipts").count == 1)
        try world.expectClean([".receipts", Self.id])
    }

    @Test func aKilledInstallationLeavesTheOldPlugin() throws {
        let world = try World()
        let bio = world.user.bio
        #expect(try bio.run("plugin", "install", try world.signed(), "-y").code == 0)
        let two = try world.signed("two", variant: "TWO", version: "2.0.0")
        for delay in [5, 10, 20, 30, 40, 60, 80] {
            let script =
                "\(Command.program) plugin update \(two) -y --force >/dev/null 2>&1 & p=$!; "
                + "sleep 0.0\(delay < 10 ? "0" : "")\(delay); kill -9 $p; wait $p; true"
            #expect(try Tool.run(["/bin/sh", "-c", script], environment: bio.environment).code == 0)
            let verify = try bio.run("plugin", "verify", world.installed)
            #expect(verify.code == 0, "\(verify.errors)")
            let version = try #require(try world.export().facts["version"])
            #expect(version == "1.0.0" || version == "2.0.0")
        }
        #expect(try bio.run("plugin", "update", two, "-y", "--force").code == 0)
        let place = world.user.file("home/.local/share/bio/plugins")
        #expect(try Directory.names(place).count == 2)
    }

    @Test func removingAsksForNoMoreThanTheIdAndTakesNothingElse() throws {
        let world = try World()
        let bio = world.user.bio
        for id in ["../../x", "x", ""] { #expect(try bio.run("plugin", "uninstall", id).code == 64) }
        let absent = try bio.run("plugin", "uninstall", Self.id)
        #expect(absent.code == 1 && absent.errors.contains("is not installed in"), "\(absent.errors)")
    }
}
