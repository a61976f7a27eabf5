// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioPackage

/// `plugin.sig`: an origin key's Ed25519 signature over the text of `plugin.files`.
package struct PluginSignature: Hashable, Sendable {
    package let key: KeyName
    /// 64 bytes.
    package let signature: [UInt8]

    package static let fileName = "plugin.sig"
    static let magic = "BIO-PLUGIN-SIG-1"
    static let byteCount = 64
    static let largest = 1024

    /// Signs the list.
    package init(of list: PluginFileList, with key: borrowing SecretKey) {
        self.key = key.name
        signature = Array(key.sign(Array(list.text.utf8)).prefix(Self.byteCount))
    }

    package var text: String {
        "\(Self.magic)\n\(key)\ned25519\n\n\(signature.withUnsafeBytes { Base64.encode($0) })\n"
    }

    /// nil for anything but what `text` writes.
    package init?(parsing bytes: [UInt8]) {
        guard bytes.count <= Self.largest, let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 6, let key = try? KeyName(parsing: lines[1]),
            let signature = Array(lines[4].utf8).withUnsafeBytes({ Base64.decode($0, limit: Self.byteCount) }),
            signature.count == Self.byteCount
        else { return nil }
        self.key = key
        self.signature = signature
        guard self.text == text else { return nil }
    }

    package func isGood(for list: PluginFileList, by key: PublicKey) -> Bool {
        key.name == self.key && key.open(signature + Array(list.text.utf8)) != nil
    }
}
