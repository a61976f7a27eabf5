// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// Reads the headers of a tar in a file, from one to the next.
///
/// Not by libarchive, whose stream the guard in CArchive checks: that one reads bodies in their order, and does not say
/// where they lie. An archive of images is read by name, a few documents and then the layers that are wanted.
///
/// SPEC: POSIX.1-2017 pax, "ustar Interchange Format" and "pax Interchange Format"; GNU tar manual, "Basic Tar Format".
struct TarHeaderReader: ~Copyable {
    private static let blockSize: Int64 = 512
    /// Bytes of the headers that speak for one member.
    private static let extensionLimit: Int64 = 1 << 20
    private static let extensionCountLimit = 8

    private let file: FileDescriptor
    private let path: String
    private let end: Int64
    private var offset: Int64 = 0
    /// What was said of the next member.
    private var said = Said()

    private struct Said {
        var name: [UInt8]?
        var link: [UInt8]?
        var size: Int64?
        var count = 0
        var bytes: Int64 = 0
    }

    init(_ file: borrowing FileDescriptor, path: String) throws(ArchiveError) {
        let end = try Self.size(of: file, path)
        self.file = try Self.duplicate(file)
        self.end = end
        self.path = path
    }

    private static func size(of file: borrowing FileDescriptor, _ path: String) throws(ArchiveError) -> Int64 {
        do throws(Errno) { return try file.status().size } catch { throw .system(SystemError("look at", path, error)) }
    }

    private static func duplicate(_ file: borrowing FileDescriptor) throws(ArchiveError) -> FileDescriptor {
        do throws(SystemError) { return try file.duplicate() } catch { throw .system(error) }
    }

    /// The next member, its name as in the archive; nil at the archive's end.
    mutating func next() throws(ArchiveError) -> (name: [UInt8], entry: TarCatalog.Entry)? {
        while true {
            let start = offset
            let block = try read(Self.blockSize)
            if block.allSatisfy({ $0 == 0 }) { return try finish(at: start) }
            try check(block, at: start)
            guard var size = Self.number(block[124..<136]) else { throw .tar(.sizeNumber, at: start) }
            let type = block[156]
            if let kind = Extension(rawValue: type) {
                try take(kind, size: size, at: start)
                continue
            }
            if let saidSize = said.size { size = saidSize }
            let entry = try entry(block, type: type, size: size, at: start)
            let name = said.name ?? Self.name(block)
            said = Said()
            try skip(entry.size)
            return (name, entry)
        }
    }

    // MARK: - Headers of members

    private func entry(
        _ block: [UInt8], type: UInt8, size: Int64, at start: Int64
    ) throws(ArchiveError) -> TarCatalog.Entry {
        let link = said.link ?? Self.text(block[157..<257])
        let kind: TarCatalog.Entry.Kind
        switch type {
        case UInt8(ascii: "0"), 0: kind = .file
        case UInt8(ascii: "1"): kind = .hardLink(link)
        case UInt8(ascii: "2"): kind = .symlink(link)
        case UInt8(ascii: "5"): kind = .directory
        case UInt8(ascii: "3"), UInt8(ascii: "4"), UInt8(ascii: "6"): kind = .other
        // Among them GNU's sparse files, whose bodies are not where others are.
        default: throw .memberKind(path: said.name ?? Self.name(block), kind: "member of a kind that cannot be read")
        }
        guard kind == .file || size == 0 else { throw .tar(.body, at: start) }
        return TarCatalog.Entry(kind: kind, offset: offset, size: size)
    }

