// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// A root with services, and the built program that supervises them. What it has started ends with this object.
final class SupervisorDesk {
    struct TooLate: Error, CustomStringConvertible {
        let description: String
    }

    private let scratch: Scratch
    let root: String
    var bio: BuiltBio
    private var running: Tool.Running?
    private var starts = 0

    init(_ packages: [PackageFixture]) throws {
        scratch = try Scratch()
        let path = scratch.path
        root = "\(path)/root"
        bio = BuiltBio(root: root, directory: path, home: "\(path)/home", temporary: path, keys: "\(path)/keys")
        guard chmod(path, 0o755) == 0 else { throw SystemError("change the mode of", path) }
        _ = try ExportFixture(packages, in: root)
    }

    deinit {
        if let running {
            running.kill(SIGTERM)
            let end = MonotonicClock.nanoseconds + 12_000_000_000
            while kill(running.pid, 0) == 0, ProcessMark(of: running.pid) != nil, MonotonicClock.nanoseconds < end {
                usleep(20_000)
            }
            running.kill(SIGKILL)
            _ = running.wait()
        }
        // What a killed supervisor has left.
        for name in (try? Directory.names("\(root)/hab/sup/default/run")) ?? [] {
            if let pid = recorded(String(decoding: name, as: UTF8.self)) { kill(-pid, SIGKILL) }
        }
    }

    func file(_ name: String) -> String { scratch.file(name) }
    func service(_ name: String, _ file: String) -> String { "\(root)/hab/svc/\(name)/\(file)" }

    func write(_ text: String, to path: String) throws {
        try Directory.create(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try AtomicFile.write(Array(text.utf8), to: path)
    }

    func userConfiguration(_ name: String, _ text: String) throws {
        try write(text, to: "\(root)/hab/user/\(name)/config/user.toml")
    }

    func text(_ path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }

    // MARK: - The supervisor

    /// Starts `bio sup run` with these words, and waits until it supervises.
    func start(_ words: String...) throws {
        try launch(words)
        try wait(for: "Supervising ")
    }

    /// Starts it and does not wait; what it writes goes to `output`, or to where `start` has it.
    func launch(_ words: [String] = [], output: String? = nil) throws {
        starts += 1
        running = try bio.start(
            ["sup", "run"] + words, output: output ?? file("out\(starts)"), errors: file("err\(starts)"))
    }

    /// What this start has written so far.
    var output: String { (try? text(file("out\(starts)"))) ?? "" }
    var errors: String { (try? text(file("err\(starts)"))) ?? "" }
    var pid: Int32 { running?.pid ?? -1 }

    func count(_ text: String) -> Int { output.split(separator: "\n").count { $0.contains(text) } }

    /// Waits until so many lines have `text`.
    func wait(for text: String, count wanted: Int = 1) throws {
        try wait("'\(text)' \(wanted) times") { count(text) >= wanted }
    }

    func wait(_ what: String, until isThere: () throws -> Bool) throws {
        let end = MonotonicClock.nanoseconds + 120_000_000_000
        while try !isThere() {
            guard MonotonicClock.nanoseconds < end else {
                throw TooLate(description: "\(what) does not come:\n\(output)\n\(errors)")
            }
            usleep(10_000)
        }
    }

    func signal(_ number: Int32) { running?.kill(number) }

    /// Sends a signal and waits for the end: the exit code.
    func end(_ number: Int32 = SIGTERM) -> Int32 {
        running?.kill(number)
        let code = running?.wait() ?? -1
        running = nil
        return code
    }

    /// What it has taken of the processors, in seconds.
    func processorSeconds() throws -> Double {
        // The name stands in brackets, and is the second field.
        let fields = try text("/proc/\(pid)/stat").split(separator: ") ").last?.split(separator: " ") ?? []
        let ticks = [11, 12].compactMap { fields.count > $0 ? Double(fields[$0]) : nil }
        return try #require(ticks.count == 2 ? ticks.reduce(0, +) : nil) / Double(sysconf(CInt(_SC_CLK_TCK)))
    }

    // MARK: - Its services

    func status(_ name: String) throws -> DocumentValue {
        let outcome = try bio.run("svc", "status", name, "--format", "json")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let value = try DocumentValue(json: outcome.text)
        return try #require(value["services"]?.array?.first, "no status of \(name)")
    }

    func wait(_ name: String, toBe state: String) throws {
        try wait("the state \(state) of \(name)") { try status(name)["state"]?.string == state }
    }

    /// What a command in this root says.
    func outcome(_ words: [String]) throws -> Command.Outcome {
        let outcome = try bio.run(words)
        return Command.Outcome(code: outcome.code, output: outcome.text, errors: outcome.errorText)
    }

    /// The process that a supervisor has left a note of.
    func recorded(_ name: String) -> Int32? {
        (try? text("\(root)/hab/sup/default/run/\(name)/started")).flatMap { Int32($0.prefix { $0 != " " }) }
    }
}
