// SPDX-License-Identifier: Apache-2.0

/// An engine with one fault (Tests/Support/engines/faulty-engine), or one behind a relay that counts (engines/relay).
package final class FaultyEngine {
    private let process: AttachedProcess
    package let socket: String
    private let log: String

    private init(_ program: String, _ arguments: [String], _ environment: [String: String], in directory: String) throws
    {
        socket = "\(directory)/engine.sock"
        log = "\(directory)/log"
        process = try AttachedProcess(
            [Repository.path("Tests/Support/engines/\(program)"), socket] + arguments, environment: environment,
            directory: directory, ready: "\(socket).ready")
    }

    package convenience init(
        _ fault: String, environment: [String: String] = [:], in directory: borrowing Scratch
    ) throws {
        try self.init("faulty-engine", [fault, directory.file("log")], environment, in: directory.path)
    }

    /// `command` runs once, before the first request to load an image is passed on.
    package convenience init(relayTo engine: TestEngine, command: [String] = [], in directory: borrowing Scratch) throws
    {
        try self.init("relay", [engine.socket, directory.file("log")] + command, [:], in: directory.path)
    }

    /// The lines that it wrote so far.
    package func lines() throws -> [String] {
        let text = String(decoding: (try? contents(of: log)) ?? [], as: UTF8.self)
        return text.split(separator: "\n").map(String.init)
    }
}
