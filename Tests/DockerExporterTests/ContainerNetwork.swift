// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Containers of an engine in a network of their own, where each is known by its name. Gone with the test.
final class ContainerNetwork {
    /// A process of a container, as this machine sees it.
    struct Member: CustomStringConvertible {
        let pid: Int32
        let name: String
        let user: Int
        var description: String { "\(name) \(user)" }
    }

    private let engine: TestEngine
    /// Made up, so that tests do not meet.
    private let id: String
    private var ids: [String: String] = [:]

    init(_ engine: TestEngine, _ name: String) throws {
        self.engine = engine
        id = "\(name)-\(UInt32.random(in: 0...UInt32.max))"
        let made = try engine.docker(["network", "create", id])
        #expect(made.code == 0, "\(made.errorText)")
    }

    deinit {
        _ = try? engine.docker(["rm", "--force"] + ids.values)
        _ = try? engine.docker(["network", "rm", id])
    }

    /// Starts a container that the others find by `name`; `words` go to its first process.
    func run(_ name: String, _ image: String, _ words: [String] = []) throws {
        // Names that are gone are looked for nowhere else, which without a network would take 40 seconds.
        let started = try engine.docker(
            [
                "run", "--detach", "--dns", "127.0.0.1", "--dns-search", ".", "--dns-opt", "ndots:0", "--network", id,
                "--network-alias", name, image,
            ] + words)
        #expect(started.code == 0, "\(started.errorText)")
        ids[name] = String(started.text.prefix(12))
    }

    private func known(_ name: String) throws -> String { try #require(ids[name], "no container '\(name)'") }

    private func inspect(_ name: String, _ template: String) throws -> String {
        String(try engine.docker(["inspect", "--format", template, known(name)]).text.dropLast())
    }

    func exec(_ name: String, _ words: String...) throws -> Tool.Outcome {
        try engine.docker(["exec", known(name)] + words)
    }

    func address(_ name: String) throws -> String {
        try inspect(name, "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}")
    }

    func log(_ name: String) throws -> String {
        let log = try engine.docker(["logs", known(name)])
        return log.text + log.errorText
    }

    /// The first process and all below it, what has ended and is not reaped too.
    func processes(_ name: String) throws -> [Member] {
        let first = Int32(try inspect(name, "{{.State.Pid}}")) ?? 0
        var found: [Int32] = first > 0 ? [first] : []
        var next = 0
        while next < found.count {
            found += try Process.children(of: found[next])
            next += 1
        }
        return found.compactMap { pid in
            guard let name = Process.name(pid), let user = Process.user(pid) else { return nil }
            return Member(pid: pid, name: name, user: user)
        }
    }

    /// Nil while it runs.
    func exitCode(_ name: String) throws -> Int? {
        try inspect(name, "{{.State.Running}}") == "false" ? Int(inspect(name, "{{.State.ExitCode}}")) : nil
    }

    /// Ends it as an engine does; its exit code.
    func stop(_ name: String) throws -> Int? {
        _ = try engine.docker(["stop", "--time", "20", known(name)])
        return try exitCode(name)
    }

    /// At most a minute.
    func wait(_ what: String, until isThere: () throws -> Bool) throws {
        for _ in 0..<600 {
            if try isThere() { return }
            usleep(100_000)
        }
        let logs = try ids.keys.map { "\($0):\n\(try log($0))" }
        throw BuiltBio.Missing(description: "\(what) does not come: \(logs.joined(separator: "\n"))")
    }
}
