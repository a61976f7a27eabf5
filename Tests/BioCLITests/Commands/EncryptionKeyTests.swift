// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioSystem
import Testing

/// Keys of users, services and rings.
@Suite struct EncryptionKeyTests {
    private let packages: PackageWorld

    init() throws { packages = try PackageWorld() }

    private func file(_ name: String) -> String { "\(packages.root)/hab/cache/keys/\(name)" }

    private func lines(_ name: String) throws -> [String] {
        String(decoding: try FileDescriptor.open(file(name)).readToEnd(limit: 4096), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func aUserGetsAPairWithModes() throws {
        let name = try packages.run("user", "key", "generate", "ann").dropLast()
        #expect(name.hasPrefix("ann-"))
        #expect(try lines("\(name).pub")[..<3] == ["BOX-PUB-1", String(name), ""])
        #expect(try lines("\(name).box.key").first == "BOX-SEC-1")
        #expect(try FileStatus.of(file("\(name).pub"))?.mode == 0o444)
        #expect(try FileStatus.of(file("\(name).box.key"))?.mode == 0o400)
    }

    @Test(arguments: [
        (["redis.default", "acme"], [:]), (["redis.default@acme"], [:]), (["redis.default@acme", "acme"], [:]),
        (["redis.default"], ["HAB_ORG": "acme"]),
    ])
    func aServiceGroupGetsAPair(words: [String], variables: [String: String]) throws {
        let world = packages.world(variables)
        #expect(
            Program.run(["svc", "key", "generate"] + words, tree: CommandTree.root, context: world.context) == .done)
        let name = world.standardOutput.dropLast()
        #expect(name.hasPrefix("redis.default@acme-"))
        #expect(try lines("\(name).box.key")[1] == String(name))
    }

    @Test(arguments: [
        ["redis", "acme"], ["a.b.c", "acme"], ["redis.default@x", "acme"], ["a.b", "o/x"], ["a.b@c@d"], ["a.b"],
    ])
    func refusesOtherServiceGroups(words: [String]) {
        #expect(
            Program.run(["svc", "key", "generate"] + words, tree: CommandTree.root, context: packages.world().context)
                == .usage)
    }

    @Test func aRingKeyTravels() throws {
        let name = try packages.run("ring", "key", "generate", "production").dropLast()
        #expect(try FileStatus.of(file("\(name).sym.key"))?.mode == 0o400)
        let text = try packages.run("ring", "key", "export", variables: ["HAB_RING": "production"])
        #expect(text.hasPrefix("SYM-SEC-1\n\(name)\n\n"))
        let other = World(
            variables: ["FS_ROOT": "\(packages.directory.path)/other"], input: text, userID: 0)
        #expect(other.run("ring", "key", "import") == .done)
        #expect(other.standardOutput == "\(name)\n")
        let again = World(variables: ["FS_ROOT": "\(packages.directory.path)/other"], input: text, userID: 0)
        #expect(again.run("ring", "key", "import") == .done)
        #expect(packages.refusal(.trustRefused, "ring", "key", "export", "prod").contains("bio ring key generate prod"))
        #expect(packages.refusal(.usage, "ring", "key", "generate").contains("<RING> is missing"))
    }

    @Test func aRingTakesNoOtherKind() throws {
        _ = try packages.run("origin", "key", "generate", "ann")
        let text = try packages.run("origin", "key", "export", "ann")
        let world = World(variables: ["FS_ROOT": packages.root], input: text, userID: 0)
        #expect(world.run("ring", "key", "import") == .trustRefused)
        #expect(world.standardError.contains("'SIG-PUB-1', not with 'SYM-SEC-1'"))
    }

    /// The public halves of signing and encryption keys share one name; the clock of these tests stands still.
    @Test func aKeyOfTheSameSecondIsNotOverwritten() throws {
        let name = try packages.run("origin", "key", "generate", "ann").dropLast()
        let before = try lines("\(name).pub")
        let text = packages.refusal(.trustRefused, "user", "key", "generate", "ann")
        #expect(text.contains("holds a public signing key of the same name and second"))
        #expect(try lines("\(name).pub") == before)
        #expect(try FileStatus.of(file("\(name).box.key")) == nil, "a secret half without its public one stays")
    }
}
