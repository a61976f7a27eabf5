// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioTestSupport
import Testing

@testable import BioPluginHost

/// What may take the place of what.
@Suite struct InstallDecisionTests {
    private let first: PublicKey
    private let second: PublicKey

    init() throws {
        let scratch = try Scratch()
        let keys = try TestKeys(in: scratch.file("keys"))
        let others = try TestKeys(in: scratch.file("others"), origin: "other")
        first = try keys.ring.publicKey(keys.name)
        second = try others.ring.publicKey(others.name)
    }

    private static func list(_ version: String, content: String = "x") throws -> PluginFileList {
        try PluginFileList(
            id: "org.example.thing", version: version, target: .x86_64Linux,
            entries: [
                .init(path: "a", size: 1, digest: .blake2b256(of: Array(content.utf8)), isExecutable: false)
            ])
    }

    private static func installed(_ version: String, _ key: PublicKey?, hasReceipt: Bool = true) throws
        -> PluginInstaller.Installed
    {
        let digest = try list(version).digest
        let receipt = InstallReceipt(
            id: "org.example.thing", version: version, files: digest, source: "/x", package: nil, key: key, installed: 1
        )
        return .init(directory: "/p", version: version, files: digest, receipt: hasReceipt ? receipt : nil)
    }

    private static func decide(
        _ list: PluginFileList, _ key: PublicKey?, over installed: PluginInstaller.Installed? = nil,
        isUpdate: Bool = false, _ change: (inout InstallConsent) -> Void = { _ in }
    ) throws -> InstallDecision {
        var consent = InstallConsent()
        change(&consent)
        return try InstallDecision(list, key: key, installed: installed, consent, isUpdate: isUpdate)
    }

