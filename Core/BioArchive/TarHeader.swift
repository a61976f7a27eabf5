// SPDX-License-Identifier: Apache-2.0

/// The blocks before a member's body, in the one way this project writes them.
///
/// POSIX ustar wherever it can say it: names up to 100 bytes, or up to 255 where a `/` lets them be split; the name
/// bytes as they are, ASCII or not. Otherwise a pax header goes before, with the records that do not fit and no others,
/// in byte order of their keys. Owner 0:0 without names. SPEC: POSIX.1-2017 pax, "pax Interchange Format".
package enum TarHeader {
    private static let slash = UInt8(ascii: "/")
    private static let nameSize = 100
    private static let prefixSize = 155
    /// Eleven octal digits.
    private static let numberLimit: Int64 = 1 << 33

    package static func blocks(of member: TarMember) throws(ArchiveError) -> [UInt8] {
        guard try MemberPath.plain(member.path) == member.path else {
            throw .memberName(path: member.path, .notPlain)
        }
        guard 0..<numberLimit ~= member.mtime else { throw .malformed("a time before 1970 or after 2242") }
        var path = member.path
        var link: [UInt8] = []
        let type: UInt8
        switch member.kind {
        case .file: type = UInt8(ascii: "0")
        case .hardLink(let target): (type, link) = (UInt8(ascii: "1"), target)
        case .symlink(let target):
            try MemberPath.checkSymlink(target, of: path)
            (type, link) = (UInt8(ascii: "2"), target)
        case .directory:
            type = UInt8(ascii: "5")
            path.append(slash)
        }
        var records: [(key: String, value: [UInt8])] = []
        let split = Self.split(path)
        if link.count > nameSize { records.append(("linkpath", link)) }
        if split == nil { records.append(("path", path)) }
        // Readers take pax text for UTF-8 unless told otherwise.
        if records.contains(where: { String(validating: $0.value, as: UTF8.self) == nil }) {
            records.insert(("hdrcharset", Array("BINARY".utf8)), at: 0)
        }
        if member.size >= numberLimit { records.append(("size", Array(String(member.size).utf8))) }

        var bytes: [UInt8] = []
        if !records.isEmpty {
            let text = records.flatMap { record($0.key, $0.value) }
            bytes += block(
                name: Array("././@PaxHeader".utf8), prefix: [], type: UInt8(ascii: "x"), mode: 0o644,
                size: Int64(text.count), mtime: 0, link: [])
            bytes += text
            bytes += padding(after: Int64(text.count))
        }
        bytes += block(
            name: split?.name ?? shortened(path, directory: member.kind == .directory), prefix: split?.prefix ?? [],
            type: type, mode: member.mode & 0o7777, size: member.size < numberLimit ? member.size : 0,
            mtime: member.mtime, link: Array(link.prefix(nameSize)))
        return bytes
    }

    /// Zeros from a body of `size` bytes to the next block.
    package static func padding(after size: Int64) -> [UInt8] {
        [UInt8](repeating: 0, count: Int((512 - size % 512) % 512))
    }

    /// The path cut at a `/` so that both parts fit: at the first one that leaves a name that fits. nil when none does.
    private static func split(_ path: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
        if path.count <= nameSize { return ([], path) }
        let earliest = path.count - nameSize - 1
        guard earliest <= prefixSize else { return nil }
        // The closing slash of a directory cannot be the cut: the name would be empty.
        let cut = path[earliest..<min(path.count - 1, prefixSize + 1)].firstIndex(of: slash)
        guard let cut, cut > 0 else { return nil }
        return (Array(path[..<cut]), Array(path[(cut + 1)...]))
    }

    /// What stands in the ustar field when the pax header has the real path.
    private static func shortened(_ path: [UInt8], directory: Bool) -> [UInt8] {
        var short = path.prefix(directory ? nameSize - 1 : nameSize)
        while short.last == slash { short.removeLast() }
        return Array(short) + (directory ? [slash] : [])
    }

    /// `LENGTH KEY=VALUE\n`, the length counting all of it.
    private static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let tail = Array(" \(key)=".utf8) + value + [UInt8(ascii: "\n")]
        var length = tail.count + 1
        while String(length).utf8.count + tail.count != length { length += 1 }
        return Array(String(length).utf8) + tail
    }

    private static func block(
        name: [UInt8], prefix: [UInt8], type: UInt8, mode: UInt32, size: Int64, mtime: Int64, link: [UInt8]
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 512) { block, count in
            block.initialize(repeating: 0)
            count = 512
            put(name, into: block, at: 0)
            putOctal(Int64(mode), width: 7, into: block, at: 100)
            putOctal(0, width: 7, into: block, at: 108)
            putOctal(0, width: 7, into: block, at: 116)
            putOctal(size, width: 11, into: block, at: 124)
            putOctal(mtime, width: 11, into: block, at: 136)
            block[156] = type
            put(link, into: block, at: 157)
            put(Array("ustar\u{0}00".utf8), into: block, at: 257)
            putOctal(0, width: 7, into: block, at: 329)
            putOctal(0, width: 7, into: block, at: 337)
            put(prefix, into: block, at: 345)
            // The sum counts its own field as eight spaces.
            let sum = block.reduce(Int64(8 * 0x20)) { $0 + Int64($1) }
            putOctal(sum, width: 6, into: block, at: 148)
            block[155] = 0x20
        }
    }

    private static func put(_ bytes: [UInt8], into block: UnsafeMutableBufferPointer<UInt8>, at offset: Int) {
        for (index, byte) in bytes.enumerated() { block[offset + index] = byte }
    }

    private static func putOctal(
        _ value: Int64, width: Int, into block: UnsafeMutableBufferPointer<UInt8>, at offset: Int
    ) {
        var rest = value
        for index in stride(from: offset + width - 1, through: offset, by: -1) {
            block[index] = UInt8(ascii: "0") + UInt8(rest & 7)
            rest >>= 3
        }
    }
}
