// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// One program in the worlds of Habitat, Biome and the later Biome.
@Suite struct FlavourCommandTests {
    private let directory: CLIScratch
    private let keys: TestKeys
    private static let ident = "acme/app/1.0/20260101000000"

    init() throws {
        directory = try CLIScratch()
        keys = try TestKeys(in: "\(directory.path)/keys")
    }

    private func world(_ flavour: String, _ variables: [String: String] = [:]) -> World {
        let prefix = flavour == "biome-2.1" ? "BIO_" : "HAB_"
        return World(
            variables: [
                "FS_ROOT": "\(directory.path)/root", "BIO_FLAVOUR": flavour,
                "\(prefix)CACHE_KEY_PATH": "\(directory.path)/keys",
            ].merging(variables) { $1 }, userID: 0)
    }

    private func artifact(root: String, magic: String) throws -> String {
        var fixture = PackageFixture(Self.ident)
        fixture.root = root
        fixture.metafiles["PATH"] = "/\(root)/pkgs/\(Self.ident)/bin\n"
        return try fixture.artifact(in: "\(directory.path)/\(root)-\(magic)", keys: keys, magic: magic)
    }

    @Test func anUnknownFlavourListsTheKnownOnes() {
        let world = world("biom")
        #expect(world.run("pkg", "list") == .usage)
        #expect(world.standardError.contains("'biom' is not a flavour"))
        #expect(world.standardError.contains("known flavours: habitat, biome, biome-2.1"))
    }

    @Test(
        arguments: ["habitat", "biome", "biome-2.1"],
        [("hab", "HART-1"), ("hab", "BART-1"), ("bio", "BART-1"), ("bio", "HART-1")])
    func everyFlavourReadsEveryArtifact(flavour: String, made: (root: String, magic: String)) throws {
        let path = try artifact(root: made.root, magic: made.magic)
        #expect(world(flavour).run("pkg", "verify", path) == .done)
        let header = world(flavour)
        #expect(header.run("pkg", "header", path) == .done)
        #expect(header.standardOutput.contains("Format Version : \(made.magic)\n"))
        let info = world(flavour)
        #expect(info.run("pkg", "info", path, "--json") == .done)
        let json = try DocumentValue(json: info.standardOutput)
        #expect(json["ident"]?.string == Self.ident && json["format_version"]?.string == made.magic)
        #expect(json["path"] == [.string("/\(made.root)/pkgs/\(Self.ident)/bin")])
    }

    @Test(arguments: [("habitat", "hab"), ("biome", "hab"), ("biome-2.1", "bio")])
    func packagesAreInstalledBelowTheirRoot(flavour: String, root: String) throws {
        let path = try artifact(root: root, magic: "BART-1")
        let install = world(flavour)
        #expect(install.run("pkg", "install", path) == .done, "\(install.standardError)")
        #expect(try FileStatus.of("\(directory.path)/root/\(root)/pkgs/\(Self.ident)/IDENT")?.kind == .file)
        let list = world(flavour)
        #expect(list.run("pkg", "list") == .done)
        #expect(list.standardOutput == "\(Self.ident)\n")
        let ending = flavour == "biome-2.1" ? "bart" : "hart"
        let cached = "\(directory.path)/root/\(root)/cache/artifacts/acme-app-1.0-20260101000000-x86_64-linux.\(ending)"
        #expect(try FileStatus.of(cached)?.kind == .file)
        let listed = world(flavour)
        #expect(listed.run("pkg", "list", "--cached") == .done)
        #expect(listed.standardOutput == "\(Self.ident)\n")
    }

    @Test(arguments: [("biome", "bio", "biome-2.1"), ("habitat", "bio", "biome-2.1"), ("biome-2.1", "hab", "biome")])
    func theWrongRootIsRefusedWithTheFlavourThatFits(flavour: String, root: String, fitting: String) throws {
        let path = try artifact(root: root, magic: "BART-1")
        let install = world(flavour)
        #expect(install.run("pkg", "install", path) == .failure)
        #expect(install.standardError.contains("BIO_FLAVOUR=\(fitting)"), "\(install.standardError)")
        #expect(world(flavour).run("pkg", "path", "acme/app") == .packageNotFound)
    }

    /// The header is not signed, so the format's name may be another without any harm.
    @Test func aRelabelledArtifactKeepsItsSignature() throws {
        let path = try artifact(root: "hab", magic: "HART-1")
        let bytes = try contents(of: path)
        let relabelled = "\(directory.path)/relabelled.bart"
        try AtomicFile.write(Array("BART-1".utf8) + bytes.dropFirst(6), to: relabelled)
        let verify = world("biome-2.1")
        #expect(verify.run("pkg", "verify", relabelled) == .done)
        #expect(world("biome").run("pkg", "install", relabelled) == .done)
    }

    @Test func signingWritesTheFlavoursFormat() throws {
        let payload = "\(directory.path)/payload"
        try AtomicFile.write(Array("foo\n".utf8), to: payload)
        for (flavour, magic, origin) in [("biome", "HART-1\n", "HAB_ORIGIN"), ("biome-2.1", "BART-1\n", "BIO_ORIGIN")] {
            let output = "\(directory.path)/signed"
            let sign = world(flavour, [origin: "acme"])
            #expect(sign.run("pkg", "sign", payload, output) == .done, "\(sign.standardError)")
            #expect(try contents(of: output).starts(with: Array(magic.utf8)))
        }
    }

    @Test func variablesOfAnotherFlavourDoNotCount() {
        let world = World(
            variables: ["FS_ROOT": "\(directory.path)/root", "BIO_FLAVOUR": "biome-2.1", "HAB_PACKAGE_TARGET": "vax"])
        #expect(world.run("pkg", "list") == .done)
        let own = World(
            variables: ["FS_ROOT": "\(directory.path)/root", "BIO_FLAVOUR": "biome-2.1", "BIO_PACKAGE_TARGET": "vax"])
        #expect(own.run("pkg", "list") == .usage)
    }

    @Test func cachesOfUsersLieInTheFlavoursDirectory() throws {
        for (flavour, folder) in [("biome", ".hab"), ("biome-2.1", ".bio"), ("habitat", ".hab")] {
            let home = "\(directory.path)/home-\(flavour)"
            let world = World(variables: ["HOME": home, "BIO_FLAVOUR": flavour])
            #expect(world.run("origin", "key", "generate", "acme") == .done)
            #expect(try Directory.names("\(home)/\(folder)/cache/keys").count == 2)
        }
    }
}
