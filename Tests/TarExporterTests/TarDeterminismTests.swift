// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// The same packages and options give the same bytes, whatever else is different.
@Suite struct TarDeterminismTests {
    /// How one export differs from the plain one.
    struct Axis: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var environment: [String: String] = [:]
        var mask = "022"
        var wrapper: [String] = []
        var arguments: [String] = []
    }

    /// `sha256:…` of acme/app with `arguments`, exported from a desk.
    private static func digest(_ bio: Bio, _ arguments: [String] = []) throws -> String {
        let outcome = try bio.run(["pkg", "export", "tar", "acme/app", "--format", "json"] + arguments)
        guard outcome.code == 0 else { throw Bio.Missing(description: outcome.errorText) }
        return try DocumentValue(json: outcome.text)["artifacts"]?.array?.first?["digest"]?.string ?? "none"
    }

    private static let plain = Result {
        let desk = try Desk()
        return try digest(desk.bio)
    }

    static let axes: [Axis] = [
        Axis(testDescription: "again"),
        Axis(testDescription: "umask 077", mask: "077"),
        Axis(testDescription: "umask 000", mask: "000"),
        Axis(testDescription: "a German locale", environment: ["LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"]),
        Axis(testDescription: "the C locale", environment: ["LC_ALL": "C", "LANG": "C"]),
        Axis(testDescription: "a Turkish locale", environment: ["LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR"]),
        Axis(testDescription: "another time zone", environment: ["TZ": "Pacific/Kiritimati"]),
        Axis(testDescription: "SOURCE_DATE_EPOCH as it is by itself", environment: ["SOURCE_DATE_EPOCH": "1"]),
        // libfaketime changes what the program's libc says; the plugin's process has an environment of its own.
        Axis(testDescription: "a clock in 1999", wrapper: ["faketime", "1999-12-31 23:59:59"]),
        Axis(testDescription: "a clock in 2037", wrapper: ["faketime", "2037-06-01 12:00:00"]),
        Axis(testDescription: "one thread", arguments: ["--threads", "1"]),
        Axis(testDescription: "two threads", arguments: ["--threads", "2"]),
        Axis(testDescription: "five threads", arguments: ["--threads", "5"]),
        Axis(testDescription: "in process", arguments: ["--in-process"]),
        Axis(testDescription: "verbose", arguments: ["--verbose"]),
        Axis(testDescription: "one processor", wrapper: ["taskset", "-c", "0"]),
        Axis(testDescription: "few descriptors", wrapper: ["prlimit", "--nofile=64"]),
        Axis(testDescription: "the other spelling", arguments: ["--compression=gzip"]),
    ]

    @Test(arguments: axes) func nothingAroundChangesAByte(axis: Axis) throws {
        var desk = try Desk()
        desk.bio.environment = axis.environment
        desk.bio.mask = axis.mask
        desk.bio.wrapper = axis.wrapper
        #expect(try Self.digest(desk.bio, axis.arguments) == Self.plain.get())
        // The report told the truth, and the mask of the user does not decide who may read the result.
        let file = try FileDescriptor.open(desk.work(TarExporterTests.fileName))
        #expect(try "\(Digest.sha256(ofFile: file))" == Self.plain.get())
        #expect(try file.status().mode == 0o644)
    }

    @Test(arguments: ["gzip:fast", "gzip:small", "zstd", "zstd:19", "xz", "none"])
    func threadsAndModeChangeNoByte(compression: String) throws {
        let desk = try Desk()
        let one = try Self.digest(desk.bio, ["--compression", compression, "--threads", "1"])
        let five = try Self.digest(desk.bio, ["--compression", compression, "--threads", "5", "--in-process"])
        #expect(one == five)
    }

    @Test func theOrderOfInstallationChangesNothing() throws {
        // Each comes after what it needs, and some with a mask that would take bits away.
        let order = [ClosureFixture.busybox, ClosureFixture.launcher, ClosureFixture.libc, ClosureFixture.bio]
        let rest = [ClosureFixture.supervisor, ClosureFixture.library, ClosureFixture.app]
        let desk = try Desk(installing: order + rest, mask: "077")
        #expect(try Self.digest(desk.bio) == Self.plain.get())
    }

    @Test func whatHappenedToTheInstalledTreeChangesNothing() throws {
        let packages = ClosureFixture.base + [ClosureFixture.libc, ClosureFixture.library, ClosureFixture.app]
        let desk = try Desk(installing: packages)
        // Times, modes, owners, links, and files that no artifact holds.
        let tree = "\(desk.bio.root)/hab/pkgs"
        try tool("find", tree, "-exec", "touch", "-h", "-d", "2001-02-03 04:05:06", "{}", "+")
        try tool("chmod", "-R", "u+rwX,go-rwx", tree)
        if geteuid() == 0 { try tool("chown", "-hR", "1234:5678", tree) }
        for package in packages {
            _ = try AtomicFile.write(Array("left by a hook\n".utf8), to: desk.installed(package, "left"))
        }
        let link = desk.installed(ClosureFixture.app, "data/relative")
        #expect(unlink(link) == 0)
        #expect(symlink("elsewhere", link) == 0)
        mkdir(desk.installed(ClosureFixture.app, "node_modules"), 0o755)
        #expect(try Self.digest(desk.bio) == Self.plain.get())
    }

    @Test func theOrderOfPackagesChangesOnlyTheName() throws {
        let desk = try Desk()
        for (name, packages) in [("one", ["acme/app", "acme/tool"]), ("other", ["acme/tool", "acme/app"])] {
            let outcome = try desk.bio.run(["pkg", "export", "tar"] + packages + ["-o", "\(name).tar.gz"])
            #expect(outcome.code == 0, "\(outcome.errorText)")
        }
        #expect(try contents(of: desk.work("one.tar.gz")) == contents(of: desk.work("other.tar.gz")))
    }

    @Test(arguments: [["--source-date-epoch", "1700000000"], []])
    func theOneTimeIsTheUsersToChoose(arguments: [String]) throws {
        var desk = try Desk()
        if arguments.isEmpty { desk.bio.environment["SOURCE_DATE_EPOCH"] = "1700000000" }
        let outcome = try desk.bio.run(
            ["pkg", "export", "tar", "acme/tool", "-o", "t.tar", "--compression", "none"] + arguments)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let lines = try judge("list", desk.work("t.tar")).split(separator: "\n")
        #expect(lines.allSatisfy { $0.split(separator: " ")[4] == "1700000000" })
    }
}
