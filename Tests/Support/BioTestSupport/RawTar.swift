// SPDX-License-Identifier: Apache-2.0

/// Writes tar headers as told, so that tests can make what no honest writer would.
package struct RawTar: Sendable {
    /// The fields of one header before their encoding.
    package struct Header: Sendable {
        package var name: [UInt8]
        package var type: UInt8
        package var size: Int
        package var mode: Int
        package var mtime: Int
        package var link: [UInt8]
        package var prefix: [UInt8]
        /// Magic and version, 8 bytes: POSIX by default.
        package var magic: [UInt8]
        package var badChecksum = false
        /// Bytes that replace what the other fields made of the header, by their offset; the checksum counts them.
        package var patches: [Int: [UInt8]] = [:]

        package init(
            _ name: String, type: Character = "0", size: Int = 0, mode: Int = 0o644, mtime: Int = 0, link: String = ""
        ) {
            self.name = Array(name.utf8)
            self.type = type.asciiValue ?? 0
            self.size = size
            self.mode = mode
            self.mtime = mtime
            self.link = Array(link.utf8)
            prefix = []
            magic = Array("ustar\u{0}00".utf8)
        }
    }

    package static let gnuMagic = Array("ustar  \u{0}".utf8)

    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// One header block, nothing after it.
    package mutating func header(_ header: Header) {
        var block = [UInt8](repeating: 0, count: 512)
        func put(_ value: [UInt8], at offset: Int, limit: Int) {
            for (index, byte) in value.prefix(limit).enumerated() { block[offset + index] = byte }
        }
        func octal(_ value: Int, width: Int) -> [UInt8] {
            let digits = String(value, radix: 8)
            return Array((String(repeating: "0", count: max(0, width - digits.count)) + digits).utf8)
        }
        put(header.name, at: 0, limit: 100)
        put(octal(header.mode, width: 7), at: 100, limit: 7)
        put(octal(0, width: 7), at: 108, limit: 7)
        put(octal(0, width: 7), at: 116, limit: 7)
        put(octal(header.size, width: 11), at: 124, limit: 11)
        put(octal(header.mtime, width: 11), at: 136, limit: 11)
        put(Array("        ".utf8), at: 148, limit: 8)
        block[156] = header.type
        put(header.link, at: 157, limit: 100)
        put(header.magic, at: 257, limit: 8)
        put(header.prefix, at: 345, limit: 155)
        for (offset, bytes) in header.patches { put(bytes, at: offset, limit: 512 - offset) }
        let sum = block.reduce(0) { $0 + Int($1) } + (header.badChecksum ? 1 : 0)
        put(octal(sum, width: 6) + [0, 0x20], at: 148, limit: 8)
        bytes += block
    }

    /// Bytes, filled up to a whole block.
    package mutating func body(_ body: [UInt8]) {
        bytes += body
        bytes += [UInt8](repeating: 0, count: (512 - body.count % 512) % 512)
    }

    package mutating func file(_ name: String, _ body: String = "", mode: Int = 0o644) {
        header(Header(name, size: body.utf8.count, mode: mode))
        self.body(Array(body.utf8))
    }

    package mutating func directory(_ name: String, mode: Int = 0o755) { header(Header(name, type: "5", mode: mode)) }
    package mutating func symlink(_ name: String, to target: String) {
        header(Header(name, type: "2", mode: 0o777, link: target))
    }
    package mutating func hardLink(_ name: String, to target: String) { header(Header(name, type: "1", link: target)) }

    /// A GNU long name (`L`) or long link (`K`) header with its body.
    package mutating func gnuLong(_ type: Character, _ value: [UInt8]) {
        var long = Header("././@LongLink", type: type, size: value.count + 1)
        long.magic = Self.gnuMagic
        header(long)
        body(value + [0])
    }

    /// A pax header with these records; `type` `g` makes it a global one.
    package mutating func pax(_ records: [(key: String, value: [UInt8])], type: Character = "x") {
        var text: [UInt8] = []
        for record in records {
            let tail = Array(" \(record.key)=".utf8) + record.value + [0x0A]
            var length = tail.count + 1
            while String(length).utf8.count + tail.count != length { length += 1 }
            text += Array(String(length).utf8) + tail
        }
        header(Header("PaxHeaders/x", type: type, size: text.count))
        body(text)
    }

    /// A pax header with this body, which need not be records.
    package mutating func paxBody(_ body: [UInt8], type: Character = "x") {
        header(Header("PaxHeaders/x", type: type, size: body.count))
        self.body(body)
    }

    package mutating func raw(_ bytes: [UInt8]) { self.bytes += bytes }

    /// The two zero blocks.
    package mutating func end() { bytes += [UInt8](repeating: 0, count: 1024) }

    /// The archive that `build` writes, end marker included.
    package static func archive(_ build: (inout RawTar) -> Void) -> [UInt8] {
        var tar = RawTar()
        build(&tar)
        tar.end()
        return tar.bytes
    }
}
