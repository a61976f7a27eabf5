// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioSystem
import Testing

@Suite struct OriginKeyTests {
    private let directory: CLIScratch

    init() throws { directory = try CLIScratch() }

    private func world(_ variables: [String: String] = [:], input: String = "") -> World {
        World(variables: ["HAB_CACHE_KEY_PATH": "\(directory.path)/keys"].merging(variables) { $1 }, input: input)
    }

    @Test func aPairGoesFromRingToRing() throws {
        let maker = world()
        #expect(maker.run("origin", "key", "generate", "acme") == .done)
        #expect(maker.standardOutput == "acme-20261120103456\n")
        for type in ["public", "secret"] {
            let exporter = world()
            #expect(exporter.run("origin", "key", "export", "acme", "-t", type) == .done)
            let importer = world(["HAB_CACHE_KEY_PATH": "\(directory.path)/other"], input: exporter.standardOutput)
            #expect(importer.run("origin", "key", "import") == .done)
            #expect(importer.standardOutput == "acme-20261120103456\n")
        }
        let names = try Directory.names("\(directory.path)/other").map { String(decoding: $0, as: UTF8.self) }
        #expect(names == ["acme-20261120103456.pub", "acme-20261120103456.sig.key"])
        #expect(try FileStatus.of("\(directory.path)/other/\(names[1])")?.mode == 0o400)
    }

    @Test func theOptionBeatsTheVariable() throws {
        #expect(world().run("origin", "key", "generate", "acme", "--cache-key-path", "\(directory.path)/here") == .done)
        #expect(try Directory.names("\(directory.path)/here").count == 2)
        #expect(try FileStatus.of("\(directory.path)/keys") == nil)
    }

    @Test func theOriginMayComeFromTheEnvironment() {
        #expect(world(["HAB_ORIGIN": "acme"]).run("origin", "key", "generate") == .done)
        let none = world()
        #expect(none.run("origin", "key", "generate") == .usage)
        #expect(none.standardError.contains("<ORIGIN> is missing"))
    }

    @Test func defaultRingDependsOnWhoAsks() throws {
        let root = "\(directory.path)/root"
        let home = "\(directory.path)/home"
        let user = World(variables: ["FS_ROOT": root, "HOME": home], userID: 1000)
        #expect(user.run("origin", "key", "generate", "acme") == .done)
        #expect(try Directory.names("\(home)/.hab/cache/keys").count == 2)
        let superuser = World(variables: ["FS_ROOT": root, "HOME": home], userID: 0)
        #expect(superuser.run("origin", "key", "generate", "acme") == .done)
        #expect(try Directory.names("\(root)/hab/cache/keys").count == 2)
        let homeless = World(variables: ["FS_ROOT": "\(directory.path)/third/"], userID: 1000)
        #expect(homeless.run("origin", "key", "generate", "acme") == .done)
        #expect(try Directory.names("\(directory.path)/third/hab/cache/keys").count == 2)
    }

    @Test(arguments: [
        ("", ExitCode.failure, "standard input is empty"),
        ("nonsense", .trustRefused, "begins with 'nonsense'"),
        ("NONSENSE-12\nacme-20260101000000\n\nAAAA", .trustRefused, "'NONSENSE-12'"),
        (String(repeating: "x", count: 70_000), .failure, "longer than"),
    ])
    func importRefuses(_ text: String, _ code: ExitCode, _ message: String) throws {
        let importer = world(input: text)
        #expect(importer.run("origin", "key", "import") == code)
        #expect(importer.standardError.contains(message))
        #expect(importer.standardOutput.isEmpty)
        #expect(try FileStatus.of("\(directory.path)/keys") == nil)
    }

    @Test func refusesAnotherKeyOfTheSameName() {
        #expect(world().run("origin", "key", "generate", "acme") == .done)
        let again = world()  // the clock stands still
        #expect(again.run("origin", "key", "generate", "acme") == .trustRefused)
        #expect(again.standardError.contains("a different key is already in"))
    }

    @Test func namesWhatIsMissingOrMalformed() {
        let missing = world()
        #expect(missing.run("origin", "key", "export", "acme") == .trustRefused)
        #expect(missing.standardError.contains("there is no public signing key of 'acme'"))
        let malformed = world()
        #expect(malformed.run("origin", "key", "export", "Acme") == .usage)
        #expect(malformed.standardError.contains("hint: origins are written in lower case"))
    }

    @Test func keysAreListed() throws {
        for origin in ["beta", "acme"] { #expect(world().run("origin", "key", "generate", origin) == .done) }
        try AtomicFile.write([1], to: "\(directory.path)/keys/acme-20260101000000.pub")
        let all = world()
        #expect(all.run("origin", "key", "list") == .done)
        #expect(
            all.standardOutput == """
                acme-20261120103456  public
                acme-20261120103456  secret
                beta-20261120103456  public
                beta-20261120103456  secret

                """)
        let one = world()
        #expect(one.run("o", "k", "l", "beta", "--format", "json") == .done)
        #expect(one.standardOutput.contains("beta-20261120103456.sig.key") && !one.standardOutput.contains("acme"))
        #expect(world().run("origin", "key", "list", "No/Origin") == .usage)
        let none = world()
        #expect(none.run("origin", "key", "list", "nobody") == .done && none.standardOutput.isEmpty)
    }
}
