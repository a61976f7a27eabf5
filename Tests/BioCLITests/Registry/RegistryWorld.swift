// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioSystem
import BioTestSupport

/// A home directory for logins.
struct RegistryWorld: ~Copyable {
    private let scratch: Scratch
    var variables: [String: String] = [:]

    init() throws {
        scratch = try Scratch()
        variables = ["HOME": scratch.path, "PATH": "\(scratch.path):/usr/bin:/bin"]
    }

    var path: String { scratch.path }
    var configuration: String { scratch.file(".docker/config.json") }

    func text(_ path: String) throws -> String { String(decoding: try contents(of: path), as: UTF8.self) }

    func world(input: String = "", terminal: TerminalFacts = TerminalFacts()) -> World {
        World(variables: variables, input: input, directory: path, terminal: terminal)
    }

    @discardableResult
    func write(_ text: String, to name: String, mode: UInt32 = 0o644) throws -> String {
        let path = scratch.file(name)
        try Directory.create(String(path[..<path.lastIndex(of: "/")!]))
        try AtomicFile.write(Array(text.utf8), to: path, mode: mode)
        return path
    }
}
