// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioPackage
import BioSystem
import BioTestSupport
import Testing

@Suite struct PackageUninstallTests {
    private let directory: CLIScratch
    private let keys: TestKeys
    private let base = "acme/base/1.0/20260101000000"
    private let app = "acme/app/2.0/20260101000000"

    init() throws {
        directory = try CLIScratch()
        keys = try TestKeys(in: "\(directory.path)/root/hab/cache/keys")
    }

    private func world(_ variables: [String: String] = [:]) -> World {
        World(
            variables: ["FS_ROOT": "\(directory.path)/root", "PATH": "/usr/bin:/bin"].merging(variables) { $1 },
            userID: 0)
    }

    private func install(_ files: [PackageFixture.File] = [.init("bin/app", "", mode: 0o755)]) throws {
        try PackageFixture(base).artifact(in: "\(directory.path)/in", keys: keys)
        var fixture = PackageFixture(app, tdeps: [base], files: files)
        fixture.metafiles = ["PATH": "/hab/pkgs/\(app)/bin\n"]
        let path = try fixture.artifact(in: "\(directory.path)/in", keys: keys)
        #expect(world().run("pkg", "install", path, "--binlink") == .done)
    }

    private func isThere(_ ident: String) throws -> Bool {
        try FileStatus.of("\(directory.path)/root/hab/pkgs/\(ident)") != nil
    }

