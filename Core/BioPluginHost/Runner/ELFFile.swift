// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// An ELF shared object of this machine, read without loading it (gABI, "Program Header", "Dynamic Section", "Symbol
/// Table"). The file may be hostile: every offset is checked and every length bounded; nil or nothing is what cannot be
/// read.
final class ELFFile {
    /// A program header.
    struct Segment {
        let kind: UInt32
        let flags: UInt32
        let offset: UInt64
        let address: UInt64
        let size: UInt64

        static let load: UInt32 = 1
        static let dynamic: UInt32 = 2
        static let note: UInt32 = 4
        static let stack: UInt32 = 0x6474_E551
        static let isExecutable: UInt32 = 1

        fileprivate init(_ table: [UInt8], _ start: Int) {
            kind = ELFFile.number(table, start, as: UInt32.self)
            flags = ELFFile.number(table, start + 4, as: UInt32.self)
            offset = ELFFile.number(table, start + 8, as: UInt64.self)
            address = ELFFile.number(table, start + 16, as: UInt64.self)
            size = ELFFile.number(table, start + 32, as: UInt64.self)
        }

        /// Where in the file that lies which is loaded at `place`; nil when this segment does not load it.
        fileprivate func offset(of place: UInt64) -> UInt64? {
            guard kind == Self.load, place >= address, place - address < size else { return nil }
            let (sum, overflow) = offset.addingReportingOverflow(place - address)
            return overflow ? nil : sum
        }
    }

    /// A symbol that other libraries can see.
    struct Symbol: Hashable {
        let name: String
        let isUnique: Bool
    }

    private let file: FileDescriptor
    let segments: [Segment]
    /// Tag and value, in their order.
    let dynamic: [(tag: UInt64, value: UInt64)]

    private static let mostHeaders = 1024
    private static let mostDynamicBytes: UInt64 = 1 << 18
    private static let mostNames = 4096
    private static let longestName = 256

    /// - Parameter header: the first 64 bytes, of which machine and width are checked.
    init?(_ opened: consuming FileDescriptor, header: [UInt8]) {
        file = opened
        let count = Int(Self.number(header, 56, as: UInt16.self))
        guard Self.number(header, 54, as: UInt16.self) == 56, count <= Self.mostHeaders,
            let table = Self.bytes(of: file, at: Self.number(header, 32, as: UInt64.self), count: count * 56)
        else { return nil }
        segments = (0..<count).map { Segment(table, $0 * 56) }
        guard let place = segments.first(where: { $0.kind == Segment.dynamic }), place.size <= Self.mostDynamicBytes,
            let entries = Self.bytes(of: file, at: place.offset, count: Int(place.size) / 16 * 16)
        else { return nil }
        dynamic = stride(from: 0, to: entries.count, by: 16).map {
            (Self.number(entries, $0, as: UInt64.self), Self.number(entries, $0 + 8, as: UInt64.self))
        }
    }

    /// The first value of a tag (DT_…).
    func value(_ tag: UInt64) -> UInt64? { dynamic.first { $0.tag == tag }?.value }

    /// The texts that all entries of a tag name (DT_NEEDED, DT_RUNPATH …).
    func texts(_ tag: UInt64) -> [String] {
        let offsets = dynamic.filter { $0.tag == tag }.map(\.value)
        guard offsets.count <= Self.mostNames else { return [] }
        return offsets.compactMap { text(at: $0) }
    }

