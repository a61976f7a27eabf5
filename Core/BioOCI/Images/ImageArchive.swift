// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioSystem
import Glibc

/// A tar with images in it, whose members are found by one pass over its headers.
final class ImageArchive: Sendable {
    let path: String
    private let descriptor: FileDescriptor
    private let catalog: TarCatalog
    private let cancellation: Cancellation

    private static let linkLimit = 8

    init(_ path: String, cancellation: Cancellation) throws {
        self.path = path
        self.cancellation = cancellation
        descriptor = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK)
        guard try descriptor.status().kind == .file else { throw ImageError.notAFile(path: path) }
        if let program = try Self.compressor(descriptor, path) {
            throw ImageError.compressedArchive(path: path, by: program)
        }
        do throws(ArchiveError) {
            catalog = try TarCatalog(descriptor, path: path, cancellation: cancellation)
        } catch { throw ImageError.archive(path: path, error) }
    }

    func has(_ name: String) -> Bool { catalog[name.utf8] != nil }

    /// The file `name`; nil when it is not there, refused when it is anything else.
    func entry(_ name: String) throws(ImageError) -> TarCatalog.Entry? {
        guard let entry = catalog[name.utf8] else { return nil }
        guard entry.kind == .file else { throw .memberKind(name: name, kind: entry.noun, place: path) }
        return entry
    }

    /// The same where a link to a file of the archive will do: old engines store equal layers so.
    func linkedEntry(_ name: String) throws(ImageError) -> TarCatalog.Entry? {
        var member = Array(name.utf8)
        for _ in 0...Self.linkLimit {
            guard let entry = catalog[member] else { return nil }
            switch entry.kind {
            case .file: return entry
            case .hardLink(let target): member = (try? MemberPath.plain(target)) ?? []
            case .symlink(let target): member = Self.resolved(target, from: member) ?? []
            case .directory, .other: throw .memberKind(name: name, kind: entry.noun, place: path)
            }
        }
        throw .memberKind(name: name, kind: "chain of links", place: path)
    }

    /// Where a symbolic link in the archive leads by its text; nil: out of the archive.
    private static func resolved(_ target: [UInt8], from member: [UInt8]) -> [UInt8]? {
        guard target.first != UInt8(ascii: "/") else { return nil }
        var parts = (MemberPath.parent(member) ?? []).split(separator: UInt8(ascii: "/"))
        for part in target.split(separator: UInt8(ascii: "/")) {
            if part.elementsEqual(".".utf8) { continue }
            if part.elementsEqual("..".utf8) {
                guard parts.popLast() != nil else { return nil }
            } else {
                parts.append(part)
            }
        }
        return Array(parts.joined(separator: [UInt8(ascii: "/")]))
    }

    /// A whole file; nil when it is not there.
    func file(_ name: String, what: String, limit: Int) throws -> [UInt8]? {
        guard let entry = try entry(name) else { return nil }
        guard entry.size <= limit else { throw ImageError.tooLarge(what: what, place: path, limit: limit) }
        return try start(entry, count: Int(entry.size))
    }

    /// The first bytes of a file.
    func start(_ entry: TarCatalog.Entry, count: Int) throws -> [UInt8] {
        var source = try FileSource(descriptor, from: entry.offset, to: entry.offset + entry.size, path: path)
        var bytes = [UInt8](repeating: 0, count: min(count, Int(entry.size)))
        var done = 0
        while done < bytes.count {
            let got = try bytes.withUnsafeMutableBytes {
                try source.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[done...]))
            }
            if got == 0 { throw ImageError.archive(path: path, .truncated) }
            done += got
        }
        return bytes
    }

    /// The bytes of a file from `offset` on, which must have that digest if there is one.
    func open(_ entry: TarCatalog.Entry, at offset: Int64 = 0, digest: Digest?) throws -> BlobSource {
        BlobSource(
            try descriptor.duplicate(), path: path, from: entry.offset + offset, size: entry.size - offset,
            digest: digest, cancellation: cancellation)
    }

    /// What a file really is.
    func digest(of entry: TarCatalog.Entry) throws -> Digest {
        var source = try FileSource(
            descriptor, from: entry.offset, to: entry.offset + entry.size, path: path, cancellation: cancellation)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var hasher = SHA256Hasher()
        while true {
            let count = try source.read(into: buffer)
            if count == 0 { return hasher.finalize() }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    /// The program whose compression the file has; nil: none that is known.
    private static func compressor(_ file: borrowing FileDescriptor, _ path: String) throws -> String? {
        var source = try FileSource(file, to: 6, path: path)
        var bytes = [UInt8](repeating: 0, count: 6)
        let count = try bytes.withUnsafeMutableBytes { try source.read(into: $0) }
        return CompressionMark(bytes.prefix(count)).map(\.program)
    }
}
