// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto

/// The bytes of one blob on their way out, piece by piece, from any place of it. Every byte is digested once, the first
/// time it is read, whatever is sent again; the last piece is not given before the digest was right.
final class BlobBody {
    let blob: PushedBlob
    private let buffer: UnsafeMutableRawBufferPointer
    private var source: (any ByteSource)?
    private var position: Int64 = 0
    private var hasher = SHA256Hasher()
    private var digested: Int64 = 0
    private var isChecked = false

    init(_ blob: PushedBlob) {
        self.blob = blob
        buffer = .allocate(byteCount: Int(max(1, min(blob.size, Self.pieceSize))), alignment: 64)
    }

    deinit { buffer.deallocate() }

    /// As much as libcurl takes at once.
    private static let pieceSize: Int64 = 512 << 10

    /// Goes on at `offset`. What lies before and has not been digested is read for that.
    func seek(to offset: Int64) throws {
        if offset != position || source == nil {
            let start = min(offset, digested)
            source = try blob.content.open(at: start)
            position = start
        }
        while position < offset { _ = try next(below: offset) }
    }

    /// The next bytes, none of them at or behind `end`; they are valid until the next call. Nil at `end`.
    func next(below end: Int64) throws -> UnsafeRawBufferPointer? {
        let room = Int(min(Int64(buffer.count), end - position))
        guard room > 0 else { return nil }
        let count = try source?.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<room])) ?? 0
        guard count > 0 else { throw blob.content.damage(expected: blob.digest, computed: nil) }
        let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
        if position + Int64(count) > digested {
            hasher.update(UnsafeRawBufferPointer(rebasing: piece[Int(max(0, digested - position))...]))
            digested = position + Int64(count)
        }
        position += Int64(count)
        if digested == blob.size { try check() }
        return piece
    }

    private func check() throws {
        if isChecked { return }
        let computed = hasher.finalize()
        guard computed == blob.digest else { throw blob.content.damage(expected: blob.digest, computed: computed) }
        isChecked = true
    }
}
