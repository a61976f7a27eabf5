// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioSystem

/// The members of an image's archive: documents in memory and blobs in files, all with one time and mode.
struct ArchiveMembers: TarMembers {
    struct Item {
        enum Content {
            case directory
            case bytes([UInt8])
            case file(path: String, size: Int64)
        }

        let path: String
        let content: Content
    }

    /// 1970-01-01T00:00:01Z, as in layers: 0 is no time for some readers.
    private static let time: Int64 = 1

    private let items: [Item]
    private var position = 0

    init(_ items: [Item]) { self.items = items }

    mutating func next() throws -> TarItem? {
        guard position < items.count else { return nil }
        let item = items[position]
        position += 1
        let member = Self.member(item)
        switch item.content {
        case .directory: return TarItem(member)
        case .bytes(let bytes): return TarItem(member, .bytes(bytes))
        case .file(let path, let size):
            let file = try FileDescriptor.open(path)
            guard (try? file.status().size) == size else { throw ImageError.blobFile(path: path) }
            return TarItem(member, .file(file))
        }
    }

    mutating func nextMember() -> TarMember? {
        guard position < items.count else { return nil }
        position += 1
        return Self.member(items[position - 1])
    }

    var changed: @Sendable (Int) -> any Error {
        let items = items
        return { number in
            if case .file(let path, _) = items[number].content { return ImageError.blobFile(path: path) }
            return ImageError.blobFile(path: items[number].path)
        }
    }

    private static func member(_ item: Item) -> TarMember {
        let path = Array(item.path.utf8)
        return switch item.content {
        case .directory: TarMember(path: path, kind: .directory, mode: 0o755, mtime: time)
        case .bytes(let bytes): TarMember(path: path, kind: .file, mode: 0o644, size: Int64(bytes.count), mtime: time)
        case .file(_, let size): TarMember(path: path, kind: .file, mode: 0o644, size: size, mtime: time)
        }
    }
}
