// SPDX-License-Identifier: Apache-2.0

import BioPackage
import CSodium

/// 32 bytes that stand for a content.
package struct Digest: Hashable, Sendable, CustomStringConvertible {
    package enum Algorithm: String, Hashable, Sendable, CaseIterable {
        /// What OCI images and their registries use.
        case sha256
        /// BLAKE2b with 32 bytes, which Habitat signs and lists.
        case blake2b256 = "blake2b-256"
    }

    package static let byteCount = 32

    package let algorithm: Algorithm
    // Four words, big-endian, and not an array: receipts hold one digest a file.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Why a text is no digest.
    package enum ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        case noAlgorithm(text: String)
        case unknownAlgorithm(text: String, algorithm: String)
        /// Not 64 lower-case hexadecimal digits after the colon.
        case badHex(text: String)

        package var description: String {
            switch self {
            case .noAlgorithm(let text): "\(text.quoted) is not a digest: it has no algorithm before a colon"
            case .unknownAlgorithm(let text, let algorithm):
                "\(text.quoted) is not a digest: the algorithm \(algorithm.quoted) is unknown"
            case .badHex(let text): "\(text.quoted) is not a digest: it needs 64 lower-case hexadecimal digits"
            }
        }
    }

    /// `bytes` must be 32.
    package init(_ algorithm: Algorithm, bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == Self.byteCount, "a digest has 32 bytes")
        self.algorithm = algorithm
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    package init?(_ algorithm: Algorithm, hex: some StringProtocol) {
        self.init(algorithm, hexBytes: hex.utf8)
    }

    /// The same of bytes: receipts hold one digest a file.
    package init?(_ algorithm: Algorithm, hexBytes: some Collection<UInt8>) {
        let words =
            hexBytes.withContiguousStorageIfAvailable { Self.words(hex: $0) }
            ?? Array(hexBytes).withUnsafeBufferPointer { Self.words(hex: $0) }
        guard let words else { return nil }
        self.algorithm = algorithm
        self.words = words
    }

    private static func words(hex: UnsafeBufferPointer<UInt8>) -> (UInt64, UInt64, UInt64, UInt64)? {
        guard hex.count == byteCount * 2 else { return nil }
        var isHex = true
        func word(_ index: Int) -> UInt64 {
            var word: UInt64 = 0
            for place in index * 16..<index * 16 + 16 {
                let digit: UInt8
                switch hex[place] {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = hex[place] - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = hex[place] - UInt8(ascii: "a") + 10
                default:
                    isHex = false
                    digit = 0
                }
                word = word << 4 | UInt64(digit)
            }
            return word
        }
        let words = (word(0), word(1), word(2), word(3))
        return isHex ? words : nil
    }

    /// Reads `sha256:…` or `blake2b-256:…`.
    package init(parsing text: some StringProtocol) throws(ParseError) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { throw .noAlgorithm(text: String(text)) }
        let name = String(text[..<colon])
        guard let algorithm = Algorithm(rawValue: name) else {
            throw .unknownAlgorithm(text: String(text), algorithm: name)
        }
        guard let digest = Digest(algorithm, hex: text[text.utf8.index(after: colon)...]) else {
            throw .badHex(text: String(text))
        }
        self = digest
    }

    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
        }
    }

    /// 64 lower-case hexadecimal digits.
    package var hex: String {
        String(unsafeUninitializedCapacity: Self.byteCount * 2) { buffer in
            var place = 0
            for word in [words.0, words.1, words.2, words.3] {
                for shift in stride(from: 60, through: 0, by: -4) {
                    let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift)) & 0xF
                    buffer[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
                    place += 1
                }
            }
            return place
        }
    }

    /// The OCI form, algorithm and digits with a colon between.
    package var description: String { "\(algorithm.rawValue):\(hex)" }

    /// Whether both are equal, found in a time that tells nothing of where they differ.
    package func equalsInConstantTime(_ other: Digest) -> Bool {
        bio_equal(bytes, other.bytes, Self.byteCount) == 1 && algorithm == other.algorithm
    }

    package static func == (left: Digest, right: Digest) -> Bool {
        left.words == right.words && left.algorithm == right.algorithm
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)  // any eight bytes of a digest tell two contents apart
    }
}
