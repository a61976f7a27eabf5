// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

@testable import BioExport

@Suite(.timeLimit(.minutes(15))) struct ToolServiceTests {
    private struct World: ~Copyable {
        let scratch: Scratch
        let workspace: ExportWorkspace
        let services: ExportServices

        init(
            options: [String: OptionValue] = [:], input: String = "",
            isCancelled: @escaping @Sendable () -> Bool = { false }
        ) throws {
            let made = try Scratch()
            let small = try ExportFixture.small(in: made.file("root"))
            let space = try ExportWorkspace(in: made.path)
            var tools = ToolBox(listed: ["sh", "cat", "echo", "denied", "nowhere"])
            tools.denied = ["denied": "four eyes (/etc/policy:3)"]
            tools.searchPath = "relative::/usr/bin:/bin"
            tools.variables = ["PATH=/usr/bin:/bin", "LANG=C"]
            services = ExportServices(
                job: small.job(), artifactKinds: ["text"], bytes: small.bytes, workspace: space, options: options,
                reach: ExportReach(tools: tools, secrets: SecretReader { _ in Array(input.utf8) }), threads: 1,
                isCancelled: isCancelled, progress: { _, _ in })
            services.phaseBegan(isPlanning: false, isRunning: true)
            workspace = space
            scratch = made
        }

        func shell(_ script: String) -> ToolRequest {
            var request = ToolRequest(program: "sh")
            request.arguments = ["-c", script]
            return request
        }

        func refusal(_ request: ToolRequest) -> ServiceError.Code? {
            do throws(ServiceError) { _ = try services.runTool(request) } catch { return error.code }
            return nil
        }
    }

    private static func path(_ path: String) -> OptionValue { OptionValue(.text(path, kind: OptionValue.pathKind)) }

    // MARK: - Programs

    @Test func aProgramRunsWithItsOwnEnvironmentInTheScratchDirectory() throws {
        setenv("BIO_TEST_LEAK", "leaked", 1)
        let world = try World()
        let outcome = try world.services.runTool(world.shell("echo $LANG$BIO_TEST_LEAK; pwd; echo why >&2; exit 7"))
        #expect(outcome.exitCode == 7 && outcome.errors == "why\n")
        #expect(outcome.output == "C\n\(world.workspace.scratchDirectory)\n")
        #expect(world.services.toolRuns == ["sh"])
    }

    @Test func argumentsReachItUnchanged() throws {
        let world = try World()
        var request = ToolRequest(program: "echo")
        request.arguments = ["$HOME", "a b", "`x`", "ü", "'\"\\"]
        #expect(try world.services.runTool(request).output == "$HOME a b `x` ü '\"\\\n")
    }

    @Test func filesAreItsStreams() throws {
        let world = try World()
        try AtomicFile.write(Array("written".utf8), to: world.workspace.outDirectory + "/in")
        var request = ToolRequest(program: "cat")
        (request.input, request.output) = ("in", "out")
        #expect(try world.services.runTool(request) == ToolOutcome(exitCode: 0, output: "", errors: ""))
        let copy = try FileDescriptor.open(world.workspace.outDirectory + "/out").readToEnd(limit: 100)
        #expect(String(decoding: copy, as: UTF8.self) == "written")
        #expect(world.refusal(request) == .exists)
    }

    /// What the host wrote lies elsewhere, and is found by its name all the same.
    @Test func anArchiveOfTheHostIsAnInputToo() throws {
        let world = try World()
        let tree = try world.services.beginTree()
        try world.services.add(.content([1], mode: 0o644), at: [0x61], to: tree)
        let archive = try world.services.writeArchive(tree, path: "a.tar", compression: "none")
        var request = world.shell("wc -c")
        request.input = "a.tar"
        #expect(try world.services.runTool(request).output.contains("\(archive.size)"))
        request.output = "a.tar"
        #expect(world.refusal(request) == .exists)
    }

    @Test func onlyWhatIsGrantedRuns() throws {
        let world = try World()
        #expect(
            throws: ServiceError(
                .unsupported, "the plugin wants to run 'ls', which its manifest does not list",
                hint: "its author adds it to 'tools' in plugin.toml")
        ) { try world.services.runTool(ToolRequest(program: "ls")) }
        #expect(
            throws: ServiceError(
                .unsupported, "the plugin may not run 'denied': four eyes (/etc/policy:3)",
                hint: "leave out the option that asks for it, or have the policy changed", fault: .machine)
        ) { try world.services.runTool(ToolRequest(program: "denied")) }
        #expect(
            throws: ServiceError(
                .unsupported, "'nowhere' is not on this machine, and the plugin needs it",
                hint: "install it, or leave out the option that asks for it", fault: .machine)
        ) { try world.services.runTool(ToolRequest(program: "nowhere")) }
        #expect(world.services.toolRuns == [])
    }

    @Test func whatIsWrongIsRefused() throws {
        let world = try World()
        func refusal(_ change: (inout ToolRequest) -> Void) -> ServiceError.Code? {
            var request = world.shell("true")
            change(&request)
            return world.refusal(request)
        }
        #expect(refusal { $0.seconds = 3601 } == .invalid)
        #expect(refusal { $0.arguments.append("a\0b") } == .invalid)
        #expect(refusal { $0.arguments = Array(repeating: "", count: 257) } == .limit)
        #expect(refusal { $0.secret = 0x7365_6300_0000_0001 } == .handle)
        #expect(refusal { $0.input = "nothing" } == .notFound)
        #expect(refusal { $0.input = "../../etc/passwd" } == .invalid)
        #expect(refusal { $0.input = "/etc/passwd" } == .invalid)
        #expect(refusal { $0.output = "../x" } == .invalid)
        #expect(refusal { $0.output = "no/such/place" } == .notFound)
        symlink("/etc/passwd", world.workspace.outDirectory + "/link")
        mkfifo(world.workspace.outDirectory + "/pipe", 0o600)
        #expect(refusal { $0.input = "link" } == .invalid)
        #expect(refusal { $0.input = "pipe" } == .invalid)
        #expect(refusal { $0.output = "link" } == .exists)
        world.services.phaseBegan(isPlanning: true, isRunning: false)
        #expect(refusal { _ in } == .misuse)
    }

    @Test func limitsAreKept() throws {
        let world = try World()
        let long = try world.services.runTool(world.shell("yes error | head -c 100000 >&2; echo end >&2"))
        #expect(long.errors.utf8.count <= 4096 && long.errors.utf8.count > 3000 && long.errors.hasSuffix("end\n"))
        #expect(world.refusal(world.shell("yes")) == .limit)
        var slow = world.shell("sleep 60")
        slow.seconds = 1
        #expect(world.refusal(slow) == .limit)
        world.services.toolRuns = Array(repeating: "sh", count: ExportServices.mostToolRuns - 1)
        #expect(world.refusal(world.shell(":")) == nil)
        #expect(world.refusal(world.shell(":")) == .limit)
    }

    /// The wish comes when it runs.
    @Test func theUserCanStopIt() throws {
        let scratch = try Scratch()
        let path = scratch.file("pid")
        let world = try World(isCancelled: { (try? FileStatus.of(path))??.size ?? 0 > 0 })
        #expect(world.refusal(world.shell("echo $$ > \(path); while :; do sleep 1; done")) == .cancelled)
        let text = String(decoding: try contents(of: path), as: UTF8.self)
        #expect(kill(try #require(pid_t(text.dropLast())), 0) != 0)
    }

    @Test func nobodysProgramIsNone() throws {
        let scratch = try Scratch()
        let path = try scratch.write(Array("#!/bin/sh\n".utf8), to: "sh")
        chmod(path, 0o777)
        let box = ToolBox(listed: ["sh"], searchPath: ":relative:\(scratch.path)")
        #expect(throws: ServiceError.self) { try box.path(of: "sh") }
        chmod(path, 0o755)
        #expect(try box.path(of: "sh") == path)
        #expect(ToolBox.absoluteDirectories(of: ":.:/usr/bin:relative::/bin:") == ["/usr/bin", "/bin"])
    }

    // MARK: - Secrets

    @Test(arguments: ["word\nmore", "word\r\n", "word"])
    func theFirstLineIsTheSecretAndAProgramGetsIt(_ content: String) throws {
        let scratch = try Scratch()
        let path = try scratch.write(Array(content.utf8), to: "secret")
        let world = try World(options: ["passphrase": Self.path(path)])
        var request = world.shell(
            "read -r line <&3 || :; [ \"$line\" = word ] && echo same; echo \"got $line\" >&2; cat /proc/self/fd/3")
        request.secret = try world.services.openSecret("passphrase")
        let outcome = try world.services.runTool(request)
        // What is said of it does not say it.
        #expect(outcome.output.hasPrefix("same\n") && !outcome.output.contains("word"))
        #expect(outcome.errors == "got ***\n")
        #expect(try world.services.runTool(world.shell("cat <&3")).exitCode != 0)
    }

    /// By bytes: what stands behind a secret can make one Character of both.
    @Test(arguments: ["word\u{301}", "word\u{200D}x", "aword"]) func nothingHidesASecret(_ said: String) throws {
        let scratch = try Scratch()
        let world = try World(options: ["passphrase": Self.path(try scratch.write(Array("word".utf8), to: "secret"))])
        var request = world.shell("printf %s '\(said)'")
        request.secret = try world.services.openSecret("passphrase")
        let outcome = try world.services.runTool(request)
        #expect(Array(outcome.output.utf8) == Array(said.utf8).replacing("word".utf8, with: "***".utf8))
    }

    /// Somebody may still write to it, and the user may not want to wait.
    @Test func aPipeIsWaitedFor() throws {
        let scratch = try Scratch()
        let pipe = scratch.file("pipe")
        mkfifo(pipe, 0o600)
        let asked = Mutex(0)
        let stopped = try World(
            options: ["passphrase": Self.path(pipe)],
            isCancelled: {
                asked.withLock {
                    $0 += 1; return $0 > 3
                }
            })
        let error = #expect(throws: ServiceError.self) { try stopped.services.openSecret("passphrase") }
        #expect(error?.code == .cancelled)
        let writer = try Tool.start(["sh", "-c", "sleep 0.2; echo word > \(pipe)"])
        let world = try World(options: ["passphrase": Self.path(pipe)])
        var request = world.shell("[ \"$(cat <&3)\" = word ]")
        request.secret = try world.services.openSecret("passphrase")
        #expect(try world.services.runTool(request).exitCode == 0)
        #expect(writer.wait() == 0)
    }

    @Test func standardInputIsADash() throws {
        let world = try World(options: ["passphrase": Self.path("-")], input: "typed\n")
        var request = world.shell("[ \"$(cat <&3)\" = typed ]")
        request.secret = try world.services.openSecret("passphrase")
        #expect(try world.services.runTool(request).exitCode == 0)
    }

    @Test func whatIsNoSecretIsRefused() throws {
        let scratch = try Scratch()
        let options = [
            "missing": Self.path(scratch.file("missing")), "directory": Self.path(scratch.path),
            "empty": Self.path(try scratch.write(Array("\nx".utf8), to: "empty")),
            "long": Self.path(try scratch.write([UInt8](repeating: 0x61, count: 4097), to: "long")),
            "full": Self.path(try scratch.write([UInt8](repeating: 0x61, count: 4096), to: "full")),
            "text": OptionValue(.text("x", kind: OptionValue.stringKind)), "unset": OptionValue(.unset),
        ]
        let world = try World(options: options)
        func refusal(_ option: String) -> ServiceError? {
            do throws(ServiceError) { _ = try world.services.openSecret(option) } catch { return error }
            return nil
        }
        for option in ["missing", "directory", "empty", "text", "unset", "other"] {
            #expect(refusal(option)?.code == .invalid, "\(option)")
        }
        #expect(
            refusal("missing")?.message
                == "--missing: no secret can be read from '\(scratch.file("missing"))': No such file or directory")
        #expect(refusal("missing")?.fault == .machine && refusal("text")?.fault == .plugin)
        #expect(refusal("long")?.code == .limit)
        for _ in 0..<16 { #expect(refusal("full") == nil) }
        #expect(refusal("full")?.code == .limit)
    }
}
