// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
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
    private var places = ReceiptPlaces()

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

    /// What stands before the entries.
    struct Head {
        let ident: QualifiedIdent
        let target: PackageTarget
        let artifact: (digest: Digest, size: Int64)
        let payload: Digest
        let signer: KeyName
        let signature: [UInt8]?
        let metafiles: [MetaFile: [UInt8]]
    }

    mutating func receipt() throws(ReceiptError) -> Receipt {
        let head = try head()
        let entries = try readEntries(head.metafiles)
        return Receipt(
            ident: head.ident, target: head.target, artifactDigest: head.artifact.digest, payloadDigest: head.payload,
            artifactSize: head.artifact.size, signer: head.signer, signature: head.signature,
            metafiles: head.metafiles, entries: entries)
    }

    /// The head, and where the entries are without looking at them.
    mutating func outline() throws(ReceiptError) -> ReceiptOutline {
        let head = try head()
        let start = position
        // The line before the checksum's.
        let last = text[..<(end - 1)].lastIndex(of: ReceiptText.newline).map { $0 + 1 } ?? 0
        guard last >= start else { throw bad("the receipt ends too early") }
        var line = ReceiptLine(text, from: last)
        guard line.take("end "), let count = line.integer(radix: 10), line.isAtEnd, count >= 0 else {
            throw bad("not the number of entries")
        }
        return ReceiptOutline(head, text: text, lines: start..<last, entryCount: Int(count))
    }

    private mutating func head() throws(ReceiptError) -> Head {
        let ident = try field("ident") { try? QualifiedIdent(parsing: $0) }
        let target = try field("target") { try? PackageTarget(parsing: $0) }
        let artifact = try field("artifact") { text -> (digest: Digest, size: Int64)? in
            guard let space = text.utf8.firstIndex(of: UInt8(ascii: " ")), let digest = Self.digest(text[..<space]),
                let size = Int64(text[text.utf8.index(after: space)...]), size >= 0
            else { return nil }
            return (digest, size)
        }
        let payload = try field("payload") { Self.digest($0[...]) }
        let signer = try field("signer") { try? KeyName(parsing: $0) }
        return Head(
            ident: ident, target: target, artifact: artifact, payload: payload, signer: signer,
            signature: try signature(of: payload), metafiles: try readMetafiles())
    }

    /// Optional: receipts of before have none. One that signs something else is wrong.
    private mutating func signature(of payload: Digest) throws(ReceiptError) -> [UInt8]? {
        guard text[position...].starts(with: ReceiptText.signatureWord.utf8) else { return nil }
        return try field("signature") { text -> [UInt8]? in
            let bytes = Array(text.utf8).withUnsafeBytes { Base64.decode($0, limit: HartHeader.signatureByteCount) }
            guard let bytes, bytes.count == HartHeader.signatureByteCount,
                bytes.suffix(64).elementsEqual(payload.hex.utf8)
            else { return nil }
            return bytes
        }
    }

    private static func digest(_ text: Substring) -> Digest? {
        guard let digest = try? Digest(parsing: text), digest.algorithm == .blake2b256 else { return nil }
        return digest
    }

    private func bad(_ why: String) -> ReceiptError { .badLine(number, why) }

    private mutating func line() throws(ReceiptError) -> ReceiptLine {
        number += 1
        guard position < end else { throw bad("the receipt ends too early") }
        let line = ReceiptLine(text, from: position)
        position = line.end + 1
        return line
    }

    /// The value of the line `name value`.
    private mutating func field<Value>(
        _ name: String, _ parse: (String) -> Value?
    ) throws(ReceiptError) -> Value {
        var line = try line()
        guard line.take("\(name) "), let value = parse(line.rest) else { throw bad("no \(name)") }
        return value
    }

    // MARK: - Metafiles

    private mutating func readMetafiles() throws(ReceiptError) -> [MetaFile: [UInt8]] {
        var found: [MetaFile: [UInt8]] = [:]
        var last = ""
        while position < end, text[position] == UInt8(ascii: "m") {
            var line = try line()
            guard line.take(ReceiptText.metafileWord), let name = line.word(),
                let file = MetaFile(rawValue: name), file != .files, let count = line.integer(radix: 10), line.isAtEnd,
                0...Int64(MetaFile.byteLimit) ~= count
            else { throw bad("no metafile") }
            guard last.utf8.lexicographicallyPrecedes(name.utf8) else { throw bad("out of order") }
            last = name
            let stop = position + Int(count)
            guard stop < end, text[stop] == ReceiptText.newline else { throw bad("the metafile is cut") }
            let content = Array(text[position..<stop])
            found[file] = content
            position = stop + 1
            number += 1 + content.count { $0 == ReceiptText.newline }
        }
        return found
    }

    /// By path in the package.
    private static let metafiles = Dictionary(
        uniqueKeysWithValues: MetaFile.metadata.map { (Array($0.rawValue.utf8), $0) })
    private static let longestMetafile = metafiles.keys.reduce(0) { max($0, $1.count) }

    private static func metafile(_ path: [UInt8]) -> MetaFile? {
        guard path.count <= longestMetafile, !path.contains(UInt8(ascii: "/")) else { return nil }
        return metafiles[path]
    }

    // MARK: - Entries

    private mutating func readEntries(_ metafiles: [MetaFile: [UInt8]]) throws(ReceiptError) -> [Receipt.Entry] {
        var entries: [Receipt.Entry] = []
        entries.reserveCapacity((end - position) / 128)
        var bytes: Int64 = 0
        var vouched = 0
        while true {
            var line = try line()
            if line.take("end ") {
                // The checksum's line, the last one, follows.
                guard line.integer(radix: 10) == Int64(entries.count), line.isAtEnd, position == end else {
                    throw bad("not the number of entries")
                }
                guard vouched == metafiles.count else { throw bad("a metafile that is no entry") }
                return entries
            }
            let entry = try entry(&line, after: entries)
            // The sum is asked for later, and nobody has this much.
            let (sum, overflow) = bytes.addingReportingOverflow(entry.size)
            if overflow { throw bad("more bytes than there can be") }
            bytes = sum
            if let file = Self.metafile(entry.path), let content = entries.content(of: entry) {
                guard let text = metafiles[file], Int64(text.count) == content.size,
                    Digest.blake2b256(of: text) == content.digest
                else { throw bad("another \(file) than before") }
                vouched += 1
            }
            entries.append(entry)
        }
    }

    private mutating func entry(
        _ line: inout ReceiptLine, after entries: [Receipt.Entry]
    ) throws(ReceiptError) -> Receipt.Entry {
        guard let letter = line.letter(), "dfhl".utf8.contains(letter) else { throw bad("no entry") }
        guard let mode = line.integer(radix: 8), 0...0o7777 ~= mode, let mtime = line.integer(radix: 10) else {
            throw bad("no mode or time")
        }
        let kind: Receipt.Entry.Kind
        var size: Int64 = 0
        switch letter {
        case UInt8(ascii: "d"): kind = .directory
        case UInt8(ascii: "f"):
            guard let count = line.integer(radix: 10), count >= 0, let digest = line.digest() else {
                throw bad("no size or digest")
            }
            (kind, size) = (.file(digest), count)
        case UInt8(ascii: "h"):
            let target = try path(line.bytes())
            guard let place = entries.index(of: target), case .file = entries[place].kind else {
                throw bad("a hard link to no earlier file")
            }
            kind = .hardLink(target)
        default:
            guard let target = line.bytes(), !target.isEmpty, !target.contains(0) else { throw bad("no link target") }
            kind = .symlink(target)
        }
        guard !line.isAtEnd else { throw bad("no entry") }
        let path = try path(line.bytes())
        guard line.isAtEnd else { throw bad("no entry") }
        switch places.add(path, isDirectory: kind == .directory, after: entries.last?.path) {
        case .outOfOrder: throw bad("out of order")
        case .outside: throw bad("an entry outside a directory")
        case nil: return Receipt.Entry(path: path, kind: kind, mode: UInt32(mode), size: size, mtime: mtime)
        }
    }

    private func path(_ bytes: [UInt8]?) throws(ReceiptError) -> [UInt8] {
        guard let bytes else { throw bad("a damaged path") }
        if bytes == [UInt8(ascii: ".")] { return [] }
        do throws(ArchiveError) {
            guard try MemberPath.plain(bytes) == bytes else { throw .memberName(path: bytes, .dotComponent) }
        } catch { throw bad("\(error)") }
        return bytes
    }
}
