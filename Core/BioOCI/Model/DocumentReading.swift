// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument

/// Reads members of a document of an image; what is missing or of another type is told with its name.
struct DocumentReading {
    /// What is read, and where it came from, for errors.
    let what: String
    let place: String

    func wrong(_ problem: String) -> ImageError { .malformed(what: what, place: place, problem: problem) }

    func document(_ bytes: [UInt8]) throws(ImageError) -> DocumentValue {
        let document: DocumentValue
        do throws(DocumentError) { document = try DocumentValue(json: bytes) } catch { throw wrong("\(error)") }
        guard document.object != nil else { throw wrong("it is no JSON object") }
        return document
    }

    func string(_ document: DocumentValue, _ key: String) throws(ImageError) -> String {
        guard let value = document[key] else { throw wrong("'\(key)' is missing") }
        guard let text = value.string else { throw wrong("'\(key)' is no string") }
        return text
    }

    func optionalString(_ document: DocumentValue, _ key: String) throws(ImageError) -> String? {
        guard let value = document[key], value != .null else { return nil }
        guard let text = value.string else { throw wrong("'\(key)' is no string") }
        return text
    }

    /// Missing and null are no strings.
    func strings(_ document: DocumentValue, _ key: String) throws(ImageError) -> [String] {
        guard let value = document[key], value != .null else { return [] }
        guard let list = value.array else { throw wrong("'\(key)' is no list") }
        var strings: [String] = []
        for element in list {
            guard let text = element.string else { throw wrong("'\(key)' holds something that is no string") }
            strings.append(text)
        }
        return strings
    }

    func size(_ document: DocumentValue, _ key: String) throws(ImageError) -> Int64 {
        guard let value = document[key] else { throw wrong("'\(key)' is missing") }
        guard let size = value.int, size >= 0 else { throw wrong("'\(key)' is no size") }
        return Int64(size)
    }

    func digest(_ text: String, _ key: String) throws(ImageError) -> Digest {
        guard let digest = try? Digest(parsing: text), digest.algorithm == .sha256 else {
            throw wrong("'\(key)' is no SHA-256 digest: '\(text)'")
        }
        return digest
    }

    func digest(_ document: DocumentValue, _ key: String) throws(ImageError) -> Digest {
        try digest(try string(document, key), key)
    }

    /// Whether a descriptor has a digest of another algorithm than SHA-256 (image-spec 1.1, descriptor.md): right, and
    /// of no use here.
    func hasOtherAlgorithm(_ descriptor: DocumentValue) -> Bool {
        guard let digest = descriptor["digest"]?.string?.utf8, digest.count <= Self.digestLimit,
            let colon = digest.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        let (algorithm, encoded) = (digest[..<colon], digest[colon...].dropFirst())
        return !algorithm.isEmpty && !algorithm.elementsEqual("sha256".utf8) && !encoded.isEmpty
            && algorithm.allSatisfy { Self.isLower($0) || "+._-".utf8.contains($0) }
            && encoded.allSatisfy { Self.isLower($0 | 0x20) || Self.isLower($0) || "=_-".utf8.contains($0) }
    }

    private static let digestLimit = 255

    private static func isLower(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) }

    func annotations(_ document: DocumentValue, _ key: String) throws(ImageError) -> Annotations {
        guard let value = document[key], value != .null else { return [:] }
        guard let annotations = Annotations(value) else { throw wrong("'\(key)' is no object of strings") }
        return annotations
    }

    func list<R>(
        _ document: DocumentValue, _ key: String, _ read: (DocumentValue) throws(ImageError) -> R
    ) throws(ImageError) -> [R] {
        guard let value = document[key], value != .null else { return [] }
        guard let list = value.array else { throw wrong("'\(key)' is no list") }
        var found: [R] = []
        for element in list { found.append(try read(element)) }
        return found
    }
}