    @Test func somebodyMustVouchForIt() throws {
        let list = try Self.list("1.0")
        #expect(try Self.decide(list, first) == .new)
        #expect(throws: PluginTrustError.unsigned(plugin: "org.example.thing")) { try Self.decide(list, nil) }
        #expect(try Self.decide(list, nil) { $0.allowsUnsigned = true } == .new)
        #expect(throws: PluginTrustError.unsigned(plugin: "org.example.thing")) {
            try Self.decide(list, nil) {
                $0.allowsUnsigned = true
                $0.acceptedKey = "acme"
            }
        }
    }

    @Test func theKeyThatIsAskedForMustBeIts() throws {
        let list = try Self.list("1.0")
        for name in ["acme", "acme-20260101000000"] {
            #expect(try Self.decide(list, first) { $0.acceptedKey = name } == .new)
        }
        for name in ["acme-20260101000001", "acm", "other"] {
            #expect(
                throws: PluginTrustError.otherKey(
                    plugin: "org.example.thing", found: "acme-20260101000000", expected: name)
            ) { try Self.decide(list, first) { $0.acceptedKey = name } }
        }
    }

    @Test func theSameFilesChangeNothing() throws {
        let there = try Self.installed("1.0", first)
        for isUpdate in [false, true] {
            #expect(try Self.decide(try Self.list("1.0"), first, over: there, isUpdate: isUpdate) == .unchanged)
        }
        #expect(
            try Self.decide(try Self.list("1.0"), first, over: there) { $0.isForced = true }
                == .replaces(version: "1.0"))
    }

    @Test func versionsGoForward() throws {
        let there = try Self.installed("1.9", first)
        #expect(try Self.decide(try Self.list("1.10"), first, over: there, isUpdate: true) == .replaces(version: "1.9"))
        #expect(
            throws: PluginInstallError.older(plugin: "org.example.thing", version: "1.8", installed: "1.9")
        ) { try Self.decide(try Self.list("1.8"), first, over: there, isUpdate: true) }
        #expect(
            try Self.decide(try Self.list("1.8"), first, over: there, isUpdate: true) { $0.isForced = true }
                == .replaces(version: "1.9"))
        #expect(
            throws: PluginInstallError.present(
                plugin: "org.example.thing", version: "1.9", wanted: "1.10", directory: "/p")
        ) { try Self.decide(try Self.list("1.10"), first, over: there) }
    }

    @Test func oneVersionHasOneContent() throws {
        let there = try Self.installed("1.0", first)
        let other = try Self.list("1.0", content: "y")
        for isUpdate in [false, true] {
            #expect(
                throws: PluginInstallError.present(
                    plugin: "org.example.thing", version: "1.0", wanted: "1.0", directory: "/p")
            ) { try Self.decide(other, first, over: there, isUpdate: isUpdate) }
        }
    }

    @Test func anotherKeyIsNamedByTheUser() throws {
        let there = try Self.installed("1.0", first)
        let new = try Self.list("2.0")
        #expect(
            throws: PluginTrustError.otherKey(
                plugin: "org.example.thing", found: "other-20260101000000", expected: "acme-20260101000000")
        ) { try Self.decide(new, second, over: there, isUpdate: true) }
        // --force is about versions, not about keys.
        #expect(throws: PluginTrustError.self) {
            try Self.decide(new, second, over: there, isUpdate: true) { $0.isForced = true }
        }
        #expect(
            try Self.decide(new, second, over: there, isUpdate: true) { $0.acceptedKey = "other" }
                == .replaces(version: "1.0"))
        #expect(
            throws: PluginTrustError.keyLost(plugin: "org.example.thing", expected: "acme-20260101000000")
        ) { try Self.decide(new, nil, over: there, isUpdate: true) { $0.allowsUnsigned = true } }
    }

    /// Its list of files has been changed, so that no receipt fits it: replacing it by force is no way to another key.
    @Test func whoVouchedForAnAlteredPluginIsRemembered() throws {
        var there = try Self.installed("1.0", nil, hasReceipt: false)
        there.formerKeys = [first]
        let new = try Self.list("2.0")
        for isUpdate in [false, true] {
            #expect(
                throws: PluginTrustError.otherKey(
                    plugin: "org.example.thing", found: "other-20260101000000", expected: "acme-20260101000000")
            ) { try Self.decide(new, second, over: there, isUpdate: isUpdate) { $0.isForced = true } }
            #expect(
                throws: PluginTrustError.keyLost(plugin: "org.example.thing", expected: "acme-20260101000000")
            ) {
                try Self.decide(new, nil, over: there, isUpdate: isUpdate) {
                    $0.isForced = true
                    $0.allowsUnsigned = true
                }
            }
            #expect(
                try Self.decide(new, first, over: there, isUpdate: isUpdate) { $0.isForced = true }
                    == .replaces(version: "1.0"))
            #expect(
                try Self.decide(new, second, over: there, isUpdate: isUpdate) {
                    $0.isForced = true
                    $0.acceptedKey = "other"
                } == .replaces(version: "1.0"))
        }
    }

    @Test func whoWasUnsignedMayBecomeSigned() throws {
        let there = try Self.installed("1.0", nil)
        #expect(try Self.decide(try Self.list("2.0"), first, over: there, isUpdate: true) == .replaces(version: "1.0"))
        #expect(throws: PluginTrustError.unsigned(plugin: "org.example.thing")) {
            try Self.decide(try Self.list("2.0"), nil, over: there, isUpdate: true)
        }
    }

    @Test func whatSomebodyPutThereByHandIsHis() throws {
        let there = try Self.installed("1.0", nil, hasReceipt: false)
        for isUpdate in [false, true] {
            #expect(
                throws: PluginInstallError.notInstalledHere(plugin: "org.example.thing", directory: "/p")
            ) { try Self.decide(try Self.list("2.0"), first, over: there, isUpdate: isUpdate) }
        }
        #expect(
            try Self.decide(try Self.list("2.0"), first, over: there) { $0.isForced = true }
                == .replaces(version: "1.0"))
    }
}
