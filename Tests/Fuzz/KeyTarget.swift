// SPDX-License-Identifier: Apache-2.0

import BioCrypto

extension FuzzTarget {
    static let keys = FuzzTarget("keys") { bytes in
        do throws(KeyError) {
            let key = try PublicKey(parsing: bytes)
            let again = try PublicKey(parsing: Array(key.text.utf8))
            promise(again == key, "a public key reads otherwise when it is written anew")
            _ = key.open(bytes)
        } catch { checkMessage(error.description) }
        do throws(KeyError) {
            let key = try SecretKey(parsing: bytes)
            let again = try SecretKey(parsing: key.text.withUnsafeBytes { Array($0) })
            promise(again.text.equals(key.text), "a secret key reads otherwise when it is written anew")
            let message = Array("message".utf8)
            promise(key.publicKey.open(key.sign(message)) == message, "a key does not open what it signed")
        } catch { checkMessage(error.description) }
        checkAnyKind(bytes)
    }

    private static func checkAnyKind(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            do throws(KeyError) {
                let key = try KeyText(parsing: buffer)
                let text = key.text.withUnsafeBytes { Array($0) }
                let again = try text.span.bytes.withUnsafeBytes {
                    (buffer) throws(KeyError) -> (KeyKind, KeyName, Bool) in
                    let again = try KeyText(parsing: buffer)
                    return (again.kind, again.name, again.key.equals(key.key))
                }
                promise(again == (key.kind, key.name, true), "a key reads otherwise when it is written anew")
            } catch { checkMessage(error.description) }
        }
    }
}
