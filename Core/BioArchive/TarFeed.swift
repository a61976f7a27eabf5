// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioSystem
import Glibc

/// The rules by which members become bytes, for names of cached results (docs/reference/tar.md).
package enum TarRecipe {
    /// Changes whenever the same members would give other bytes.
    package static let version = "tar/1"

    /// The exact length of the tar of `members` before compression; no body is opened.
    package static func size(of members: any TarMembers) throws -> Int64 {
        var members = members
        var size: Int64 = 1024
        while let member = try members.nextMember() {
            size += Int64(try TarHeader.blocks(of: member).count) + (member.size + 511) / 512 * 512
        }
        return size
    }
}

/// Some bytes of a piece that are the content, or a part of it, of one member.
package struct ContentRun: Hashable, Sendable {
    /// The member's number, from 0.
    package let member: Int
    /// Within the piece.
    package let range: Range<Int>
    /// Set on the last run of the content: the digest of all of it.
    package let closing: Digest?
}

/// A tar as bytes that are pulled; they depend on the members alone.
///
/// Members come in the order given; times and modes are theirs, owner is 0:0. The archive ends with two zero blocks and
/// no further padding. Files are read right into the buffers that are filled. After an error it is of no use.
package struct TarFeed<Members: TarMembers>: ~Copyable {
    private var members: Members
    private var number = -1
    /// Headers and padding on their way, and how much of them is gone.
    private var pending: [UInt8] = []
    private var gone = 0
    private var body: OpenBody?
    private var isComplete = false

    /// A content that is being copied.
    private struct OpenBody: ~Copyable {
        let source: TarItem.Body
        let path: [UInt8]
        let size: Int64
        let digest: Digest?
        var position: Int64 = 0
    }

    package init(_ members: Members) { self.members = members }

    /// Fills `room`; returns less than its size only when the archive ends. `runs` gets what is content with a digest.
    package mutating func fill(
        _ room: UnsafeMutableRawBufferPointer, runs: inout [ContentRun]
    ) throws -> Int {
        var count = 0
        while count < room.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: room[count...])
            if gone < pending.count {
                count += takePending(rest)
            } else if body != nil {
                count += try takeBody(rest, at: count, &runs)
            } else if try !begin() {
                break
            }
        }
        return count
    }

    private mutating func takePending(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, pending.count - gone)
        pending.withUnsafeBytes { room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[gone..<gone + count])) }
        gone += count
        return count
    }

    /// Opens the next member, or puts the end marker; false when all is done.
    private mutating func begin() throws -> Bool {
        guard !isComplete else { return false }
        gone = 0
        guard let item = try members.next() else {
            pending = [UInt8](repeating: 0, count: 1024)
            isComplete = true
            return true
        }
        number += 1
        let member = item.member
        precondition(member.kind == .file || member.size == 0, "only files have a body")
        pending = try TarHeader.blocks(of: member)
        if member.size > 0 || item.digest != nil {
            body = OpenBody(source: item.body, path: member.path, size: member.size, digest: item.digest)
        }
        return true
    }

    private mutating func takeBody(
        _ room: UnsafeMutableRawBufferPointer, at place: Int, _ runs: inout [ContentRun]
    ) throws -> Int {
        guard var open = body.take() else { return 0 }
        let wanted = Int(min(Int64(room.count), open.size - open.position))
        let count: Int
        switch open.source {
        case .bytes(let bytes):
            guard Int64(bytes.count) == open.size else {
                throw ArchiveError.bodySize(path: open.path, announced: open.size, delivered: Int64(bytes.count))
            }
            let start = Int(open.position)
            bytes.withUnsafeBytes {
                room.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + wanted]))
            }
            count = wanted
        case .file(let file):
            count = try Self.read(file, room, wanted, at: open.position, open.path)
            if count == 0 && wanted > 0 { throw members.changed(number) }
        }
        open.position += Int64(count)
        let isLast = open.position == open.size
        if let digest = open.digest {
            runs.append(ContentRun(member: number, range: place..<place + count, closing: isLast ? digest : nil))
        }
        if isLast {
            pending = TarHeader.padding(after: open.size)
            gone = 0
        } else {
            body = consume open
        }
        return count
    }

    private static func read(
        _ file: borrowing FileDescriptor, _ room: UnsafeMutableRawBufferPointer, _ wanted: Int, at offset: Int64,
        _ path: [UInt8]
    ) throws -> Int {
        while true {
            let count = pread(file.rawValue, room.baseAddress, wanted, off_t(offset))
            if count >= 0 { return count }
            if errno != EINTR { throw ArchiveError.system(SystemError("read", MemberPath.text(path))) }
        }
    }
}
