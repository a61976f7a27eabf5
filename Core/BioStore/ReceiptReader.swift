// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioPackage
import BioSystem

/// Reads the text of a receipt, which may have been changed by anybody: first the checksum, then every line.
struct ReceiptReader {
    private let text: [UInt8]
    /// Where the checksum's line begins; the last line before it is the number of entries.
    private let end: Int
    /// Where the next line begins, and the number of the last one, from 1.
    private var position: Int
    private var number = 1
    private var kinds: [[UInt8]: UInt8] = [:]

    /// Checks the checksum and the first line.
    init(_ text: [UInt8]) throws(ReceiptError) {
        guard text.last == ReceiptText.newline else { throw .altered }
        let first = text.prefix(64).prefix { $0 != ReceiptText.newline }
        guard first.elementsEqual(ReceiptText.firstLine.utf8) else {
            throw .unknownFormat(String(decoding: first, as: UTF8.self))
        }
        let end = text.dropLast().lastIndex(of: ReceiptText.newline).map { $0 + 1 } ?? 0
        // Before anything is taken apart: the pieces of a large text take many times its room.
        var hasher = BLAKE2bHasher()
        text.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<end])) }
        let sum = hasher.finalize()
        guard text[end...].dropLast().elementsEqual((ReceiptText.checksumWord + sum.description).utf8) else {
            throw .altered
        }
        position = first.endIndex + 1
        self.end = end
        self.text = text
    }

    mutating func receipt() throws(ReceiptError) -> Receipt {
        let ident = try field("ident") { try? QualifiedIdent(parsing: $0) }
        let target = try field("target") { try? PackageTarget(parsing: $0) }
        let artifact = try field("artifact") { text -> (Digest, Int64)? in
            let parts = text.split(separator: " ", omittingEmptySubsequences: false)
            guard parts.count == 2, let digest = Self.digest(parts[0]), let size = Int64(parts[1]), size >= 0 else {
                return nil
            }
            return (digest, size)
        }
        let payload = try field("payload") { Self.digest($0[...]) }
        let signer = try field("signer") { try? KeyName(parsing: $0) }
        let entries = try readEntries()
        return Receipt(
            ident: ident, target: target, artifactDigest: artifact.0, payloadDigest: payload,
            artifactSize: artifact.1, signer: signer, entries: entries)
    }

    private static func digest(_ text: Substring) -> Digest? {
        guard let digest = try? Digest(parsing: text), digest.algorithm == .blake2b256 else { return nil }
        return digest
    }

    private func bad(_ why: String) -> ReceiptError { .badLine(number, why) }

    private mutating func line() throws(ReceiptError) -> ArraySlice<UInt8> {
        number += 1
        guard position < end else { throw bad("the receipt ends too early") }
        let line = text[position..<end].prefix { $0 != ReceiptText.newline }
        position = line.endIndex + 1
        return line
    }

    /// The value of the line `name value`.
    private mutating func field<Value>(
        _ name: String, _ parse: (String) -> Value?
    ) throws(ReceiptError) -> Value {
        let text = String(decoding: try line(), as: UTF8.self)
        guard text.hasPrefix(name + " "), let value = parse(String(text.dropFirst(name.count + 1))) else {
            throw bad("no \(name)")
        }
        return value
    }

    private mutating func readEntries() throws(ReceiptError) -> [Receipt.Entry] {
        var entries: [Receipt.Entry] = []
        var bytes: Int64 = 0
        while true {
            let line = try line()
            if line.starts(with: "end ".utf8) {
                // The checksum's line, the last one, follows.
                guard Int(String(decoding: line.dropFirst(4), as: UTF8.self)) == entries.count,
                    position == end
                else { throw bad("not the number of entries") }
                return entries
            }
            let entry = try entry(line)
            if let last = entries.last, !last.path.precedes(entry.path) {
                throw bad("out of order")
            }
            // The sum is asked for later, and nobody has this much.
            let (sum, overflow) = bytes.addingReportingOverflow(entry.size)
            if overflow { throw bad("more bytes than there can be") }
            bytes = sum
            entries.append(entry)
        }
    }

    private mutating func entry(_ line: ArraySlice<UInt8>) throws(ReceiptError) -> Receipt.Entry {
        let fields = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[0].count == 1, let letter = fields[0].first else { throw bad("no entry") }
        guard let mode = number(fields[1], radix: 8), 0...0o7777 ~= mode, let mtime = number(fields[2], radix: 10),
            let last = fields.last
        else { throw bad("no mode or time") }
        let path = try path(last)
        var kind: Receipt.Entry.Kind
        var size: Int64 = 0
        switch (letter, fields.count) {
        case (UInt8(ascii: "d"), 4): kind = .directory
        case (UInt8(ascii: "f"), 6):
            guard let count = number(fields[3], radix: 10), count >= 0,
                let digest = Digest(.blake2b256, hexBytes: fields[4])
            else { throw bad("no size or digest") }
            (kind, size) = (.file(digest), count)
        case (UInt8(ascii: "h"), 5):
            let target = try self.path(fields[3])
            guard kinds[target] == UInt8(ascii: "f") else { throw bad("a hard link to no earlier file") }
            kind = .hardLink(target)
        case (UInt8(ascii: "l"), 5):
            guard let target = ReceiptText.unescaped(fields[3]), !target.isEmpty, !target.contains(0) else {
                throw bad("no link target")
            }
            kind = .symlink(target)
        default: throw bad("no entry")
        }
        try checkPlace(path, letter)
        return Receipt.Entry(path: path, kind: kind, mode: UInt32(mode), size: size, mtime: mtime)
    }

    /// Every entry but the first lies in a directory that the receipt has; the first is the package's own.
    private mutating func checkPlace(_ path: [UInt8], _ letter: UInt8) throws(ReceiptError) {
        let isPlaced = path.isEmpty ? true : kinds[MemberPath.parent(path) ?? []] == UInt8(ascii: "d")
        guard isPlaced, !path.isEmpty || letter == UInt8(ascii: "d") else { throw bad("an entry outside a directory") }
        kinds[path] = letter
    }

    private func path(_ field: ArraySlice<UInt8>) throws(ReceiptError) -> [UInt8] {
        if field.elementsEqual([UInt8(ascii: ".")]) { return [] }
        guard let path = ReceiptText.unescaped(field) else { throw bad("a damaged path") }
        do throws(ArchiveError) {
            guard try MemberPath.plain(path) == path else { throw .memberName(path: path, .dotComponent) }
        } catch { throw bad("\(error)") }
        return path
    }

    private func number(_ field: ArraySlice<UInt8>, radix: Int) -> Int64? {
        // `Int64` would take a plus sign.
        guard field.first != UInt8(ascii: "+") else { return nil }
        return Int64(String(decoding: field, as: UTF8.self), radix: radix)
    }
}
