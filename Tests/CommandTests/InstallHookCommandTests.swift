// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Hooks as the built program runs them.
@Suite(.timeLimit(.minutes(15))) struct InstallHookCommandTests {
    private let scratch: String
    private let directory: Holder

    /// Keeps a directory for as long as the suite's value lives.
    private final class Holder: Sendable {
        let directory: TemporaryDirectory
        init() throws { directory = try TemporaryDirectory(in: "/tmp", prefix: "bio-hook-") }
    }

    init() throws {
        directory = try Holder()
        scratch = directory.directory.path
        guard chmod(scratch, 0o755) == 0 else { throw SystemError("change the mode of", scratch) }
    }

    private var bio: Command {
        var command = Command()
        command.environment["FS_ROOT"] = "\(scratch)/root"
        command.environment["HOME"] = "\(scratch)/home"
        command.environment["HAB_CACHE_KEY_PATH"] = "\(scratch)/keys"
        return command
    }

    private func artifact(
        _ ident: String, _ script: String, metafiles: [String: String?] = [:]
    ) throws -> String {
        var fixture = hooked(ident, script)
        fixture.metafiles.merge(metafiles) { $1 }
        return try artifacts([fixture])[0]
    }

    private func text(_ path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }

    /// Packages that one key signs.
    private func artifacts(_ fixtures: [PackageFixture]) throws -> [String] {
        let keys = try TestKeys(in: "\(scratch)/keys")
        return try fixtures.map { try $0.artifact(in: "\(scratch)/in", keys: keys) }
    }

    private func hooked(_ ident: String, _ script: String, tdeps: [String] = []) -> PackageFixture {
        var fixture = PackageFixture(
            ident, tdeps: tdeps,
            files: [.init("hooks/install", "#!/bin/sh\n\(script)\n"), .init("default.toml", "word = \"default\"\n")])
        if geteuid() == 0 { fixture.metafiles = ["SVC_USER": "root", "SVC_GROUP": "root"] }
        return fixture
    }

    @Test func hooksRunInTheOrderOfDependencies() throws {
        let say = "echo {{pkg.name}} {{cfg.word}} >>\(scratch)/ran"
        let paths = try artifacts([
            hooked("acme/z-base/1/1", say), hooked("acme/middle/1/1", say, tdeps: ["acme/z-base/1/1"]),
            hooked("acme/app/1/1", say, tdeps: ["acme/middle/1/1", "acme/z-base/1/1"]),
        ])
        var command = bio
        command.environment["HAB_MIDDLE"] = "{\"word\": \"set\"}"
        let first = try command.run("pkg", "install", paths[2])
        #expect(first.code == 0 && first.output == "acme/app/1/1\n", "\(first.errors)")
        #expect(first.errors.contains("☛ Executing install hook for 'acme/app/1/1'"))
        #expect(try text("\(scratch)/ran") == "z-base default\nmiddle set\napp default\n")
        let again = try command.run("pkg", "install", "acme/app")
        #expect(again.code == 0 && !again.errors.contains("Executing"))
        // One that has not succeeded is run again, of what is installed already too.
        try Directory.remove("\(scratch)/root/hab/pkgs/acme/middle/1/1/INSTALL_HOOK_STATUS")
        #expect(try command.run("pkg", "install", "acme/app").code == 0)
        #expect(try text("\(scratch)/ran").hasSuffix("app default\nmiddle set\n"))
    }

    @Test func aHookThatFailsFailsTheInstallation() throws {
        let path = try artifact("acme/app/1/1", "echo this went wrong >&2; exit 42")
        let failed = try bio.run("pkg", "install", path)
        #expect(failed.code == 1 && failed.output.isEmpty)
        #expect(failed.errors.contains("✗✗✗ the install hook of 'acme/app/1/1' failed: it ended with exit code 42"))
        #expect(failed.errors.contains("✗✗✗   this went wrong"))
        #expect(failed.errors.contains("install.stderr.log'; the next 'bio pkg install acme/app/1/1' runs it again"))
        #expect(try text("\(scratch)/root/hab/pkgs/acme/app/1/1/INSTALL_HOOK_STATUS") == "42")
        #expect(try bio.run("pkg", "install", "acme/app").code == 1)
        #expect(try bio.run("pkg", "install", "acme/app", "--ignore-install-hook").code == 0)
    }

    @Test func controlCEndsTheHook() throws {
        let path = try artifact("acme/app/1/1", "echo $$ >\(scratch)/pid; sleep 1000 & wait; sleep 1000")
        let outcome = try bio.run(["pkg", "install", path]) { child in
            while try FileStatus.of("\(scratch)/pid")?.size ?? 0 == 0, kill(child, 0) == 0 { usleep(20_000) }
            kill(child, SIGINT)
        }
        #expect(outcome.code == 130, "\(outcome.errors)")
        let pid = try #require(Int32(try text("\(scratch)/pid").filter(\.isNumber)))
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
        #expect(try FileStatus.of("\(scratch)/root/hab/pkgs/acme/app/1/1/INSTALL_HOOK_STATUS") == nil)
        #expect(try FileStatus.of("\(scratch)/root/hab/pkgs/acme/app/1/1/TARGET") != nil)
    }

    @Test func aKilledProgramTakesItsHookAlong() throws {
        let path = try artifact("acme/app/1/1", "echo $$ >\(scratch)/pid; exec sleep 1000")
        let outcome = try bio.run(["pkg", "install", path]) { child in
            while try FileStatus.of("\(scratch)/pid")?.size ?? 0 == 0, kill(child, 0) == 0 { usleep(20_000) }
            kill(child, SIGKILL)
        }
        #expect(outcome.code == 128 + SIGKILL)
        let pid = try #require(Int32(try text("\(scratch)/pid").filter(\.isNumber)))
        for _ in 0..<500 where (try? text("/proc/\(pid)/comm")) == "sleep\n" { usleep(20_000) }
        let state = (try? text("/proc/\(pid)/stat")) ?? ") Z"
        #expect(state.contains(") Z") || !state.contains("(sleep)"))
        #expect(try FileStatus.of("\(scratch)/root/hab/pkgs/acme/app/1/1/INSTALL_HOOK_STATUS") == nil)
    }

    @Test func itHasNoneOfOurDescriptorsAndItsOwnUser() throws {
        let asRoot = geteuid() == 0
        let path = try artifact(
            "acme/app/1/1", "id -un; ls /proc/self/fd | wc -l; cat; touch {{pkg.svc_data_path}}/made",
            metafiles: asRoot ? ["SVC_USER": "daemon", "SVC_GROUP": "daemon"] : [:])
        let outcome = try bio.run("pkg", "install", path)
        #expect(outcome.code == 0, "\(outcome.errors)")
        let lines = try text("\(scratch)/root/hab/svc/app/logs/install.stdout.log").split(separator: "\n")
        // 0, 1, 2, and the directory that ls reads.
        #expect(lines.count == 2 && lines.last?.filter(\.isNumber) == "4", "\(lines)")
        if asRoot { #expect(lines.first == "daemon") }
        #expect(try FileStatus.of("\(scratch)/root/hab/svc/app/data/made")?.owner == (asRoot ? 1 : geteuid()))
    }

    @Test func anUnknownUserIsRefusedWithAHint() throws {
        let path = try artifact(
            "acme/app/1/1", "exit 0", metafiles: ["SVC_USER": "no-such-user", "SVC_GROUP": "no-such-user"])
        let outcome = try bio.run("pkg", "install", path)
        if geteuid() == 0 {
            #expect(outcome.code == 1)
            #expect(outcome.errors.contains("the service user 'no-such-user' of 'acme/app/1/1' is not known"))
            #expect(outcome.errors.contains("hint: make it: useradd --system --user-group no-such-user"))
        } else {
            #expect(outcome.code == 0)
        }
    }

    @Test func aHookForAnotherRootWaits() throws {
        let path = try artifact("acme/app/1/1", "/hab/pkgs/core/nothing/1/2/bin/x")
        let outcome = try bio.run("pkg", "install", path)
        #expect(outcome.code == 0)
        #expect(outcome.errors.contains("is not run: it needs '/hab/pkgs/core/nothing/1/2/bin/x'"))
        #expect(try FileStatus.of("\(scratch)/root/hab/svc") == nil)
    }

    @Test func anExportIsTheSameBeforeAndAfterTheHook() throws {
        let path = try artifact("acme/app/1/1", "echo x >{{pkg.path}}/made-by-the-hook")
        #expect(try bio.run("pkg", "install", path, "--ignore-install-hook").code == 0)
        let before = try bio.run(
            "pkg", "export", "tar", "acme/app", "--base-pkgs", "none", "--results", scratch, "-o",
            "\(scratch)/one.tar.gz")
        #expect(before.code == 0, "\(before.errors)")
        #expect(try bio.run("pkg", "install", "acme/app").code == 0)
        #expect(try FileStatus.of("\(scratch)/root/hab/pkgs/acme/app/1/1/made-by-the-hook") != nil)
        let after = try bio.run(
            "pkg", "export", "tar", "acme/app", "--base-pkgs", "none", "--results", scratch, "-o",
            "\(scratch)/two.tar.gz")
        #expect(after.code == 0, "\(after.errors)")
        #expect(try contents(of: "\(scratch)/one.tar.gz") == contents(of: "\(scratch)/two.tar.gz"))
    }
}
