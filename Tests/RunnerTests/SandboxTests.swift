// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What the sandbox refuses, tried by a plugin that goes on as if nothing were: the export succeeds, and nothing
/// outside has changed. docs/explanation/sandbox.md promises it.
@Suite(.timeLimit(.minutes(15))) struct SandboxTests {
    /// An attempt, how it went, and what the user is told.
    struct Attempt: Sendable, CustomTestStringConvertible {
        let name: String
        let result: String
        let note: String?

        init(_ name: String, _ result: String, _ note: String? = nil) {
            (self.name, self.result) = (name, result)
            self.note = note.map { "the sandbox refused it \($0)" }
        }

        var testDescription: String { name }
    }

    static let network = [
        Attempt("tcp", "EPERM", "socket (network) [BIO-P-082]"),
        Attempt("udp", "EPERM", "socket (network) [BIO-P-082]"),
        // As the C library does by itself, for the name of a user: refused, and no word about it.
        Attempt("unix_socket", "EPERM"), Attempt("netlink", "EPERM"),
        Attempt("datagram_pair", "EPERM", "socketpair (network) [BIO-P-082]"),
        Attempt("stream_pair", "went well"),
        Attempt("connect_own", "EPERM", "connect (network) [BIO-P-082]"),
        Attempt("ring", "ENOSYS"),
    ]

    static let files = [
        Attempt("write_outside", "EACCES"), Attempt("make_outside", "EACCES"), Attempt("make_beside", "EACCES"),
        Attempt("make_in_tmp", "EACCES"), Attempt("read_outside", "EACCES"), Attempt("list_outside", "EACCES"),
        Attempt("read_shadow", "EACCES"), Attempt("truncate_outside", "EACCES"), Attempt("empty_readable", "EACCES"),
        Attempt("remove_outside", "EACCES"),
        Attempt("link_inside", "EXDEV"), Attempt("rename_inside", "EACCES"), Attempt("rename_outside", "EACCES"),
        Attempt("directory_outside", "EACCES"), Attempt("xattr_outside", "EOPNOTSUPP"),
    ]

    private static let elsewhere = "(files outside of its directories) [BIO-P-080]"
    static let attributes = [
        Attempt("chmod_outside", "EPERM", "chmod \(elsewhere)"),
        Attempt("chmod_by_link", "EPERM", "chmod \(elsewhere)"),
        Attempt("chmod_descriptor", "EPERM", "fchmodat \(elsewhere)"),
        Attempt("times_outside", "EPERM", "utimensat \(elsewhere)"),
        Attempt("chown_outside", "EPERM", "chown \(elsewhere)"),
        Attempt("chmod_package", "EPERM", "fchmod \(elsewhere)"), Attempt("chmod_inside", "went well"),
        Attempt("times_inside", "went well"), Attempt("chown_inside", "went well"),
        Attempt("chmod_nowhere", "ENOENT"), Attempt("chmod_bad_memory", "EFAULT"),
        Attempt("move_between", "went well"),
    ]

    private static let others = "(other processes) [BIO-P-089]"
    static let processes = [
        Attempt("kill_host", "EPERM", "kill \(others)"), Attempt("kill_all", "EPERM", "kill \(others)"),
        Attempt("queue_host", "EPERM", "rt_sigqueueinfo \(others)"),
        Attempt("signal_by_file", "EPERM", "fcntl \(others)"), Attempt("limit_host", "EPERM", "prlimit64 \(others)"),
        Attempt("slow_host", "EPERM"), Attempt("environment_of_host", "EACCES"),
        Attempt("memory_of_host", "EACCES"), Attempt("own_session", "EPERM", "setsid (processes) [BIO-P-081]"),
        Attempt("other_group", "EPERM", "setpgid (processes) [BIO-P-081]"),
        Attempt("shared_memory", "EPERM", "shmget \(others)"), Attempt("raise_own", "went well"),
        Attempt("stay_after_parent", "EPERM", "prctl (processes) [BIO-P-081]"),
    ]

    @Test(arguments: network + files + attributes + processes)
    func anAttemptIsRefusedAndDoesNoHarm(_ attempt: Attempt) throws {
        try Self.expect(attempt, try HostileWorld.child)
    }

    static func expect(_ attempt: Attempt, _ mode: RunnerMode) throws {
        let world = try HostileWorld()
        let observer = Observer()
        let before = try treeListing(world.root)
        let artifacts = try world.export(attempt.name, mode, observer: observer)
        #expect(observer.lines == ["\(attempt.name) \(attempt.result)"])
        #expect(observer.notes == [attempt.note].compactMap { $0 })
        #expect(artifacts.count == 1)
        let kept = try treeListing(world.root).filter { !$0.hasSuffix("out/hostile.txt") }
        #expect(kept == before)
        #expect(access("/tmp/bio-was-here", F_OK) != 0)
    }

    /// A file is read when the user names it; what a plugin has as its own default opens nothing.
    @Test(arguments: [
        (OptionValue.Source.commandLine, "went well"), (.environment, "went well"), (.standard, "EACCES"),
    ])
    func whoNamesAFileDecidesWhetherItIsRead(_ source: OptionValue.Source, _ result: String) throws {
        let world = try HostileWorld()
        let observer = Observer()
        let named = OptionValue(.text("\(world.root)/secret", kind: OptionValue.pathKind), source: source)
        _ = try world.export("read_outside", try HostileWorld.child, observer: observer, further: [named])
        #expect(observer.lines == ["read_outside \(result)"])
    }

    static let ends = [
        ("fork_it", "clone (processes)", "081"), ("fork_raw", "clone (processes)", "081"),
        ("fork_bomb", "clone (processes)", "081"), ("fork_in_thread", "clone (processes)", "081"),
        ("shell", "clone (processes)", "081"), ("execute", "execve (processes)", "081"),
        ("trace_host", "ptrace (other processes)", "089"), ("peek_host", "process_vm_readv (other processes)", "089"),
        ("mount_it", "mount (the machine)", "089"), ("namespaces", "unshare (processes)", "081"),
        ("kernel_program", "bpf (the machine)", "089"), ("keys", "keyctl (the machine)", "089"),
        ("root_elsewhere", "chroot (the machine)", "089"),
    ]

    @Test(arguments: ends)
    func whatNoPluginDoesEndsIt(_ behaviour: String, _ call: String, _ rule: String) throws {
        let world = try HostileWorld()
        let observer = Observer()
        let error = try world.failure(behaviour, try HostileWorld.child, observer: observer)
        #expect(
            error?.description
                == "plugin 'org.biome.test.hostile' was ended in run: it called \(call) [BIO-P-\(rule)]")
        #expect(observer.lines == [])
    }

    @Test func anErrorNamesWhatWasRefusedBefore() throws {
        let world = try HostileWorld()
        let error = try world.failure("refused_then_crash", try HostileWorld.child)
        #expect(
            error?.description
                == "plugin 'org.biome.test.hostile' crashed with signal SIGSEGV in run [BIO-P-051]\n"
                + "the sandbox had refused it socket (network) [BIO-P-082]\n"
                + "its last lines:\n  | about to crash")
    }

    @Test(arguments: [
        ("memory_hog", ["pieces at most 64", "memory_hog ENOMEM"], []),
        ("descriptor_hog", ["last 1023", "descriptor_hog EMFILE"], []),
        (
            "thread_hog", ["threads about 512", "thread_hog EAGAIN"],
            ["the sandbox refused it clone (more threads than it may have) [BIO-P-088]"]
        ),
    ])
    func itTakesNoMoreThanItMay(_ behaviour: String, _ lines: [String], _ notes: [String]) throws {
        let world = try HostileWorld()
        let observer = Observer()
        _ = try world.export(behaviour, try HostileWorld.child, observer: observer)
        #expect(observer.lines == lines)
        #expect(observer.notes == notes)
    }

    @Test func aFileBeyondItsSizeEndsIt() throws {
        let world = try HostileWorld()
        let error = try world.failure("big_file", try HostileWorld.child)
        #expect(error?.problem == .crashed(.run, signal: "SIGXFSZ", exitCode: nil))
    }

    @Test(arguments: [
        ("run_program", ["run_program went well"], []),
        ("adopted", ["adopted EPERM"], []),
        ("detach", ["detach went well"], ["setsid (processes) [BIO-P-081]", "setpgid (processes) [BIO-P-081]"]),
        (
            "program_hog", ["processes about 512", "program_hog EAGAIN"],
            ["clone (more threads than it may have) [BIO-P-088]"]
        ),
        ("kill_host", ["kill_host EPERM"], []), ("write_outside", ["write_outside EACCES"], []),
        ("tcp", ["tcp EPERM"], ["socket (network) [BIO-P-082]"]),
    ])
    func onePluginMayStartProcessesAndNoMore(_ behaviour: String, _ lines: [String], _ notes: [String]) throws {
        let world = try HostileWorld()
        let observer = Observer()
        _ = try world.export(behaviour, try HostileWorld.child, observer: observer, startsProcesses: true)
        #expect(observer.lines == lines)
        // The last of them may still be on its way when the plugin is done.
        let (told, all) = (observer.notes, notes.map { "the sandbox refused it \($0)" })
        #expect(behaviour == "detach" ? told.allSatisfy { all.contains($0) } : told == all)
        #expect(try ProcessSearch.isGone(world.library))
    }

    @Test func aSuperusersRightsAreGone() throws {
        let world = try HostileWorld()
        let observer = Observer()
        _ = try world.export("rights", try HostileWorld.child, observer: observer)
        // Reading is Landlock's affair: bit 2 is CAP_DAC_READ_SEARCH.
        let kept = geteuid() == 0 ? "0000000000000004" : "0000000000000000"
        // Only a superuser can narrow what a program that is executed could get; without new privileges nobody gets it.
        let bounds = geteuid() == 0 ? ["CapBnd: 0000000000000004"] : []
        let told = observer.lines.map { $0.replacing("\u{FFFD}", with: " ") }
        #expect(
            told.filter { geteuid() == 0 || !$0.hasPrefix("CapBnd") } == [
                "CapInh: 0000000000000000", "CapPrm: \(kept)", "CapEff: \(kept)",
            ] + bounds + ["CapAmb: 0000000000000000", "NoNewPrivs: 1", "Seccomp: 2", "core 0"])
    }

    @Test func inProcessThereIsNoSandboxAndItIsSaid() throws {
        let world = try HostileWorld()
        let observer = Observer()
        _ = try world.export("good", .inProcess, observer: observer)
        #expect(observer.notes == ["it runs inside this process, no sandbox confines it"])
    }
}
