// SPDX-License-Identifier: Apache-2.0

/// Bytes of one frame under construction: little-endian integers, byte strings with a 32-bit length before them.
package struct FrameWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    /// Makes room for about `capacity` bytes at once.
    package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    package mutating func u8(_ value: UInt8) { bytes.append(value) }
    package mutating func u32(_ value: UInt32) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    package mutating func u64(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
    package mutating func i32(_ value: Int32) { u32(UInt32(bitPattern: value)) }
    package mutating func i64(_ value: Int64) { u64(UInt64(bitPattern: value)) }
    package mutating func bool(_ value: Bool) { u8(value ? 1 : 0) }

    package mutating func blob(_ value: [UInt8]) {
        u32(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    package mutating func text(_ value: String) {
        u32(UInt32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    package mutating func optionalText(_ value: String?) {
        bool(value != nil)
        if let value { text(value) }
    }

    package mutating func list<T>(_ values: [T], _ write: (inout FrameWriter, T) -> Void) {
        u32(UInt32(values.count))
        for value in values { write(&self, value) }
    }
}

/// What is wrong with a frame. The other side may be hostile: nothing in a frame is believed before it is checked.
package enum FrameError: Error, Hashable, Sendable, CustomStringConvertible {
    case truncated
    case trailing(Int)
    case notUTF8(String)
    case notDigest(String)
    case unknown(field: String, value: UInt64)
    case tooMany(field: String, count: UInt64)
    case tooLarge(Int)

    package var description: String {
        switch self {
        case .truncated: "it ends in the middle of a value"
        case .trailing(let count): "\(count) bytes follow its last value"
        case .notUTF8(let field): "the \(field) is not UTF-8"
        case .notDigest(let field): "the \(field) is none"
        case .unknown(let field, let value): "\(value) is no \(field)"
        case .tooMany(let field, let count): "\(count) is too many for the \(field)"
        case .tooLarge(let count): "its \(count) bytes are more than a frame may have"
        }
    }
}

/// Reads the values of a frame in order.
package struct FrameReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package mutating func u8() throws(FrameError) -> UInt8 {
        guard position < bytes.count else { throw .truncated }
        defer { position += 1 }
        return bytes[position]
    }

    package mutating func u32() throws(FrameError) -> UInt32 {
        guard bytes.count - position >= 4 else { throw .truncated }
        defer { position += 4 }
        return bytes.withUnsafeBytes {
            UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt32.self))
        }
    }

    package mutating func u64() throws(FrameError) -> UInt64 {
        let low = UInt64(try u32())
        return low | UInt64(try u32()) << 32
    }

    package mutating func i32() throws(FrameError) -> Int32 { Int32(bitPattern: try u32()) }
    package mutating func i64() throws(FrameError) -> Int64 { Int64(bitPattern: try u64()) }

    package mutating func bool(_ field: String) throws(FrameError) -> Bool {
        let value = try u8()
        guard value < 2 else { throw .unknown(field: field, value: UInt64(value)) }
        return value == 1
    }

    package mutating func blob() throws(FrameError) -> [UInt8] { Array(bytes[try counted()]) }

    package mutating func text(_ field: String) throws(FrameError) -> String {
        let place = try counted()
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: bytes.span.extracting(place)))
        } catch { throw .notUTF8(field) }
    }

    /// Where a byte string is, behind its length.
    private mutating func counted() throws(FrameError) -> Range<Int> {
        let count = Int(try u32())
        guard count <= bytes.count - position else { throw .truncated }
        defer { position += count }
        return position..<(position + count)
    }

    package mutating func optionalText(_ field: String) throws(FrameError) -> String? {
        try bool(field) ? try text(field) : nil
    }

    /// At most `limit` values; each takes at least one byte, so a lying count cannot make much memory.
    package mutating func list<T>(
        _ field: String, limit: Int = 1 << 20, _ read: (inout FrameReader) throws(FrameError) -> T
    ) throws(FrameError) -> [T] {
        let count = Int(try u32())
        guard count <= limit, count <= bytes.count - position else {
            throw .tooMany(field: field, count: UInt64(count))
        }
        var values: [T] = []
        values.reserveCapacity(min(count, 4096))
        for _ in 0..<count { values.append(try read(&self)) }
        return values
    }

    /// Refuses bytes that nobody asked for.
    package func end() throws(FrameError) {
        guard position == bytes.count else { throw .trailing(bytes.count - position) }
    }
}
