// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioPackage

/// The text form of a receipt: lines of fields with one space between, LF after each, ASCII but for the metafiles.
///
///     bio-receipt 2
///     ident core/redis/4.0.14/20200421191514
///     target x86_64-linux
///     artifact blake2b-256:… 1234567
///     payload blake2b-256:…
///     signer core-20180119235000
///     signature BASE64
///     metafile TARGET 13
///     x86_64-linux
///
///     d 755 1587496514 .
///     f 644 1587496514 13 HEX TARGET
///     d 755 1587496514 bin
///     f 755 1587496514 123456 HEX bin/redis-cli
///     h 755 1587496514 bin/redis-cli bin/redis-client
///     l 777 1587496514 ../lib lib64
///     end 6
///     checksum blake2b-256:…
///
/// Modes are octal. Paths and targets have `%XX` for every byte that is not printable ASCII, for space and for `%`; the
/// package's own directory is `.`. After the line of a metafile come as many bytes as it says, and a LF. The checksum is
/// over all bytes before its line.
enum ReceiptText {
    static let firstLine = "bio-receipt 2"
    /// The one before, without metafiles.
    static let outdatedFirstLine = "bio-receipt 1"
    static let metafileWord = "metafile "
    static let signatureWord = "signature "
    static let checksumWord = "checksum "

    static func bytes(of receipt: Receipt) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(
            receipt.entries.count * 128 + 512 + receipt.metafiles.values.reduce(0) { $0 + $1.count + 64 })
        func line(_ fields: String...) {
            text += Array(fields.joined(separator: " ").utf8)
            text.append(newline)
        }
        line(firstLine)
        line("ident", receipt.ident.description)
        line("target", receipt.target.description)
        line("artifact", receipt.artifactDigest.description, String(receipt.artifactSize))
        line("payload", receipt.payloadDigest.description)
        line("signer", receipt.signer.description)
        if let signature = receipt.signature {
            text += Array("\(signatureWord)\(signature.withUnsafeBytes { Base64.encode($0) })\n".utf8)
        }
        for (file, content) in ordered(receipt.metafiles) {
            text += Array("\(metafileWord)\(file.rawValue) \(content.count)\n".utf8)
            text += content
            text.append(newline)
        }
        for entry in receipt.entries {
            let mode = String(entry.mode, radix: 8)
            let (time, path) = (String(entry.mtime), entry.path.isEmpty ? "." : escaped(entry.path))
            switch entry.kind {
            case .directory: line("d", mode, time, path)
            case .file(let digest): line("f", mode, time, String(entry.size), digest.hex, path)
            case .hardLink(let target): line("h", mode, time, escaped(target), path)
            case .symlink(let target): line("l", mode, time, escaped(target), path)
            }
        }
        line("end", String(receipt.entries.count))
        let sum = Digest.blake2b256(of: text)
        text += Array("\(checksumWord)\(sum)\n".utf8)
        return text
    }

    private static func ordered(_ metafiles: [MetaFile: [UInt8]]) -> [(file: MetaFile, content: [UInt8])] {
        metafiles.map { (file: $0.key, content: $0.value) }
            .sorted { $0.file.rawValue.utf8.lexicographicallyPrecedes($1.file.rawValue.utf8) }
    }

    static let newline = UInt8(ascii: "\n")
    static let percent = UInt8(ascii: "%")

    static func escaped(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            if byte > 0x20 && byte < 0x7F && byte != percent {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += byte < 16 ? "%0" : "%"
                text += String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }

    /// nil when an escape is not one that `escaped` writes.
    static func unescaped(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var index = field.startIndex
        while index < field.endIndex {
            if field[index] != percent {
                bytes.append(field[index])
                index += 1
                continue
            }
            guard index + 2 < field.endIndex, let high = digit(field[index + 1]), let low = digit(field[index + 2])
            else { return nil }
            bytes.append(high << 4 | low)
            index += 3
        }
        return bytes
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
