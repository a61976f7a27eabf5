// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioHart
import BioPackage

extension FuzzTarget {
    static let header = FuzzTarget("header", seeds: { [HeaderSeed.bytes] }) { bytes in
        let header: HartHeader
        do throws(HartError) { header = try HartHeader(parsing: bytes[...], path: "a.hart") } catch {
            checkMessage(error.description)
            return
        }
        promise(bytes.starts(with: header.bytes), "a header is the beginning of its file")
        promise(header.signature.count == HartHeader.signatureByteCount, "a signature has 128 bytes")
        promise(Flavour.biome.readableMagics.contains(header.magic), "a magic that nobody reads")
        _ = header.claimedHash
        let text = "\(header.magic)\n\(header.signer)\n\(header.hashType)\n\(header.signatureText)\n\n"
        do throws(HartError) {
            let again = try HartHeader(parsing: Array(text.utf8)[...], path: "a.hart")
            promise(
                again.magic == header.magic && again.signer == header.signer && again.signature == header.signature,
                "a header reads otherwise when it is written anew")
            promise(again.bytes == Array(text.utf8), "a plain header is all header")
        } catch { broken("a header that was read is refused: \(error)") }
    }
}

private enum HeaderSeed {
    static var bytes: [UInt8] {
        let digest = Array("0f2c5f4de145c7f78601caae9c7b8767098413d05739de913c012922b7eed760".utf8)
        let signature = [UInt8](repeating: 0x5A, count: 64) + digest
        let text = signature.withUnsafeBytes { Base64.encode($0) }
        return Array("HART-1\nacme-20260101000000\nBLAKE2b\n\(text)\n\npayload".utf8)
    }
}
