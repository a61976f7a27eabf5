// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioPluginHost

/// Plugins that appear, are replaced and go whole.
@Suite struct PluginInstallerTests {
    /// Installs what is in `fixture` without asking its library, which is none.
    private static func install(_ fixture: borrowing BundleFixture, into place: String) throws -> String {
        let installer = try PluginInstaller(place: place)
        let staged = try installer.stage(
            fixture.directory, named: fixture.directory, keys: fixture.keys.ring, temporaryDirectory: fixture.file(""))
        return try installer.place(
            staged, sampleDescription(), key: try fixture.keys.ring.publicKey(fixture.keys.name), at: 1_790_000_000)
    }

    /// What an ordinary listing of the place shows.
    private static func visible(_ place: String) throws -> [String] {
        try Directory.names(place).map { String(decoding: $0, as: UTF8.self) }.filter { !$0.hasPrefix(".") }
    }

    @Test func aPluginAppearsWithItsReceiptAndGoesWithIt() throws {
        let fixture = try BundleFixture()
        try fixture.sign()
        let place = fixture.file("installed")
        let directory = try Self.install(fixture, into: place)
        #expect(directory == "\(place)/org.example.thing")
        let installed = try #require(try PluginInstaller(place: place).installed(BundleFixture.id))
        let files = try fixture.list.digest
        #expect(installed.version == "0.0.1" && installed.files == files)
        #expect(installed.receipt?.key?.name == fixture.keys.name && installed.receipt?.installed == 1_790_000_000)
        #expect(try FileStatus.of(directory)?.mode == 0o755)
        #expect(DescriptionFile.read(in: directory) == sampleDescription())
        try PluginInstaller(place: place).remove(BundleFixture.id)
        #expect(try Directory.names(place) == [])
    }

    @Test func aNewVersionTakesThePlaceAndTheReceiptOfTheOldOne() throws {
        let fixture = try BundleFixture()
        let place = fixture.file("installed")
        _ = try Self.install(fixture, into: place)
        try fixture.write("data", "more")
        _ = try Self.install(fixture, into: place)
        let installed = try #require(try PluginInstaller(place: place).installed(BundleFixture.id))
        let files = try fixture.list.digest
        #expect(installed.files == files && installed.receipt != nil)
        #expect(try Directory.names("\(place)/.receipts").count == 1)
        #expect(try Self.visible(place) == ["org.example.thing"])
        #expect(try FileStatus.of("\(place)/org.example.thing/data") != nil)
    }

    @Test func aFailureLeavesTheOldOne() throws {
        let fixture = try BundleFixture()
        let place = fixture.file("installed")
        _ = try Self.install(fixture, into: place)
        let old = try PluginInstaller(place: place).installed(BundleFixture.id)
        try fixture.write("data", "more")
        // The new receipt finds a directory where its file should be.
        let new = InstallReceipt.path(in: place, id: BundleFixture.id, files: try fixture.list.digest)
        try Directory.create("\(new)/x")
        #expect(throws: SystemError.self) { try Self.install(fixture, into: place) }
        #expect(try PluginInstaller(place: place).installed(BundleFixture.id) == old)
        #expect(try FileStatus.of("\(place)/org.example.thing/data") == nil)
        try Directory.remove(new)
        _ = try Self.install(fixture, into: place)
        #expect(try FileStatus.of("\(place)/org.example.thing/data") != nil)
    }

    @Test func whatAKillLeftIsSeenByNobodyAndGoesWithTheNextInstallation() throws {
        let fixture = try BundleFixture()
        let place = fixture.file("installed")
        try Directory.create("\(place)/.installing-abcdef/plugin")
        try AtomicFile.write(
            Array(CPlugin.manifest(id: BundleFixture.id, name: "thing").utf8),
            to: "\(place)/.installing-abcdef/plugin/plugin.toml")
        let places = [PluginPlace(origin: "user", directory: place, authority: .user)]
        let catalog = PluginCatalog(
            places: places, judge: PluginJudge(policy: PluginPolicy()), evidence: PluginEvidenceReader(rings: []))
        #expect(catalog.plugins.isEmpty)
        _ = try Self.install(fixture, into: place)
        #expect(try FileStatus.of("\(place)/.installing-abcdef") == nil)
    }

    @Test func aPluginThatWasPutThereByHandStays() throws {
        let fixture = try BundleFixture()
        let place = fixture.file("installed")
        try Directory.create("\(place)/org.example.thing")
        let installer = try PluginInstaller(place: place)
        #expect(try installer.installed(BundleFixture.id)?.receipt == nil)
        #expect(
            throws: PluginInstallError.notInstalledHere(
                plugin: BundleFixture.id, directory: "\(place)/org.example.thing")
        ) { try installer.remove(BundleFixture.id) }
        #expect(throws: PluginInstallError.absent(plugin: "org.example.none", place: place)) {
            try installer.remove("org.example.none")
        }
        #expect(try Self.visible(place) == ["org.example.thing"])
    }

    @Test func whoVouchedForAChangedPluginIsKnown() throws {
        let fixture = try BundleFixture()
        let place = fixture.file("installed")
        let directory = try Self.install(fixture, into: place)
        let key = try fixture.keys.ring.publicKey(fixture.keys.name)
        let text = String(decoding: try contents(of: "\(directory)/plugin.files"), as: UTF8.self)
        for altered in [text.replacing("version 0.0.1", with: "version 0.0.2"), "x"] {
            try AtomicFile.write(Array(altered.utf8), to: "\(directory)/plugin.files")
            let installed = try #require(try PluginInstaller(place: place).installed(BundleFixture.id))
            #expect(installed.receipt == nil)
            #expect(installed.formerKeys == [key])
        }
    }

    @Test func aPluginThatWasChangedSinceCanStillBeRemoved() throws {
        let fixture = try BundleFixture()
        let place = fixture.file("installed")
        let directory = try Self.install(fixture, into: place)
        try AtomicFile.write(Array("x".utf8), to: "\(directory)/plugin.files")
        try PluginInstaller(place: place).remove(BundleFixture.id)
        #expect(try Directory.names(place) == [])
    }

    /// A plugin of another id that begins alike keeps its receipt.
    @Test func receiptsAreToldApart() throws {
        let fixture = try BundleFixture()
        let place = fixture.file("installed")
        _ = try Self.install(fixture, into: place)
        let other = InstallReceipt.path(in: place, id: "org.example.thing-two", files: try fixture.list.digest)
        try AtomicFile.write(Array("{}".utf8), to: other)
        try PluginInstaller(place: place).remove(BundleFixture.id)
        #expect(try FileStatus.of(other) != nil)
    }
}
