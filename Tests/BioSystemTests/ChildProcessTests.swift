// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite(.timeLimit(.minutes(15))) struct ChildProcessTests {
    private func run(
        _ script: String, _ output: String, cancellation: Cancellation = .never,
        change: (inout ChildProcess.Request) -> Void = { _ in }
    ) throws -> ChildProcess.Ending? {
        var request = ChildProcess.Request("/bin/sh")
        request.arguments = ["-c", script]
        request.variables = ["PATH=/usr/bin:/bin", "ONE=1"]
        change(&request)
        let input = try FileDescriptor.open("/dev/null")
        let file = try FileDescriptor.open(output, O_WRONLY | O_CREAT | O_APPEND)
        var child = try ChildProcess(request, input: input, output: file, errors: file)
        return child.run(cancellation, grace: 100)
    }

    private func text(_ path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }

    @Test func hasTheStreamsVariablesAndDirectoryItIsGiven() throws {
        let scratch = try Scratch()
        let out = scratch.file("out")
        let ending = try run("env | sort; pwd; umask; ls -l /proc/self/fd | wc -l; echo e >&2; exit 7", out) {
            $0.directory = "/usr"
        }
        #expect(ending == .exited(code: 7))
        let lines = try text(out).split(separator: "\n").map(String.init)
        #expect(lines.contains("ONE=1") && lines.contains("/usr") && lines.contains("0022") && lines.last == "e")
        #expect(!lines.contains { $0.hasPrefix("HOME=") })
        // A heading, 0, 1, 2, and the directory that ls reads.
        #expect(lines.contains("5"), "\(lines)")
    }

    @Test func aSignalIsTold() throws {
        let scratch = try Scratch()
        #expect(try run("kill -USR1 $$", scratch.file("out")) == .killed(signal: "USR1"))
    }

    @Test func whatCannotBeStartedIsNamed() throws {
        let scratch = try Scratch()
        #expect(throws: SystemError("execute", "/nowhere", .noSuchFile)) {
            _ = try run("", scratch.file("out")) { $0.path = "/nowhere" }
        }
        #expect(throws: SystemError("go to the directory of", "/bin/sh", .noSuchFile)) {
            _ = try run("", scratch.file("out")) { $0.directory = "/nowhere" }
        }
    }

    @Test func theWishEndsTheGroupAlsoWhenItDoesNotListen() throws {
        let scratch = try Scratch()
        let out = scratch.file("out")
        let wish = Cancellation { (try? FileStatus.of(out))??.size ?? 0 > 0 }
        #expect(try run("trap '' TERM; echo x; sleep 1000; sleep 1000", out, cancellation: wish) == nil)
    }

    @Test func oneThatIsLetGoIsKilled() throws {
        let scratch = try Scratch()
        let input = try FileDescriptor.open("/dev/null")
        let file = try FileDescriptor.open(scratch.file("out"), O_WRONLY | O_CREAT)
        var request = ChildProcess.Request("/bin/sleep")
        request.arguments = ["1000"]
        var pid: Int32 = 0
        do {
            var child = try ChildProcess(request, input: input, output: file, errors: file)
            pid = child.pid
            #expect(child.wait(milliseconds: 0) == nil)
        }
        #expect(kill(pid, 0) == -1 && errno == ESRCH)
    }

    @Test func onlyRootBecomesSomebodyElse() throws {
        let scratch = try Scratch()
        let out = scratch.file("out")
        let change = { (request: inout ChildProcess.Request) in
            request.user = ChildProcess.Identity(uid: 1, gid: 60, groups: [60, 100])
        }
        if geteuid() == 0 {
            #expect(try run("id -u; id -g; id -G", out, change: change) == .exited(code: 0))
            #expect(try text(out) == "1\n60\n60 100\n")
        } else {
            #expect(throws: SystemError.self) { _ = try run("id -u", out, change: change) }
        }
    }
}
