// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// `bio pkg exec` takes the process over, so only the built program can show it.
@Suite struct PackageExecTests {
    private let scratch: Shared
    private let bio: Command
    private static let ident = "acme/app/1.0/20260101000000"

    private final class Shared: Sendable {
        let directory: TemporaryDirectory
        init() throws { directory = try TemporaryDirectory(in: "/tmp", prefix: "bio-exec-") }
        var path: String { directory.path }
    }

    init() throws {
        scratch = try Shared()
        let keys = try TestKeys(in: "\(scratch.path)/keys")
        var fixture = PackageFixture(
            Self.ident,
            files: [
                .init("bin/show", "#!/bin/sh\nfor a in \"$0\" \"$@\"; do echo \"[$a]\"; done\n", mode: 0o755),
                .init("bin/fail", "#!/bin/sh\nexit \"$1\"\n", mode: 0o755),
                .init("bin/vars", "#!/bin/sh\necho \"$JAVA_HOME $PATH\"\n", mode: 0o755),
                .init("bin/pipe", "#!/bin/sh\nkill -PIPE $$\n", mode: 0o755),
                .init("bin/notes", "no program\n"),
            ])
        fixture.metafiles["PATH"] = "/hab/pkgs/\(Self.ident)/bin\n"
        fixture.metafiles["RUNTIME_ENVIRONMENT"] = "JAVA_HOME=/hab/jdk\n"
        let hart = try fixture.artifact(in: "\(scratch.path)/in", keys: keys)
        var bio = Command()
        bio.environment = [
            "FS_ROOT": "\(scratch.path)/root", "HOME": "\(scratch.path)/home", "PATH": "/usr/bin:/bin",
            "HAB_CACHE_KEY_PATH": "\(scratch.path)/keys",
        ]
        self.bio = bio
        #expect(try bio.run("pkg", "install", hart).code == 0)
    }

    private func directory() -> String { "/hab/pkgs/\(Self.ident)/bin" }

    @Test func everythingAfterTheCommandIsTheCommands() throws {
        let outcome = try bio.run("pkg", "exec", "acme/app", "show", "--help", "-x", "--", "--version", "a b", "")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let program = "\(scratch.path)/root\(directory())/show"
        #expect(outcome.output == "[\(program)]\n[--help]\n[-x]\n[--]\n[--version]\n[a b]\n[]\n")
        #expect(outcome.errors.isEmpty)
    }

    @Test func optionsBeforeTheCommandAreBiosOwn() throws {
        #expect(try bio.run("pkg", "exec", "--help").output.contains("Run a command of a package"))
        #expect(try bio.run("pkg", "exec", "acme/app", "--frobnicate", "show").code == 64)
        #expect(try bio.run("pkg", "exec", "acme/app").code == 64)
        #expect(try bio.run("pkg", "exec", "--", "acme/app", "show", "--", "x").output.hasSuffix("[--]\n[x]\n"))
    }

    @Test(arguments: [0, 1, 3, 64, 255])
    func theExitCodeIsTheCommands(code: Int32) throws {
        #expect(try bio.run("pkg", "exec", "acme/app", "fail", "\(code)").code == code)
    }

    @Test func itDiesOfSignalsAsAnyProgram() throws {
        #expect(try bio.run("pkg", "exec", "acme/app", "pipe").code == 128 + 13)
    }

    @Test func itHasThePackagesEnvironmentBeforeTheCallers() throws {
        #expect(
            try bio.run("pkg", "exec", "acme/app", "vars").output == "/hab/jdk \(directory()):/usr/bin:/bin\n")
    }

    @Test func whatThePackageHasNotIsTheCallers() throws {
        let outcome = try bio.run("pkg", "exec", "acme/app", "sh", "-c", "echo $JAVA_HOME")
        #expect(outcome.output == "/hab/jdk\n")
    }

    @Test func aFileIsRunAsItIs() throws {
        let outcome = try bio.run("pkg", "exec", "acme/app", "/bin/sh", "-c", "echo $JAVA_HOME")
        #expect(outcome.output == "/hab/jdk\n")
    }

    @Test func whatIsNotThereIsNamedWithWhatIs() throws {
        let outcome = try bio.run("pkg", "exec", "acme/app", "shov")
        #expect(outcome.code == 3 && outcome.output.isEmpty)
        #expect(outcome.errors.contains("has no command 'shov'"))
        #expect(outcome.errors.contains("did you mean 'show'?"))
        #expect(outcome.errors.contains("commands: fail, pipe, show, vars\n"))
        // A file without the mode for it is no program.
        #expect(try bio.run("pkg", "exec", "acme/app", "notes").code == 3)
        #expect(try bio.run("pkg", "exec", "acme/app", "").code == 3)
        #expect(try bio.run("pkg", "exec", "acme/app", "/nowhere/x").code == 3)
        #expect(try bio.run("pkg", "exec", "acme/none", "x").code == 3)
    }
}
