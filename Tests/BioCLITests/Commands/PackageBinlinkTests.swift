// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct PackageBinlinkTests {
    private let directory: CLIScratch
    private let keys: TestKeys
    private let app = "acme/app/2.0/20260101000000"

    init() throws {
        directory = try CLIScratch()
        keys = try TestKeys(in: "\(directory.path)/root/hab/cache/keys")
    }

    private func world(_ variables: [String: String] = [:]) -> World {
        World(variables: ["FS_ROOT": "\(directory.path)/root"].merging(variables) { $1 }, userID: 0)
    }

    private func artifact(_ ident: String, path: String? = nil) throws -> String {
        var fixture = PackageFixture(ident, files: [.init("bin/a", "", mode: 0o755), .init("bin/b", "", mode: 0o755)])
        fixture.metafiles = ["PATH": path ?? "/hab/pkgs/\(ident)/bin\n"]
        return try fixture.artifact(in: "\(directory.path)/in", keys: keys)
    }

    private func target(_ link: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) { readlink("\(directory.path)/root\(link)", $0.baseAddress!, 4096) }
        }
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }

    @Test func linksAllPrograms() throws {
        #expect(world().run("pkg", "install", try artifact(app)) == .done)
        let link = world()
        #expect(link.run("pkg", "binlink", "acme/app") == .done)
        let bin = "\(directory.path)/root/bin"
        #expect(link.standardOutput == "\(bin)/a\n\(bin)/b\n")
        #expect(
            link.standardError
                == """
                Ω Creating parent directory \(bin)
                » Binlinking a from \(app) into \(bin)
                ★ Binlinked a from \(app) to \(bin)/a
                » Binlinking b from \(app) into \(bin)
                ★ Binlinked b from \(app) to \(bin)/b

                """)
        #expect(target("/bin/a") == "/hab/pkgs/\(app)/bin/a")
        let again = world()
        #expect(again.run("binlink", "acme/app", "a") == .done)
        #expect(again.standardOutput == "\(bin)/a\n")
    }

    @Test func oneProgramIntoAnotherDirectory() throws {
        #expect(world().run("pkg", "install", try artifact(app)) == .done)
        #expect(world().run("pkg", "binlink", "acme/app", "b", "-d", "/usr/local/bin") == .done)
        #expect(target("/usr/local/bin/b") != nil && target("/usr/local/bin/a") == nil)
        #expect(world(["HAB_BINLINK_DIR": "/opt"]).run("pkg", "binlink", "acme/app") == .done)
        #expect(target("/opt/a") != nil && target("/bin/a") == nil)
    }

    @Test func anotherReleaseTakesALinkOverOnlyWithForce() throws {
        #expect(world().run("pkg", "install", "--binlink", try artifact("acme/app/1.0/1")) == .done)
        let old = "/hab/pkgs/acme/app/1.0/1/bin/a"
        let install = world()
        #expect(install.run("pkg", "install", "-b", try artifact(app)) == .done)
        #expect(
            install.standardError.contains(
                "Ø skipping 'a': '\(directory.path)/root/bin/a' leads to '\(old)'; --force replaces it"))
        #expect(target("/bin/a") == old)
        let skipped = world()
        #expect(skipped.run("pkg", "binlink", "acme/app") == .done && skipped.standardOutput.isEmpty)
        #expect(world().run("pkg", "install", "acme/app", "-b", "-f") == .done)
        #expect(target("/bin/a") == "/hab/pkgs/\(app)/bin/a")
        #expect(world().run("pkg", "binlink", "acme/app/1.0", "--force") == .done)
        #expect(target("/bin/a") == old)
    }

    @Test func aFileIsNeverReplaced() throws {
        #expect(world().run("pkg", "install", try artifact(app)) == .done)
        let file = "\(directory.path)/root/bin/a"
        try Directory.create("\(directory.path)/root/bin")
        try AtomicFile.write([7], to: file)
        let link = world()
        #expect(link.run("pkg", "binlink", "acme/app", "--force") == .failure)
        #expect(link.standardError.contains("'\(file)' is there already and is no link"))
        #expect(try contents(of: file) == [7])
    }

    @Test func onlyTheOptionImpliesLinks() throws {
        let path = try artifact(app)
        #expect(world(["HAB_BINLINK_DIR": "/opt"]).run("pkg", "install", path) == .done)
        #expect(target("/opt/a") == nil)
        #expect(world(["HAB_BINLINK_DIR": "/opt"]).run("pkg", "install", path, "--binlink") == .done)
        #expect(target("/opt/a") != nil)
        #expect(world().run("pkg", "install", path, "--binlink-dir", "/usr/bin") == .done)
        #expect(target("/usr/bin/a") != nil)
    }

    @Test func refusals() throws {
        #expect(world().run("pkg", "install", try artifact(app)) == .done)
        for (words, code, message) in [
            (["acme/none"], ExitCode.packageNotFound, "is not installed"),
            (["acme/app", "c"], .failure, "has no program 'c'"), (["acme/app", "-d", "bin"], .usage, "absolute path"),
            (["acme/app", "-d", "/a/../b"], .usage, "absolute path"), (["acme"], .usage, "is not a package ident"),
        ] {
            let world = world()
            #expect(Program.run(["pkg", "binlink"] + words, tree: CommandTree.root, context: world.context) == code)
            #expect(world.standardError.contains(message), "\(world.standardError)")
        }
        #expect(world().run("pkg", "install", "acme/app", "--binlink-dir", "bin") == .usage)
    }

    @Test func aPackageWithoutProgramsSaysSo() throws {
        #expect(world().run("pkg", "install", try artifact(app, path: "\n")) == .done)
        let link = world()
        #expect(link.run("pkg", "binlink", "acme/app") == .done)
        #expect(link.standardError == "Ø '\(app)' has no programs to link\n")
        #expect(link.standardOutput.isEmpty)
    }
}
