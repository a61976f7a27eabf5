// SPDX-License-Identifier: Apache-2.0

/// The rules by which `TarWriter` turns members into bytes, for names of cached results.
package enum TarRecipe {
    /// Changes whenever the same members would give other bytes.
    package static let version = "tar/1"
}

/// Writes a tar whose bytes depend on its members alone.
///
/// Members come in the order given; times and modes are theirs, owner is 0:0. The archive ends with two zero blocks and
/// no further padding. After an error the archive is of no use.
package struct TarWriter<Sink: ByteSink & ~Copyable>: ~Copyable {
    private var sink: Sink
    private let buffer = CopyBuffer()

    package init(into sink: consuming Sink) { self.sink = sink }

    /// A directory, a link, or a file of size 0.
    package mutating func add(_ member: TarMember) throws(ArchiveError) {
        var nothing = MemorySource([])
        try add(member, body: &nothing)
    }

    /// A file with its content, which must be exactly `member.size` bytes long.
    package mutating func add<Source: ByteSource & ~Copyable>(
        _ member: TarMember, body: inout Source
    ) throws(ArchiveError) {
        precondition(member.kind == .file || member.size == 0, "only files have a body")
        try sink.write(try TarHeader.blocks(of: member))
        var left = member.size
        while true {
            // One byte more than announced is asked for, so that a body that is too long is noticed.
            let wanted = Int(min(Int64(buffer.bytes.count), left + 1))
            let count = try body.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[..<wanted]))
            if count == 0 { break }
            guard Int64(count) <= left else {
                throw .bodySize(
                    path: member.path, announced: member.size, delivered: member.size - left + Int64(count))
            }
            try sink.write(UnsafeRawBufferPointer(rebasing: buffer.bytes[..<count]))
            left -= Int64(count)
        }
        guard left == 0 else {
            throw .bodySize(path: member.path, announced: member.size, delivered: member.size - left)
        }
        try sink.write(TarHeader.padding(after: member.size))
    }

    package mutating func addDirectory(_ path: [UInt8], mode: UInt32, mtime: Int64) throws(ArchiveError) {
        try add(TarMember(path: path, kind: .directory, mode: mode, mtime: mtime))
    }

    package mutating func addSymlink(_ path: [UInt8], to target: [UInt8], mtime: Int64) throws(ArchiveError) {
        try add(TarMember(path: path, kind: .symlink(target), mode: 0o777, mtime: mtime))
    }

    /// Writes the end marker and gives the sink back.
    package consuming func finish() throws(ArchiveError) -> Sink {
        try sink.write([UInt8](repeating: 0, count: 1024))
        return sink
    }
}

/// A buffer that goes with its owner. A class, so that owners need no deinit of their own.
final class CopyBuffer {
    let bytes: UnsafeMutableRawBufferPointer

    init(size: Int = 1 << 18) { bytes = .allocate(byteCount: size, alignment: 64) }
    deinit { bytes.deallocate() }
}