    @Test func removesAPackageAndWhatItAloneNeeds() throws {
        try install()
        let world = world()
        #expect(world.run("pkg", "uninstall", "acme/app") == .done)
        #expect(world.standardOutput == "\(app)\n\(base)\n")
        #expect(
            world.standardError
                == """
                » Uninstalling acme/app
                ✓ Deleted \(app)
                ✓ Deleted \(base)
                Ø '\(directory.path)/root/bin/app' leads into '\(app)', which is gone: remove it, or link another release
                ★ Uninstall of acme/app complete with 2 packages removed.

                """)
        #expect(try !isThere("acme") && FileStatus.of("\(directory.path)/root/hab/receipts/acme") == nil)
    }

    @Test func aDryRunRemovesNothing() throws {
        try install()
        let world = world()
        #expect(world.run("uninstall", "acme/app", "-d", "--format", "json") == .done)
        let result = try DocumentValue(json: world.standardOutput)
        #expect(result["dry_run"] == true && result["kept"] == [])
        #expect(result["packages"]?.array?.map { $0["ident"] } == [.string(app), .string(base)])
        #expect(world.standardError.contains("☒ Deleting \(app) (dry run, nothing is removed)"))
        #expect(try isThere(app) && isThere(base))
    }

    @Test func optionsKeepPackages() throws {
        try install()
        let exclude = world()
        #expect(exclude.run("pkg", "uninstall", "acme/app", "--exclude", "acme/base", "--dryrun") == .done)
        #expect(exclude.standardOutput == "\(app)\n")
        #expect(exclude.standardError.contains("\(base): kept by --exclude\n"))
        let json = world()
        #expect(
            json.run("pkg", "uninstall", "acme/app", "--exclude", "acme/base", "--dryrun", "--format", "json") == .done)
        #expect(
            try DocumentValue(json: json.standardOutput)["kept"] == [["ident": .string(base), "reason": "excluded"]])
        let alone = world()
        #expect(alone.run("pkg", "uninstall", app, "--no-deps") == .done)
        #expect(alone.standardOutput == "\(app)\n")
        #expect(try isThere(base))
    }

    @Test func theNewestReleasesStay() throws {
        for version in ["1.9", "1.10", "1.11"] {
            let path = try PackageFixture("acme/tool/\(version)/1").artifact(in: "\(directory.path)/in", keys: keys)
            #expect(world().run("pkg", "install", path) == .done)
        }
        let world = world()
        #expect(world.run("pkg", "uninstall", "acme/tool", "--keep-latest", "1") == .done)
        #expect(world.standardOutput == "acme/tool/1.10/1\nacme/tool/1.9/1\n")
        #expect(try isThere("acme/tool/1.11/1"))
    }

    @Test func refusesWhatIsInUse() throws {
        try install()
        let needed = world()
        #expect(needed.run("pkg", "uninstall", "acme/base") == .failure)
        #expect(needed.standardError.contains("'\(base)' is needed by '\(app)'"))
        #expect(needed.standardError.contains("hint: uninstall that first: bio pkg uninstall \(app)"))
        let specs = "\(directory.path)/root/hab/sup/default/specs"
        try Directory.create(specs)
        try AtomicFile.write(Array("ident = \"acme/app\"\n".utf8), to: "\(specs)/app.spec")
        let loaded = world()
        #expect(loaded.run("pkg", "uninstall", "acme/app") == .failure)
        #expect(loaded.standardError.contains("is loaded as a service by '\(specs)/app.spec'"))
        #expect(try isThere(app) && isThere(base))
    }

    private func load(_ ident: String, _ name: String) throws -> String {
        let specs = "\(directory.path)/root/hab/sup/default/specs"
        try Directory.create(specs)
        try AtomicFile.write(Array("ident = \"\(ident)\"\n".utf8), to: "\(specs)/\(name).spec")
        return "\(specs)/\(name).spec"
    }

    @Test func aLoadedDependencyStays() throws {
        try install()
        _ = try load("acme/base", "base")
        let world = world()
        #expect(world.run("pkg", "uninstall", "acme/app") == .done)
        #expect(world.standardOutput == "\(app)\n")
        #expect(world.standardError.contains("\(base): its service is loaded\n"))
        #expect(try isThere(base))
    }

    @Test func aSpecThatCannotBeReadIsInTheWayOfItsPackageOnly() throws {
        try install()
        let own = try load("", "app")
        let refused = world()
        #expect(refused.run("pkg", "uninstall", "acme/app") == .failure)
        #expect(refused.standardError.contains("'\(own)' names no package"))
        try Directory.remove(own)
        let other = try load("", "other")
        let world = world()
        #expect(world.run("pkg", "uninstall", "acme/app") == .done)
        #expect(world.standardError.contains("'\(other)' does not say which service is loaded"))
        #expect(world.standardOutput == "\(app)\n\(base)\n")
    }

    @Test func theProgramDoesNotRemoveItself() throws {
        let program = "\(Flavour.biome.cliPackage)/1.0/20260101000000"
        try PackageFixture(program).artifact(in: "\(directory.path)/in", keys: keys)
        let path = try PackageFixture(app, tdeps: [program]).artifact(in: "\(directory.path)/in", keys: keys)
        #expect(world().run("pkg", "install", path) == .done)
        let asked = world()
        #expect(asked.run("pkg", "uninstall", program) == .failure)
        #expect(asked.standardError.contains("is this program, which does not remove itself"))
        let world = world()
        #expect(world.run("pkg", "uninstall", "acme/app") == .done)
        #expect(world.standardError.contains("\(program): it is this program\n"))
        #expect(try isThere(program) && !isThere(app))
    }

    @Test func refusesWhatIsNotThere() throws {
        try install()
        try Directory.create("\(directory.path)/root/hab/pkgs/acme/other/1/2")
        for (words, code, message) in [
            (["acme/none"], ExitCode.packageNotFound, "'acme/none' is not installed"),
            (["acme/other/1/2"], .failure, "is in the way: it is no package for this platform"),
            (["acme/app", "--exclude", "acme/app"], .usage, "--exclude acme/app keeps it"),
            ([app, "--keep-latest", "1"], .usage, "--keep-latest wants an ident without a release"),
            (["acme"], .usage, "is not a package ident"), (["acme/app", "--exclude", "x"], .usage, "'x'"),
            (["acme/app", "--keep-latest", "0"], .usage, "keep-latest"),
        ] {
            let world = world()
            #expect(
                Program.run(["pkg", "uninstall"] + words, tree: CommandTree.root, context: world.context) == code)
            #expect(world.standardError.contains(message), "\(world.standardError)")
            #expect(world.standardOutput.isEmpty)
        }
    }

    @Test func theHookRunsBeforeAndMayRefuse() throws {
        let script = "#!/bin/sh\necho {{pkg.name}} >>\(directory.path)/ran\ntest ! -e \(directory.path)/refuse\n"
        try install([.init("hooks/uninstall", script)])
        try AtomicFile.write([], to: "\(directory.path)/refuse")
        let refused = world()
        #expect(refused.run("pkg", "uninstall", "acme/app") == .failure)
        #expect(refused.standardError.contains("the uninstall hook of '\(app)' failed: it ended with exit code 1"))
        #expect(refused.standardError.contains("--ignore-uninstall-hook removes the package without it"))
        #expect(try isThere(app))
        try Directory.remove("\(directory.path)/refuse")
        #expect(world().run("pkg", "uninstall", "acme/app", "--dryrun") == .done)
        #expect(world().run("pkg", "uninstall", "acme/app") == .done)
        #expect(try contents(of: "\(directory.path)/ran") == Array("app\napp\n".utf8))
        #expect(try !isThere(app))
    }

    /// `app` needs `base`; both have a hook, and that of `base` does `script`.
    private func installHooks(base script: String) throws {
        let note = "#!/bin/sh\necho {{pkg.name}} >>\(directory.path)/ran\n"
        try PackageFixture(base, files: [.init("hooks/uninstall", note + script)])
            .artifact(in: "\(directory.path)/in", keys: keys)
        let path = try PackageFixture(app, tdeps: [base], files: [.init("hooks/uninstall", note)])
            .artifact(in: "\(directory.path)/in", keys: keys)
        #expect(world().run("pkg", "install", path) == .done)
    }

    @Test func aPackageWhoseHookRanIsGoneWhenALaterHookFails() throws {
        try installHooks(base: "exit 5\n")
        let world = world()
        #expect(world.run("pkg", "uninstall", "acme/app") == .failure)
        #expect(world.standardError.contains("the uninstall hook of '\(base)' failed: it ended with exit code 5"))
        #expect(world.standardError.contains("removed before that: \(app)\n"))
        #expect(try contents(of: "\(directory.path)/ran") == Array("app\nbase\n".utf8))
        #expect(try !isThere(app) && isThere(base))
    }

    @Test func eachPackageIsThereDuringItsHookAndWhatNeedsItIsGone() throws {
        let root = "\(directory.path)/root/hab/pkgs"
        try installHooks(base: "test -d \(root)/\(base) && test ! -e \(root)/\(app)\n")
        #expect(world().run("pkg", "uninstall", "acme/app") == .done)
        #expect(try !isThere(app) && !isThere(base))
    }

    @Test func theHookMayBeIgnored() throws {
        try install([.init("hooks/uninstall", "#!/bin/sh\nexit 1\n")])
        #expect(world().run("pkg", "uninstall", "acme/app", "--ignore-uninstall-hook") == .done)
        #expect(try !isThere(app))
    }

    @Test func nothingGoesWhenInterrupted() throws {
        try install()
        let world = world()
        world.flag.set()
        #expect(world.run("pkg", "uninstall", "acme/app") == .interrupted)
        #expect(try isThere(app) && isThere(base))
    }
}
