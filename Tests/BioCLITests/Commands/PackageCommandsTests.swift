// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// The commands that look at artifacts and at what is installed, over packages made here.
@Suite struct PackageCommandsTests {
    private let directory: CLIScratch
    private let keys: TestKeys

    init() throws {
        directory = try CLIScratch()
        keys = try TestKeys(in: "\(directory.path)/root/hab/cache/keys")
    }

    private func world(_ variables: [String: String] = [:], userID: UInt32 = 0) -> World {
        World(
            variables: ["FS_ROOT": "\(directory.path)/root", "HOME": "\(directory.path)/home"].merging(variables) {
                $1
            },
            userID: userID)
    }

    private func artifact(_ ident: String, tdeps: [String] = [], in folder: String = "in") throws -> String {
        try PackageFixture(ident, tdeps: tdeps).artifact(in: "\(directory.path)/\(folder)", keys: keys)
    }

    // MARK: - install

    @Test func installsAnArtifactWithItsDependencies() throws {
        _ = try artifact("acme/base/1.0/20260101000000")
        let path = try artifact("acme/app/2.0/20260101000000", tdeps: ["acme/base/1.0/20260101000000"])
        let install = world()
        #expect(install.run("pkg", "install", path) == .done)
        #expect(install.standardOutput == "acme/app/2.0/20260101000000\n")
        #expect(install.standardError.hasPrefix("» Installing \(path)\n☛ Verifying \(path)\n"))
        #expect(install.standardError.contains("✓ Installed acme/base/1.0/20260101000000\n"))
        #expect(
            install.standardError.hasSuffix(
                "★ Install of acme/app/2.0/20260101000000 complete with 2 new packages installed.\n"))
        let again = world()
        #expect(again.run("install", "acme/app", "--format", "json") == .done)
        let result = try DocumentValue(json: again.standardOutput)["packages"]?.array?.first
        #expect(result?["ident"] == "acme/app/2.0/20260101000000")
        #expect(result?["installed"] == [])
        #expect(result?["present"]?.array?.count == 2)
    }

    @Test func theNewestOfInstalledAndCachedWins() throws {
        #expect(world().run("pkg", "install", try artifact("acme/app/1.0/20260101000000")) == .done)
        _ = try artifact("acme/app/1.10/20260101000000", in: "root/hab/cache/artifacts")
        _ = try artifact("acme/app/1.9/20260101000000", in: "root/hab/cache/artifacts")
        let install = world()
        #expect(install.run("pkg", "install", "acme/app") == .done)
        #expect(install.standardOutput == "acme/app/1.10/20260101000000\n")
        let older = world()
        #expect(older.run("pkg", "install", "acme/app/1.0") == .done)
        #expect(older.standardOutput == "acme/app/1.0/20260101000000\n")
    }

    @Test func bringsBackDependenciesThatAreGone() throws {
        _ = try artifact("acme/base/1.0/20260101000000")
        let path = try artifact("acme/app/2.0/20260101000000", tdeps: ["acme/base/1.0/20260101000000"])
        #expect(world().run("pkg", "install", path) == .done)
        let base = "\(directory.path)/root/hab/pkgs/acme/base"
        try Directory.remove(base)
        let again = world()
        #expect(again.run("pkg", "install", "acme/app") == .done)
        #expect(again.standardError.contains("complete with 1 new package installed."))
        try Directory.remove(base)
        try Directory.remove("\(directory.path)/root/hab/cache/artifacts")
        let lost = world()
        #expect(lost.run("pkg", "install", "acme/app") == .packageNotFound)
        #expect(lost.standardError.contains("acme/base/1.0/20260101000000"))
    }

    @Test func aSlipInTheLastNameStopsBeforeTheFirst() throws {
        let path = try artifact("acme/app/2.0/20260101000000")
        let install = world()
        #expect(install.run("pkg", "install", path, "acme") == .usage)
        #expect(try FileStatus.of("\(directory.path)/root/hab/pkgs") == nil)
    }

    @Test func keysMayBeElsewhere() throws {
        let other = try TestKeys(in: "\(directory.path)/elsewhere", origin: "other")
        let path = try PackageFixture("other/app/1/2").artifact(in: "\(directory.path)/in", keys: other)
        let stranger = world()
        #expect(stranger.run("pkg", "install", path) == .trustRefused)
        #expect(stranger.standardError.contains("public key 'other-20260101000000' is missing"))
        #expect(try FileStatus.of("\(directory.path)/root/hab/pkgs") == nil)
        #expect(world().run("pkg", "install", "--cache-key-path", "\(directory.path)/elsewhere", path) == .done)
        try Directory.remove("\(directory.path)/root/hab/pkgs")
        #expect(world(["HAB_CACHE_KEY_PATH": "\(directory.path)/elsewhere"]).run("pkg", "install", path) == .done)
    }

    @Test func nothingAppearsWhenInterrupted() throws {
        let path = try artifact("acme/app/2.0/20260101000000")
        let install = world()
        install.flag.set()
        #expect(install.run("pkg", "install", path) == .interrupted)
        #expect(install.standardOutput.isEmpty)
        #expect(world().run("pkg", "path", "acme/app") == .packageNotFound)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let name: String
        let code: ExitCode
        let message: String
        var testDescription: String { name }
    }

    @Test(arguments: [
        Refusal(name: "nothing.hart", code: .packageNotFound, message: "there is no file 'nothing.hart'"),
        Refusal(name: "/etc", code: .failure, message: "'/etc' is not a regular file, so it is no artifact"),
        Refusal(name: "/etc/passwd", code: .failure, message: "'/etc/passwd' is not a package artifact"),
        Refusal(name: "acme/nothing", code: .packageNotFound, message: "no Builder is contacted yet"),
        Refusal(name: "acme", code: .usage, message: "hint: an ident is origin/name"),
        Refusal(name: "Acme/app", code: .usage, message: "hint: origins are written in lower case"),
        Refusal(name: "acme/../app", code: .usage, message: "'acme/../app' is not a package ident"),
    ])
    func refusesToInstall(_ row: Refusal) {
        let install = world()
        #expect(install.run("pkg", "install", row.name) == row.code)
        #expect(install.standardError.contains(row.message), "\(install.standardError)")
        #expect(install.standardOutput.isEmpty)
    }

    // MARK: - list, path, info

    @Test func listsInOrder() throws {
        for ident in ["acme/b/1.10/1", "acme/b/1.9/1", "acme/a/1/1"] {
            #expect(world().run("pkg", "install", try artifact(ident)) == .done)
        }
        let other = try TestKeys(in: "\(directory.path)/root/hab/cache/keys", origin: "zoo")
        let zoo = try PackageFixture("zoo/a/1/1").artifact(in: "\(directory.path)/in", keys: other)
        #expect(world().run("pkg", "install", zoo) == .done)
        for (words, expected) in [
            (["--all"], "acme/a/1/1\nacme/b/1.9/1\nacme/b/1.10/1\nzoo/a/1/1\n"),
            ([], "acme/a/1/1\nacme/b/1.9/1\nacme/b/1.10/1\nzoo/a/1/1\n"),
            (["-o", "zoo"], "zoo/a/1/1\n"), (["acme/b"], "acme/b/1.9/1\nacme/b/1.10/1\n"),
            (["acme/b/1.9"], "acme/b/1.9/1\n"), (["acme/c"], ""),
        ] {
            let list = world()
            #expect(Program.run(["pkg", "list"] + words, tree: CommandTree.root, context: list.context) == .done)
            #expect(list.standardOutput == expected)
            #expect(list.standardError.isEmpty)
        }
        let json = world()
        #expect(json.run("pkg", "list", "zoo/a", "--format", "json") == .done)
        let package = try DocumentValue(json: json.standardOutput)["packages"]?.array?.first
        #expect(package?["path"]?.string == "\(directory.path)/root/hab/pkgs/zoo/a/1/1")
        let path = world()
        #expect(path.run("pkg", "path", "acme/b") == .done)
        #expect(path.standardOutput == "\(directory.path)/root/hab/pkgs/acme/b/1.10/1\n")
    }

    @Test(arguments: [["pkg", "list", "a/b", "-a"], ["pkg", "list", "-a", "-o", "x"]])
    func listWantsOneSelectionAtMost(_ words: [String]) {
        #expect(Program.run(words, tree: CommandTree.root, context: world().context) == .usage)
    }

    @Test func describesArtifactAndInstallationAlike() throws {
        var fixture = PackageFixture("acme/app/2.0/20260101000000")
        fixture.metafiles = ["EXPOSES": "80 443\n", "SVC_USER": "hab\n", "SVC_GROUP": "hab\n", "EXPORTS": "port=a.b\n"]
        let path = try fixture.artifact(in: "\(directory.path)/in", keys: keys)
        let artifact = world()
        #expect(artifact.run("pkg", "info", path, "--json") == .done)
        let one = try DocumentValue(json: artifact.standardOutput)
        #expect(one["format_version"] == "HART-1" && one["verified"] == false)
        #expect(one["exposes"] == [80, 443] && one["is_a_service"] == true && one["svc_user"] == "hab")
        #expect(world().run("pkg", "install", path) == .done)
        let installed = world()
        #expect(installed.run("pkg", "info", "acme/app", "--format", "json") == .done)
        let two = try DocumentValue(json: installed.standardOutput)
        #expect(two["verified"] == true)
        for key in ["ident", "target", "key_name", "checksum", "artifact_size", "exposes", "exports", "tdeps"] {
            #expect(one[key] == two[key] && one[key] != nil, "\(key)")
        }
        let text = world()
        #expect(text.run("pkg", "info", "acme/app") == .done)
        #expect(text.standardOutput.contains("Ports          : 80\n               : 443\n"))
        #expect(text.standardOutput.contains("Exports        : port=a.b\n"))
    }

    // MARK: - sign, verify, header

    @Test func signsWhatItThenVerifies() throws {
        try AtomicFile.write(Array("foo\n".utf8), to: "\(directory.path)/signme")
        let target = "\(directory.path)/signed.hart"
        let sign = world(["HAB_ORIGIN": "acme"])
        #expect(sign.run("pkg", "sign", "\(directory.path)/signme", target) == .done)
        #expect(sign.standardOutput == "\(target)\n")
        let verify = world()
        #expect(verify.run("pkg", "verify", target) == .done)
        #expect(
            verify.standardOutput
                == "20590a52c4f00588c500328b16d466c982a26fabaa5fa4dcc83052dd0a84f233  acme-20260101000000\n")
        let header = world()
        #expect(header.run("pkg", "header", target, "--format", "json") == .done)
        let fields = try DocumentValue(json: header.standardOutput)
        #expect(fields["key_name"] == "acme-20260101000000" && fields["format_version"] == "HART-1")
        #expect(fields["claimed_hash"]?.string?.hasPrefix("20590a52") == true)
        let text = world()
        #expect(text.run("pkg", "header", target) == .done)
        #expect(text.standardOutput.contains("Key Name       : acme-20260101000000\nHash Type      : BLAKE2b\n"))
    }

    @Test func refusesToSign() throws {
        try AtomicFile.write([1], to: "\(directory.path)/in")
        for (words, code, message) in [
            (["in", "in"], ExitCode.usage, "are the same file"), (["nothing", "out"], .failure, "No such file"),
            (["in", "."], .failure, "Is a directory"), (["in", "no/where"], .failure, "No such file"),
        ] {
            let sign = world()
            let paths = words.map { "\(directory.path)/\($0)" }
            #expect(
                Program.run(["pkg", "sign", "-o", "acme"] + paths, tree: CommandTree.root, context: sign.context)
                    == code)
            #expect(sign.standardError.contains(message), "\(sign.standardError)")
        }
        let stranger = world()
        #expect(
            stranger.run("pkg", "sign", "-o", "acm", "\(directory.path)/in", "\(directory.path)/out") == .trustRefused)
        #expect(stranger.standardError.contains("hint: make a key pair: bio origin key generate acm"))
        #expect(try FileStatus.of("\(directory.path)/out") == nil)
    }

    @Test func refusesWhatWasAltered() throws {
        let path = try artifact("acme/app/1/1")
        var bytes = try FileDescriptor.open(path).readToEnd(limit: 1 << 20)
        bytes[bytes.count - 1] ^= 1
        try AtomicFile.write(bytes, to: path)
        for command in ["verify", "install"] {
            let world = world()
            #expect(world.run("pkg", command, path) == .trustRefused)
            #expect(world.standardError.contains("was altered after it was signed"))
            #expect(world.standardOutput.isEmpty)
        }
        #expect(try FileStatus.of("\(directory.path)/root/hab/pkgs/acme/app/1/1") == nil)
    }
}
