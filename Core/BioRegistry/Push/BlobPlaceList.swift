// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import Glibc

/// What is known of one registry's blobs, the oldest first: text, one line each, so that a line that makes no sense is
/// no loss.
struct BlobPlaceList {
    struct Entry: Hashable {
        let digest: Digest
        /// Its path.
        let repository: String
        /// Where an upload of it goes on; nil: the blob is there.
        let upload: String?
    }

    enum Change {
        case add(Entry)
        case remove(Entry)
        case removeUpload(Digest, repository: String)
    }

    /// Of more than that the oldest are forgotten.
    static let entryLimit = 20_000
    static let byteLimit = 16 << 20
    private static let repositoriesOfBlob = 4
    static let openFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK
    private static let head = "bio-blob-places/1"

    private var entries: [Digest: [(entry: Entry, number: Int)]] = [:]
    private var next = 0

    private let limit: Int

    init(limit: Int = entryLimit) { self.limit = limit }

    init(parsing bytes: [UInt8]) {
        self.init()
        let lines = bytes.split(separator: 0x0A)
        guard let first = lines.first, first.elementsEqual(Self.head.utf8) else { return }
        for line in lines.dropFirst().suffix(Self.entryLimit) {
            if let entry = Self.entry(line) { apply(.add(entry)) }
        }
    }

    var bytes: [UInt8] {
        var all: [(entry: Entry, number: Int)] = []
        for list in entries.values { all += list }
        all.sort { $0.number < $1.number }
        var text = Self.head + "\n"
        for (entry, _) in all.suffix(limit) {
            text += "\(entry.digest.hex) \(entry.repository)" + (entry.upload.map { " \($0)" } ?? "") + "\n"
        }
        return Array(text.utf8)
    }

    func repositories(of digest: Digest) -> [String] {
        (entries[digest] ?? []).reversed().compactMap { $0.entry.upload == nil ? $0.entry.repository : nil }
    }

    func upload(of digest: Digest, in repository: String) -> String? {
        (entries[digest] ?? []).lazy.compactMap { $0.entry.repository == repository ? $0.entry.upload : nil }.first
    }

    func isChanged(by change: Change) -> Bool {
        switch change {
        case .add(let entry): !(entries[entry.digest] ?? []).contains { $0.entry == entry }
        case .remove(let entry): (entries[entry.digest] ?? []).contains { $0.entry == entry }
        case .removeUpload(let digest, let repository): upload(of: digest, in: repository) != nil
        }
    }

    mutating func apply(_ change: Change) {
        switch change {
        case .add(let entry):
            // One upload of a blob in a repository, and as many places as anybody asks for.
            var list = (entries[entry.digest] ?? []).filter {
                entry.upload == nil
                    ? $0.entry != entry : $0.entry.upload == nil || $0.entry.repository != entry.repository
            }
            list.append((entry, next))
            next += 1
            entries[entry.digest] = Array(list.suffix(Self.repositoriesOfBlob))
        case .remove(let entry): entries[entry.digest]?.removeAll { $0.entry == entry }
        case .removeUpload(let digest, let repository):
            entries[digest]?.removeAll { $0.entry.upload != nil && $0.entry.repository == repository }
        }
    }

    private static func entry(_ line: ArraySlice<UInt8>) -> Entry? {
        let parts = line.split(separator: 0x20, omittingEmptySubsequences: false)
        guard 2...3 ~= parts.count, let digest = Digest(.sha256, hexBytes: parts[0]) else { return nil }
        // They go into requests: nothing but what repositories and paths consist of.
        guard !parts[1].isEmpty, parts[1].count <= 255, parts[1].allSatisfy(isOfRepository) else { return nil }
        var upload: String?
        if parts.count == 3 {
            let text = String(decoding: parts[2], as: UTF8.self)
            guard UploadLocation.isKeepable(text) else { return nil }
            upload = text
        }
        return Entry(digest: digest, repository: String(decoding: parts[1], as: UTF8.self), upload: upload)
    }

    private static func isOfRepository(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "/._-".utf8.contains(byte)
    }
}
