// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPluginHost
import BioTestSupport
import Testing

@Suite struct PluginSignatureTests {
    @Test func aSignatureIsOfOneListByOneKey() throws {
        let world = try BundleFixture()
        let list = try world.list
        let signature = PluginSignature(of: list, with: try world.keys.ring.secretKey(world.keys.name))
        let key = try world.keys.ring.publicKey(world.keys.name)
        #expect(signature.isGood(for: list, by: key))
        #expect(PluginSignature(parsing: Array(signature.text.utf8)) == signature)
        let other = try TestKeys(in: world.file("other"))
        #expect(!signature.isGood(for: list, by: try other.ring.publicKey(other.name)))
        try world.write("libthing.so", "no library!")
        #expect(!signature.isGood(for: try world.list, by: key))
    }

    /// Origin keys sign packages too: neither signature may stand for the other. A package's is over 64 digits.
    @Test func noSignatureOfAPackageIsOneOfAPlugin() throws {
        let world = try BundleFixture()
        #expect(try world.list.text.hasPrefix("BIO-PLUGIN-FILES-1\n"))
    }

    @Test func everyOtherTextIsRefused() throws {
        let world = try BundleFixture()
        let text = PluginSignature(of: try world.list, with: try world.keys.ring.secretKey(world.keys.name)).text
        for (from, to) in [
            ("SIG-1", "SIG-2"), ("ed25519", "rsa"), ("acme-2026", "acme"), ("\n\n", "\n"), ("\n\n", "\n\n\n"),
            ("==\n", "=\n"), ("==\n", "==\nx"), ("==\n", "=="), ("ed25519\n", "ed25519\r\n"), ("acme", "../acme"),
        ] {
            let changed = text.replacing(from, with: to, maxReplacements: 1)
            #expect(changed != text)
            #expect(PluginSignature(parsing: Array(changed.utf8)) == nil, "\(from) -> \(to)")
        }
        #expect(PluginSignature(parsing: [UInt8](repeating: 0x41, count: 5000)) == nil)
        #expect(PluginSignature(parsing: [0xFF]) == nil)
    }
}