    private static func name(_ block: [UInt8]) -> [UInt8] {
        let name = text(block[0..<100])
        // GNU's old format has other things where POSIX has a prefix.
        let prefix = block[263] == UInt8(ascii: "0") ? text(block[345..<500]) : []
        return prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    private func check(_ block: [UInt8], at start: Int64) throws(ArchiveError) {
        guard block[257..<262].elementsEqual("ustar".utf8) else { throw .tar(.noMark, at: start) }
        var sum: Int64 = 0
        for (index, byte) in block.enumerated() { sum += (148..<156).contains(index) ? 0x20 : Int64(byte) }
        guard Self.number(block[148..<156]) == sum else { throw .tar(.checksum, at: start) }
    }

    private mutating func finish(at start: Int64) throws(ArchiveError) -> (name: [UInt8], entry: TarCatalog.Entry)? {
        if said.count > 0 { throw .tar(.extensionAlone, at: start) }
        // The second block of zeros, which some writers forget.
        if offset < end, try !read(Self.blockSize).allSatisfy({ $0 == 0 }) { throw .trailing }
        return nil
    }

    // MARK: - Headers that speak for the next member

    private enum Extension: UInt8 {
        case pax = 0x78  // x
        case global = 0x67  // g
        case longName = 0x4C  // L
        case longLink = 0x4B  // K
    }

    private mutating func take(_ kind: Extension, size: Int64, at start: Int64) throws(ArchiveError) {
        said.count += 1
        if said.count > Self.extensionCountLimit { throw .tar(.extensionCount, at: start) }
        // Before it is added: a size may be the largest number there is.
        if size > Self.extensionLimit - said.bytes { throw .tar(.extensionSize, at: start) }
        said.bytes += size
        let body = try read(size)
        try skip(size, from: offset - size)
        switch kind {
        case .longName:
            if said.name != nil { throw .tar(.twoNames, at: start) }
            said.name = Array(body.prefix { $0 != 0 })
        case .longLink:
            if said.link != nil { throw .tar(.twoTargets, at: start) }
            said.link = Array(body.prefix { $0 != 0 })
        case .pax, .global:
            try take(records: body, isGlobal: kind == .global, at: start)
            // It speaks for all that follow, and for none alone.
            if kind == .global { said.count -= 1 }
        }
    }

    private mutating func take(records: [UInt8], isGlobal: Bool, at start: Int64) throws(ArchiveError) {
        var rest = records[...]
        while !rest.isEmpty {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard let length = Int(String(decoding: digits, as: UTF8.self)), digits.count + 2 < length,
                length <= rest.count
            else { throw .tar(.paxLength, at: start) }
            let record = rest.prefix(length).dropFirst(digits.count)
            guard record.first == 0x20, record.last == 0x0A, let equals = record.firstIndex(of: 0x3D) else {
                throw .tar(.paxRecord, at: start)
            }
            let key = String(decoding: record[(record.startIndex + 1)..<equals], as: UTF8.self)
            try take(key, Array(record[(equals + 1)..<(record.endIndex - 1)]), isGlobal: isGlobal, at: start)
            rest = rest.dropFirst(length)
        }
    }

    private mutating func take(
        _ key: String, _ value: [UInt8], isGlobal: Bool, at start: Int64
    ) throws(ArchiveError) {
        if key.hasPrefix("GNU.sparse.") { throw .tar(.paxSparse, at: start) }
        switch key {
        case "path", "linkpath", "size":
            if isGlobal { throw .tar(.paxGlobal, at: start) }
        default: return
        }
        if value.contains(0) { throw .tar(.paxRecord, at: start) }
        switch key {
        case "path":
            if said.name != nil { throw .tar(.twoNames, at: start) }
            said.name = value
        case "linkpath":
            if said.link != nil { throw .tar(.twoTargets, at: start) }
            said.link = value
        default:
            guard said.size == nil, value.allSatisfy({ (0x30...0x39).contains($0) }),
                let size = Int64(String(decoding: value, as: UTF8.self))
            else { throw .tar(.paxSize, at: start) }
            said.size = size
        }
    }

    // MARK: - Bytes

    private mutating func read(_ count: Int64) throws(ArchiveError) -> [UInt8] {
        guard count <= end - offset else { throw .truncated }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        var done = 0
        while done < bytes.count {
            let (from, at) = (offset + Int64(done), done)
            let got = bytes.withUnsafeMutableBytes {
                pread(
                    file.rawValue, UnsafeMutableRawBufferPointer(rebasing: $0[at...]).baseAddress, $0.count - at,
                    off_t(from))
            }
            if got < 0 && errno == EINTR { continue }
            if got < 0 { throw .system(SystemError("read", path)) }
            if got == 0 { throw .truncated }
            done += got
        }
        offset += count
        return bytes
    }

    /// Past a body of `size` bytes with its padding.
    private mutating func skip(_ size: Int64, from start: Int64? = nil) throws(ArchiveError) {
        let start = start ?? offset
        guard size <= end - start else { throw .truncated }
        let padding = (Self.blockSize - size % Self.blockSize) % Self.blockSize
        // A last body without its padding ends the archive too early as well.
        guard padding <= end - start - size else { throw .truncated }
        offset = start + size + padding
    }

    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

    /// Octal digits, or GNU's binary numbers for what is too large for them; nil for what is no number or negative.
    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        guard let first = field.first else { return nil }
        if first == 0x80 {
            let bytes = field.dropFirst()
            guard bytes.dropLast(8).allSatisfy({ $0 == 0 }) else { return nil }
            let value = bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return Int64(exactly: value)
        }
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
        return digits.isEmpty ? 0 : Int64(String(decoding: digits, as: UTF8.self), radix: 8)
    }
}