    /// A text of the string table.
    private func text(at offset: UInt64) -> String? {
        guard let strings = value(5), let size = value(10), offset < size, let base = fileOffset(of: strings) else {
            return nil
        }
        let (place, overflow) = base.addingReportingOverflow(offset)
        guard !overflow else { return nil }
        let room = Int(min(UInt64(Self.longestName), size - offset))
        return Self.bytes(of: file, at: place, count: room).map {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private func fileOffset(of address: UInt64) -> UInt64? {
        segments.lazy.compactMap { $0.offset(of: address) }.first
    }

    /// The names of notes (PT_NOTE): who made the file leaves one.
    var noteNames: Set<String> {
        var names: Set<String> = []
        for segment in segments where segment.kind == Segment.note && segment.size <= 1 << 16 {
            guard let bytes = Self.bytes(of: file, at: segment.offset, count: Int(segment.size)) else { continue }
            var start = 0
            while start + 12 <= bytes.count, names.count < 64 {
                let length = Int(Self.number(bytes, start, as: UInt32.self))
                let content = Int(Self.number(bytes, start + 4, as: UInt32.self))
                guard length <= bytes.count - start - 12 else { break }
                let name = bytes[(start + 12)..<(start + 12 + length)].prefix { $0 != 0 }
                names.insert(String(decoding: name, as: UTF8.self))
                start += 12 + (length + 3) / 4 * 4 + (content + 3) / 4 * 4
            }
        }
        return names
    }

    /// The symbols that it defines and shows: global, weak or unique, of default or protected visibility. The marks that
    /// a linker leaves by itself are none; at most `limit`, and nil when the table cannot be read.
    func exports(limit: Int) -> [Symbol]? {
        guard let table = value(6).flatMap({ fileOffset(of: $0) }), let count = symbolCount, count <= 1 << 20,
            let bytes = Self.bytes(of: file, at: table, count: count * 24)
        else { return nil }
        var found: [Symbol] = []
        for start in stride(from: 24, to: bytes.count, by: 24) where found.count < limit {
            let binding = bytes[start + 4] >> 4
            let visibility = bytes[start + 5] & 3
            let section = Self.number(bytes, start + 6, as: UInt16.self)
            // Undefined, or an absolute one: the name of a version.
            guard section != 0, section != 0xFFF1, [1, 2, 10].contains(binding), visibility == 0 || visibility == 3
            else { continue }
            guard let name = text(at: UInt64(Self.number(bytes, start, as: UInt32.self))) else { return nil }
            guard !["_init", "_fini", "_edata", "_end", "__bss_start"].contains(name) else { continue }
            found.append(Symbol(name: name, isUnique: binding == 10))
        }
        return found
    }

    /// How many symbols there are, by the hash table that the dynamic linker finds them with: where there are two, glibc
    /// takes the GNU one, and what the other says is nobody's truth.
    private var symbolCount: Int? {
        guard let gnu = value(0x6FFF_FEF5) else {
            guard let hash = value(4).flatMap({ fileOffset(of: $0) }),
                let head = Self.bytes(of: file, at: hash, count: 8)
            else { return nil }
            return Int(Self.number(head, 4, as: UInt32.self))
        }
        guard let hash = fileOffset(of: gnu),
            let head = Self.bytes(of: file, at: hash, count: 16)
        else { return nil }
        let (buckets, first) = (Int(Self.number(head, 0, as: UInt32.self)), Int(Self.number(head, 4, as: UInt32.self)))
        let bloom = Int(Self.number(head, 8, as: UInt32.self))
        guard buckets <= 1 << 20, bloom <= 1 << 20,
            let chains = Self.bytes(of: file, at: hash + 16 + UInt64(bloom * 8), count: buckets * 4)
        else { return nil }
        let last = stride(from: 0, to: chains.count, by: 4).map { Int(Self.number(chains, $0, as: UInt32.self)) }.max()
        guard var index = last, index >= first else { return first }
        // The last chain ends with an odd number.
        let start = hash + 16 + UInt64(bloom * 8) + UInt64(buckets * 4)
        while index - first < 1 << 16 {
            guard let entry = Self.bytes(of: file, at: start + UInt64((index - first) * 4), count: 4) else {
                return nil
            }
            index += 1
            if entry[0] & 1 == 1 { return index }
        }
        return nil
    }

    static func number<T: FixedWidthInteger>(_ bytes: [UInt8], _ offset: Int, as: T.Type) -> T {
        T(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: T.self) })
    }

    /// So many bytes of the file, or nil when it does not have them.
    static func bytes(of file: borrowing FileDescriptor, at offset: UInt64, count: Int) -> [UInt8]? {
        guard let offset = Int64(exactly: offset), offset <= Int64.max - Int64(count) else { return nil }
        // Asked first: what is claimed must not become memory before it is there.
        guard let size = try? file.status().size, offset <= size, Int64(count) <= size - offset else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let read = bytes.withUnsafeMutableBytes { buffer in
                pread(file.rawValue, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset) + off_t(done))
            }
            if read < 0 && errno == EINTR { continue }
            guard read > 0 else { return nil }
            done += read
        }
        return bytes
    }
}
