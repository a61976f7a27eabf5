// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// The first process of a service without a supervisor: order, identity, signals, the dead, exit codes.
@Suite(.timeLimit(.minutes(15))) struct InitTests {
    @Test func hooksRunInOrderWithTheirVariables() throws {
        let service = try InitService()
        let spec = try service.spec(
            "directory \(service.scratch.path)", "env GREETING=hello = world", "env PATH=/usr/bin:/bin",
            "init \(try service.hook("init", "echo init $GREETING"))",
            "run \(try service.hook("run", "echo run in $(pwd) with $PATH and $INHERITED; exit 7"))",
            "post-stop \(try service.hook("post-stop", "echo post-stop"))")
        let outcome = try service.run([spec], environment: ["INHERITED": "this", "PATH": "/nowhere"])
        #expect(outcome.code == 7, "\(outcome.errorText)")
        #expect(
            outcome.text == """
                init hello = world
                run in \(service.scratch.path) with /usr/bin:/bin and this
                post-stop

                """)
        #expect(outcome.errorText.isEmpty)
    }

    @Test func anInitHookThatFailsEndsIt() throws {
        let service = try InitService()
        let spec = try service.spec(
            "init \(try service.hook("init", "exit 3"))", "run \(try service.hook("run", "echo no"))")
        let outcome = try service.run([spec])
        #expect(outcome.code == 3 && outcome.text.isEmpty)
        #expect(outcome.errorText == "bio-init: the init hook of 'web' failed: it ended with exit code 3\n")
    }

    @Test(arguments: [("kill -9 $$", 137), ("kill -SEGV $$", 139), ("exit 0", 0), ("exit 255", 255)])
    func itEndsAsTheRunHookEnded(_ text: String, _ code: Int32) throws {
        let service = try InitService()
        #expect(try service.run([try service.spec("run \(try service.hook("run", text))")]).code == code)
    }

    @Test func aHookThatIsNotThereOrHasNoInterpreterIsNamed() throws {
        let service = try InitService()
        let lost = try service.run([try service.spec("run /nowhere/run")])
        #expect(lost.code == 127)
        #expect(lost.errorText == "bio-init: cannot run '/nowhere/run': No such file or directory\n")
        let hook = try service.hook("run", "echo", interpreter: "/nowhere/sh")
        let outcome = try service.run([try service.spec("run \(hook)")])
        #expect(outcome.code == 127)
        #expect(
            outcome.errorText
                == "bio-init: cannot run '\(hook)': the interpreter in its first line: No such file or directory\n")
        let text = service.scratch.file("text")
        try AtomicFile.write(Array("text".utf8), to: text, mode: 0o644)
        #expect(try service.run([try service.spec("run \(text)")]).code == 126)
    }

    // MARK: - Identity

    /// Root becomes the service's user with exactly his groups, and gives him his directories; links stay.
    @Test func rootBecomesTheServicesUser() throws {
        try #require(geteuid() == 0, "only root can become somebody")
        let service = try InitService()
        for name in ["data", "elsewhere", "config", "config/inner"] { try Directory.create(service.scratch.file(name)) }
        symlink(service.scratch.file("elsewhere"), service.scratch.file("link"))
        for name in ["config/a", "config/inner/b", "kept"] { _ = try service.scratch.write([], to: name) }
        symlink(service.scratch.file("kept"), service.scratch.file("config/link"))
        link(service.scratch.file("kept"), service.scratch.file("config/twin"))
        let spec = try service.spec(
            "user daemon sys", "give-tree \(service.scratch.file("config"))", "give \(service.scratch.file("data"))",
            "give \(service.scratch.file("link"))", "give /nowhere",
            "run \(try service.hook("run", "grep -E '^(Uid|Gid|Groups|SigBlk):' /proc/self/status; umask"))")
        let outcome = try service.run([spec])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let lines = outcome.text.split(separator: "\n").map {
            $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        #expect(
            lines.dropLast() == [
                "Uid: 1 1 1 1", "Gid: 3 3 3 3", "Groups: 3", "SigBlk: 0000000000000000",
            ])
        func owner(_ name: String) throws -> String {
            try Tool.run(["stat", "-c", "%u:%g", service.scratch.file(name)]).text
        }
        for name in ["data", "config", "config/a", "config/inner", "config/inner/b"] {
            #expect(try owner(name) == "1:3\n", "\(name)")
        }
        // Neither through a link nor by another name.
        for name in ["kept", "config/link", "config/twin"] { #expect(try owner(name) == "0:0\n", "\(name)") }
        #expect(try owner("link") == "0:0\n" && owner("elsewhere") == "0:0\n")
    }

    @Test(arguments: [
        ("nobody-at-all", "sys", "user 'nobody-at-all'"), ("daemon", "no-such-group", "group 'no-such-group'"),
    ])
    func anUnknownAccountIsNamed(_ user: String, _ group: String, _ named: String) throws {
        try #require(geteuid() == 0, "only root can become somebody")
        let service = try InitService()
        let outcome = try service.run([try service.spec("user \(user) \(group)", "run /bin/true")])
        #expect(outcome.code == 67 && outcome.errorText.contains(named), "\(outcome.errorText)")
    }

    /// Whoever is not root stays who he is.
    @Test func somebodyElseStaysHimself() throws {
        try #require(geteuid() == 0, "the tests run as root")
        let service = try InitService()
        let spec = try service.spec("user daemon daemon", "run \(try service.hook("run", "id -u; id -g"))")
        guard chmod(spec, 0o644) == 0 else { throw SystemError("change the mode of", spec) }
        let program = try service.scratch.write(try contents(of: try InitService.program()), to: "bio-init")
        chmod(program, 0o755)
        let outcome = try Tool.run(["setpriv", "--reuid=99", "--regid=99", "--clear-groups", program, spec])
        #expect(outcome.text == "99\n99\n", "\(outcome.errorText)")
    }

    // MARK: - Health

    @Test(arguments: [(0, 0), (1, 0), (2, 1), (3, 1), (9, 1)])
    func healthIsWhatAnEngineUnderstands(_ hook: Int, _ code: Int32) throws {
        let service = try InitService()
        let spec = try service.spec(
            "run /bin/false", "health-check \(try service.hook("health", "echo well; exit \(hook)"))")
        let outcome = try service.run(["health", spec])
        #expect(outcome.code == code && outcome.text == "well\n", "\(outcome.errorText)")
    }

    // MARK: - Bad input

    @Test(arguments: [
        ("", "names no service to run"), ("bio-init 2\n", "line 1: 'bio-init' is not understood"),
        ("run /bin/true\n", "line 1: 'run' is not understood"),
        ("bio-init 1\nservice web\n", "names no service to run"),
        ("bio-init 1\nservice web\nrun bin/true\n", "line 3: 'run' is not understood"),
        ("bio-init 1\nservice web\nrun /bin/true\nrun /bin/true\n", "line 4: 'run' is not understood"),
        ("bio-init 1\nsignal 0\n", "line 2: 'signal'"), ("bio-init 1\nsignal 65\n", "line 2: 'signal'"),
        ("bio-init 1\nsignal TERM\n", "line 2: 'signal'"), ("bio-init 1\ntimeout -1\n", "line 2: 'timeout'"),
        ("bio-init 1\ntimeout 86401\n", "line 2: 'timeout'"), ("bio-init 1\nuser 42\n", "line 2: 'user'"),
        ("bio-init 1\nuser a b c\n", "line 2: 'user'"), ("bio-init 1\nuser a \n", "line 2: 'user'"),
        ("bio-init 1\nsignal 99999999999999999999\n", "line 2: 'signal'"), ("bio-init 1\nenv =x\n", "line 2: 'env'"),
        ("bio-init 1\nenv x\n", "line 2: 'env'"), ("bio-init 1\nreload /x\n", "line 2: 'reload'"),
        ("bio-init 1\n\n", "line 2: ''"), ("bio-init 1\nser\0vice\n", "is no text"),
    ])
    func aDescriptionThatIsNoneIsRefused(_ text: String, _ reason: String) throws {
        let service = try InitService()
        let outcome = try service.run([try service.scratch.write(Array(text.utf8), to: "bad")])
        #expect(outcome.code == 64)
        #expect(outcome.errorText.contains(reason), "\(outcome.errorText)")
    }

    @Test func wordsThatAreNoneAreRefused() throws {
        let service = try InitService()
        for words in [[], ["a", "b"], ["health"], ["health", "a", "b"]] {
            #expect(try service.run(words).code == 64)
        }
        #expect(try service.run(["/nowhere"]).errorText.contains("cannot open '/nowhere'"))
        let pipe = service.scratch.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(try service.run([pipe]).errorText.contains("is no regular file"))
        let long = try service.scratch.write([UInt8](repeating: 0x61, count: (1 << 20) + 1), to: "long")
        #expect(try service.run([long]).errorText.contains("is longer than a description of a service"))
    }

    @Test func itIsSmallAndWantsNothing() throws {
        let file = try contents(of: try InitService.program())
        #expect(file.count < 2 << 20)
        #expect(try Tool.run(["readelf", "-lW", try InitService.program()]).text.contains("INTERP") == false)
    }
}
