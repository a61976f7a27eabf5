// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPluginHost
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct PluginEvidenceTests {
    @Test func aPlaceSaysEnoughOnlyWhereTheUserOrTheProgramIsInIt() throws {
        let world = try BundleFixture()
        #expect(try world.provenance(.developer) == PluginProvenance(.developer))
        #expect(try world.provenance(.bundled) == PluginProvenance(.bundled))
        #expect(try world.provenance(.foreign) == PluginProvenance(.unsigned))
        // Beside the program, where sites put theirs too, only what calls itself bio's own is taken for it.
        #expect(try world.provenance(.shared) == PluginProvenance(.unsigned))
        try world.write("plugin.toml", CPlugin.manifest(id: "org.biome.thing", name: "thing"))
        #expect(try world.provenance(.shared) == PluginProvenance(.bundled))
        #expect(try world.provenance(.foreign) == PluginProvenance(.unsigned))
    }

    @Test func aSignatureIsFollowedToItsKey() throws {
        let world = try BundleFixture()
        try world.sign()
        let list = try world.list
        let key = "\(world.keys.name)"
        #expect(try world.provenance() == PluginProvenance(.signed(key: key), files: list))
        #expect(try world.provenance(rings: []) == PluginProvenance(.unknownKey(key), files: list))
        // Another user than he who installed it may not have the key: the receipt has it.
        let installer = try world.keys.ring.publicKey(world.keys.name)
        try world.keep(try world.receipt(key: installer))
        #expect(try world.provenance(rings: []) == PluginProvenance(.signed(key: key), .key(key), files: list))
    }

    @Test func anotherKeyOfThatNameDoesNotDo() throws {
        let world = try BundleFixture()
        try world.sign()
        let other = try TestKeys(in: world.file("other"))
        let evidence = try world.provenance(rings: [other.ring]).evidence
        #expect(
            evidence
                == .badSignature("plugin.sig is not the key acme-20260101000000's signature of its files"))
        // The ring speaks before a receipt that somebody may have put there.
        try world.keep(try world.receipt(key: try world.keys.ring.publicKey(world.keys.name)))
        #expect(try world.provenance(rings: [other.ring]).evidence == evidence)
    }

    @Test func whatAPackageBroughtIsKnownByItsReceipt() throws {
        let world = try BundleFixture()
        try world.write("plugin.files", try world.list.text)
        let key = try world.keys.ring.publicKey(world.keys.name)
        try world.keep(try world.receipt(key: key, package: "acme/thing/1/2"))
        #expect(
            try world.provenance()
                == PluginProvenance(
                    .installed(from: "acme/thing/1/2", key: "\(key.name)"), .key("\(key.name)"), files: try world.list))
    }

    @Test func whoAcceptedBytesAcceptedNoOthers() throws {
        let world = try BundleFixture()
        try world.write("plugin.files", try world.list.text)
        try world.keep(try world.receipt(key: nil))
        #expect(try world.provenance() == PluginProvenance(.unsigned, .unsigned, files: try world.list))
        // Another list, however true, has no receipt.
        try world.write("libthing.so", "other library")
        try world.write("plugin.files", try world.list.text)
        #expect(try world.provenance() == PluginProvenance(.unsigned, .none, files: try world.list))
    }

    @Test(arguments: [
        ("plugin.toml", "plugin.toml is not the one that is listed"),
        ("libthing.so", "the file 'libthing.so' is not the one that is listed: it has another size"),
    ])
    func aChangedFileShows(name: String, why: String) throws {
        let world = try BundleFixture()
        try world.sign()
        try world.write(name, String(decoding: try contents(of: "\(world.directory)/\(name)"), as: UTF8.self) + "\n")
        #expect(try world.provenance() == PluginProvenance(.altered(why)))
    }

    @Test func aMissingFileAndALinkAreNoFiles() throws {
        let world = try BundleFixture()
        try world.write("data", "x")
        try world.sign()
        unlink("\(world.directory)/data")
        #expect(try world.provenance() == PluginProvenance(.altered("the file 'data' is missing")))
        #expect(symlink("plugin.toml", "\(world.directory)/data") == 0)
        #expect(try world.provenance() == PluginProvenance(.altered("the file 'data' is missing")))
    }

    @Test func aListOfAnotherPluginIsNone() throws {
        let world = try BundleFixture()
        try world.sign()
        let text = try world.list.text
        try world.write("plugin.files", text.replacing("id org.example.thing", with: "id org.example.other"))
        #expect(
            try world.provenance().evidence
                == .badSignature("plugin.files is about org.example.other 0.0.1 for x86_64-linux"))
        try world.write(
            "plugin.files", text.split(separator: "\n").filter { !$0.hasSuffix(".so") }.joined(separator: "\n") + "\n")
        #expect(
            try world.provenance().evidence == .badSignature("plugin.files does not list the library 'libthing.so'"))
    }

    @Test(arguments: ["", "x", "BIO-PLUGIN-SIG-1\nacme-20260101000000\ned25519\n\nAAAA\n"])
    func aSignatureThatIsNoneIsNotOverlooked(text: String) throws {
        let world = try BundleFixture()
        try world.sign()
        try world.write("plugin.sig", text)
        #expect(
            try world.provenance().evidence == .badSignature("plugin.sig is no signature that this bio reads"))
    }

    @Test(arguments: ["plugin.files", "plugin.sig"]) func neitherAFifoNorALinkNorAFloodStopsAListing(name: String)
        throws
    {
        let world = try BundleFixture()
        try world.sign()
        let path = "\(world.directory)/\(name)"
        func evidence() throws -> String { try world.provenance().evidence.word }
        unlink(path)
        #expect(mkfifo(path, 0o600) == 0)
        #expect(try evidence() == "bad-signature")
        unlink(path)
        #expect(symlink("/dev/zero", path) == 0)
        #expect(try evidence() == "bad-signature")
        unlink(path)
        try world.write(name, String(repeating: "x", count: 2 << 20))
        #expect(try evidence() == "bad-signature")
        unlink(path)
        try Directory.create(path)
        #expect(try evidence() == "bad-signature")
    }

    @Test(
        arguments: [
            ("schema_version", .integer(2)), ("id", "org.example.other"), ("files", "sha256:00"), ("public_key", "x"),
            ("installed", .null),
        ] as [(String, DocumentValue)])
    func areceiptThatIsNoneIsNone(key: String, value: DocumentValue) throws {
        let world = try BundleFixture()
        try world.write("plugin.files", try world.list.text)
        let receipt = try world.receipt(key: nil)
        var object = DocumentObject()
        for member in receipt.document.object?.members ?? [] {
            object.append(member.key, member.key == key ? value : member.value)
        }
        try world.keep(receipt)
        #expect(try world.provenance().acceptance == .unsigned)
        let path = InstallReceipt.path(in: world.place, id: receipt.id, files: receipt.files)
        try AtomicFile.write(DocumentValue.object(object).jsonBytes(.pretty), to: path)
        #expect(try world.provenance() == PluginProvenance(.unsigned, .none, files: try world.list))
    }
}
