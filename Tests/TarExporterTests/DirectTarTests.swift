// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `--runtime direct`: a tar whose service runs from where it is unpacked, without a supervisor.
@Suite(.timeLimit(.minutes(15))) struct DirectTarTests {
    /// A service that is all static: no loader, no library.
    private static func service() throws -> PackageFixture {
        let program = try StaticProgram.bytes()
        var package = PackageFixture(
            "acme/greet/1.0/20260107000000",
            files: [
                .init("default.toml", "who = \"world\"\n"), .init("config/who", "{{cfg.who}}\n"),
                .init("hooks/run", "#!{{pkg.path}}/bin/greet {{cfg.who}}\n", mode: 0o755),
            ])
        package.metafiles = ["SVC_USER": "root\n", "SVC_GROUP": "root\n", "PATH": "/\(package.prefix)/bin\n"]
        package.extra = { tar, prefix in
            tar.directory("\(prefix)/bin/")
            tar.header(RawTar.Header("\(prefix)/bin/greet", size: program.count, mode: 0o755))
            tar.body(program)
        }
        return package
    }

    @Test func itRunsWhereItIsUnpacked() throws {
        try #require(geteuid() == 0, "only root enters another root")
        let desk = try Desk(installing: [try Self.service()])
        try AtomicFile.write(Array("who = \"Ada\"\n".utf8), to: desk.work("mine.toml"))
        let outcome = try desk.bio.export(
            "acme/greet", "--runtime", "direct", "--config", "mine.toml", "-o", "x.tar", "--compression", "none")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try Directory.create(desk.work("root"))
        try tool("tar", "-C", desk.work("root"), "-xpf", desk.work("x.tar"))
        #expect(try contents(of: desk.work("root/hab/svc/greet/config/who")) == Array("Ada\n".utf8))
        let run = try Tool.run(
            ["chroot", desk.work("root"), "/hab/bin/bio-init", "/hab/svc/greet/bio-init.spec"])
        #expect(run.code == 0 && run.text == "hello, Ada: 0:0\n", "\(run.code) \(run.text) \(run.errorText)")
        for absent in ["bin/bio", "pkgs/biome/bio/", "pkgs/biome/busybox"] {
            #expect(try FileStatus.of(desk.work("root/hab/\(absent)")) == nil, "\(absent)")
        }
    }

    /// The same inputs, the same bytes.
    @Test func itIsTheSameEveryTime() throws {
        var made: [[UInt8]] = []
        // Two machines: other directories, another zone, mask and host, other settings of the service.
        for (zone, mask, host) in [("UTC", "022", "one.example"), ("Asia/Kathmandu", "077", "two.example")] {
            var desk = try Desk(installing: [try Self.service()])
            desk.bio.mask = mask
            desk.bio.environment.merge(["TZ": zone, "HAB_GREET": "who = \"\(zone)\"", "HOSTNAME": host]) { $1 }
            let user = "\(desk.bio.root)/hab/user/greet/config"
            try Directory.create(user)
            try AtomicFile.write(Array("who = \"\(host)\"\n".utf8), to: "\(user)/user.toml")
            let outcome = try desk.bio.export("acme/greet", "--runtime", "direct", "-o", "x.tar.gz")
            #expect(outcome.code == 0, "\(outcome.errorText)")
            made.append(try contents(of: desk.work("x.tar.gz")))
        }
        #expect(made[0] == made[1])
    }

    @Test(arguments: [
        (["acme/tool", "--runtime", "direct"], "no package is a service", 64),
        (["acme/greet", "--bind-address", "a=b:1"], "add --runtime direct", 64),
        (["acme/greet", "--runtime", "direct", "--bind-address", "a=b:1"], "has no bind 'a'", 64),
        (["acme/greet", "--runtime", "direct", "--no-bio-sup"], "there is no supervisor to leave out", 64),
        (["acme/greet", "--runtime", "direct", "--no-hab-sup"], "--no-bio-sup", 64),
    ])
    func whatWillNotDoIsRefused(_ arguments: [String], _ reason: String, _ code: Int32) throws {
        let desk = try Desk(installing: [ClosureFixture.libc, ClosureFixture.tool, try Self.service()])
        let outcome = try desk.bio.run(["pkg", "export", "tar"] + arguments)
        #expect(outcome.code == code && outcome.errorText.contains(reason), "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
    }
}
