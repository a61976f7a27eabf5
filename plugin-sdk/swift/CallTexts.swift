// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// Memory for the texts and arrays of one call.
struct CallTexts {
    private var pieces: [UnsafeMutableRawPointer] = []

    mutating func string(_ text: String) -> bio_str {
        guard !text.isEmpty else { return bio_str() }
        let bytes = Array(text.utf8)
        let copy = room(bytes.count, of: CChar.self)
        for (index, byte) in bytes.enumerated() { copy[index] = CChar(bitPattern: byte) }
        return bio_str(ptr: copy, len: UInt64(bytes.count))
    }

    mutating func strings(_ values: [String]) -> (UnsafePointer<bio_str>?, UInt32) {
        array(values.map { string($0) })
    }

    mutating func pairs(_ values: [(key: String, value: String)]) -> (UnsafePointer<bio_kv>?, UInt32) {
        array(values.map { bio_kv(key: string($0.key), value: string($0.value)) })
    }

    mutating func array<T>(_ values: [T]) -> (UnsafePointer<T>?, UInt32) {
        guard !values.isEmpty else { return (nil, 0) }
        let copy = room(values.count, of: T.self)
        copy.initialize(from: values, count: values.count)
        return (UnsafePointer(copy), UInt32(values.count))
    }

    private mutating func room<T>(_ count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
        let made = UnsafeMutablePointer<T>.allocate(capacity: count)
        pieces.append(UnsafeMutableRawPointer(made))
        return made
    }

    func free() { for piece in pieces { piece.deallocate() } }
}
