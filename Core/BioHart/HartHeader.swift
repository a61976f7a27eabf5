// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioPackage
package import BioSystem
import Glibc

/// The five lines before a payload: format, signer, hash, signature, blank.
///
/// Nothing here is trusted: signer and format are not even covered by the signature.
package struct HartHeader: Hashable, Sendable {
    /// As in `HART-1`.
    package let magic: String
    package let signer: KeyName
    /// Always `BLAKE2b`.
    package let hashType: String
    /// 64 bytes of Ed25519 signature and the 64 bytes they sign, which are a digest in hexadecimal.
    package let signature: [UInt8]
    /// The header as it stands in the file: what is before the payload.
    package let bytes: [UInt8]
    /// Bytes before the payload.
    package var payloadOffset: Int64 { Int64(bytes.count) }

    package static let signatureByteCount = 128
    package static let lineLimit = 4096
    package static let hashType = "BLAKE2b"

    /// Reads the header at the start of `file`, at most five lines of `lineLimit` bytes. The position neither matters
    /// nor moves; `path` is for errors.
    package init(reading file: borrowing FileDescriptor, path: String) throws(HartError) {
        var bytes = [UInt8](repeating: 0, count: 5 * (Self.lineLimit + 1))
        var count = 0
        while count < bytes.count {
            let more = bytes.withUnsafeMutableBytes {
                pread(file.rawValue, $0.baseAddress.map { $0 + count }, $0.count - count, off_t(count))
            }
            if more < 0 {
                if errno == EINTR { continue }
                throw .system(SystemError("read", path))
            }
            if more == 0 { break }
            count += more
        }
        try self.init(parsing: bytes[..<count], path: path)
    }

    /// Reads the header at the start of `bytes`. Blanks around a line do not matter (so CRLF does not).
    package init(parsing bytes: ArraySlice<UInt8>, path: String) throws(HartError) {
        var lines = HeaderLines(bytes, path: path)
        let magic = try lines.first()
        let signer = try lines.next()
        do throws(KeyName.ParseError) { self.signer = try KeyName(parsing: signer) } catch {
            throw .signerUnreadable(path: path, text: signer)
        }
        let hashType = try lines.next()
        guard hashType == Self.hashType else { throw .unsupportedHash(path: path, found: hashType) }
        let encoded = Array(try lines.next().utf8)
        guard let signature = encoded.withUnsafeBytes({ Base64.decode($0, limit: Self.signatureByteCount) }),
            signature.count == Self.signatureByteCount
        else { throw .signatureUndecodable(path: path) }
        guard try lines.next().isEmpty else { throw .headerNotClosed(path: path) }
        self.magic = magic
        self.hashType = hashType
        self.signature = signature
        self.bytes = Array(bytes.prefix(lines.consumed))
    }

    /// The signature as the header writes it.
    package var signatureText: String { signature.withUnsafeBytes { Base64.encode($0) } }

    /// The payload's digest as the header claims it, readable without a key; nil when the signed text is no digest.
    /// Only `HartArchive.verify` makes it more than a claim.
    package var claimedHash: Digest? { Self.digest(signedText: Array(signature.suffix(64))) }

    /// The five lines before a payload that `signature` (128 bytes) signs.
    static func text(magic: String, signer: KeyName, signature: [UInt8]) -> [UInt8] {
        Array("\(magic)\n\(signer)\n\(hashType)\n\(signature.withUnsafeBytes { Base64.encode($0) })\n\n".utf8)
    }

    /// What is signed: the digest as 64 hexadecimal digits.
    static func digest(signedText: [UInt8]) -> Digest? {
        Digest(.blake2b256, hex: String(decoding: signedText, as: UTF8.self))
    }
}

/// The lines at the start of an artifact, one after the other.
private struct HeaderLines {
    private let bytes: ArraySlice<UInt8>
    private let path: String
    private var number = 0
    /// Bytes of the lines so far, line ends included.
    private(set) var consumed = 0

    init(_ bytes: ArraySlice<UInt8>, path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// The format; what is no text of the form `WORD-number` is no artifact at all.
    mutating func first() throws(HartError) -> String {
        // Before the line is read: any binary file may go on for long without a line end.
        let start = bytes.prefix(64)
        let line = String(decoding: start.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let word = line.utf8.prefix { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
        let number = line.utf8.dropFirst(word.count + 1).prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard start.contains(UInt8(ascii: "\n")), !word.isEmpty, !number.isEmpty,
            line.utf8.dropFirst(word.count).first == UInt8(ascii: "-")
        else { throw .notAHart(path: path) }
        let magic = try next()
        guard Flavour.readableMagics.contains(magic) else { throw .unsupportedFormat(path: path, found: magic) }
        return magic
    }

    /// The next line, blanks at both ends removed.
    mutating func next() throws(HartError) -> String {
        number += 1
        let rest = bytes.dropFirst(consumed)
        guard let end = rest.prefix(HartHeader.lineLimit + 1).firstIndex(of: UInt8(ascii: "\n")) else {
            if rest.count > HartHeader.lineLimit {
                throw .headerLineTooLong(path: path, line: number, limit: HartHeader.lineLimit)
            }
            throw .headerIncomplete(path: path, line: number)
        }
        let line = rest[..<end]
        consumed += line.count + 1
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 0x09...0x0D ~= byte }
        guard let first = line.firstIndex(where: { !isBlank($0) }), let last = line.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(decoding: line[first...last], as: UTF8.self)
    }
}
