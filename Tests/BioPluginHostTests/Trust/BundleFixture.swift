// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPluginHost
import BioSystem
import BioTestSupport

/// A plugin's directory in a place, with a library that nobody loads, and keys.
struct BundleFixture: ~Copyable {
    private let scratch: Scratch
    let keys: TestKeys
    let place: String
    let directory: String

    static let id = "org.example.thing"

    init() throws {
        let made = try Scratch()
        let keys = try TestKeys(in: made.file("keys"))
        let directory = made.file("place/thing")
        try Directory.create(directory)
        let manifest = CPlugin.manifest(id: Self.id, name: "thing")
        try AtomicFile.write(Array(manifest.utf8), to: "\(directory)/plugin.toml")
        try AtomicFile.write(Array("no library".utf8), to: "\(directory)/libthing.so")
        self.keys = keys
        self.directory = directory
        place = made.file("place")
        scratch = made
    }

    func file(_ name: String) -> String { scratch.file(name) }

    func write(_ name: String, _ text: String) throws {
        try AtomicFile.write(Array(text.utf8), to: "\(directory)/\(name)")
    }

    var list: PluginFileList {
        get throws { try PluginFileList(of: try PluginManifest.read(in: directory), in: directory) }
    }

    /// Writes list and signature as `bio plugin sign` does.
    func sign() throws {
        let list = try list
        try write("plugin.files", list.text)
        try write("plugin.sig", PluginSignature(of: list, with: try keys.ring.secretKey(keys.name)).text)
    }

    func receipt(key: PublicKey?, package: String? = nil) throws -> InstallReceipt {
        InstallReceipt(
            id: Self.id, version: "0.0.1", files: try list.digest, source: "/x", package: package, key: key,
            installed: 1)
    }

    /// Writes a receipt as `bio plugin install` does.
    func keep(_ receipt: InstallReceipt) throws {
        try Directory.create("\(place)/.receipts")
        try AtomicFile.write(
            receipt.document.jsonBytes(.pretty),
            to: InstallReceipt.path(in: place, id: receipt.id, files: receipt.files))
    }

    func provenance(_ standing: PlaceStanding = .foreign, rings: [KeyRing]? = nil) throws -> PluginProvenance {
        var reader = PluginEvidenceReader(rings: rings ?? [keys.ring])
        return reader.provenance(
            of: try PluginManifest.read(in: directory), in: directory, place: place, standing: standing)
    }
}
