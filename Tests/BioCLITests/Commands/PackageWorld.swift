// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioSystem
import BioTestSupport
import Testing

/// A root with packages of acme: app needs lib and base, lib needs base. Installed with the commands themselves.
struct PackageWorld {
    let directory: CLIScratch
    let keys: TestKeys

    static let app = "acme/app/2.0/20260101000000"
    static let lib = "acme/lib/1.1/20260101000000"
    static let base = "acme/base/1.0/20260101000000"

    init() throws {
        directory = try CLIScratch()
        keys = try TestKeys(in: "\(directory.path)/root/hab/cache/keys")
    }

    var root: String { "\(directory.path)/root" }

    func world(_ variables: [String: String] = [:]) -> World {
        World(
            variables: ["FS_ROOT": root, "HOME": "\(directory.path)/home"].merging(variables) { $1 }, userID: 0)
    }

    /// Runs a command that must succeed, and gives what it printed.
    func run(_ words: String..., variables: [String: String] = [:]) throws -> String {
        let world = world(variables)
        let code = Program.run(words, tree: CommandTree.root, context: world.context)
        #expect(code == .done, "\(world.standardError)")
        return world.standardOutput
    }

    /// Runs a command that must end with `code`, and gives its messages.
    func refusal(
        _ code: ExitCode, _ words: String..., variables: [String: String] = [:]
    ) -> String {
        let world = world(variables)
        #expect(Program.run(words, tree: CommandTree.root, context: world.context) == code, "\(world.standardError)")
        #expect(world.standardOutput.isEmpty)
        return world.standardError
    }

    /// A fixture whose DEPS are `deps`, with a PATH and a program named like the package.
    static func fixture(_ ident: String, deps: [String] = [], tdeps: [String]? = nil) -> PackageFixture {
        let name = String(ident.split(separator: "/")[1])
        var fixture = PackageFixture(
            ident, tdeps: tdeps ?? deps,
            files: [.init("bin/\(name)", "#!/bin/sh\necho \(name) \"$@\"\n", mode: 0o755), .init("share/notes", "x\n")])
        if !deps.isEmpty { fixture.metafiles["DEPS"] = deps.joined(separator: "\n") + "\n" }
        fixture.metafiles["PATH"] = "/hab/pkgs/\(ident)/bin\n"
        return fixture
    }

    /// Makes the artifacts of all three beside each other; the path of the application's.
    func artifacts(in folder: String = "in") throws -> String {
        let place = "\(directory.path)/\(folder)"
        try Self.fixture(Self.base).artifact(in: place, keys: keys)
        try Self.fixture(Self.lib, deps: [Self.base]).artifact(in: place, keys: keys)
        return try Self.fixture(Self.app, deps: [Self.lib], tdeps: [Self.lib, Self.base]).artifact(
            in: place, keys: keys)
    }

    func install() throws { _ = try run("pkg", "install", try artifacts()) }
}
