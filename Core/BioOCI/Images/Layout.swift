// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPackage
import BioSystem
import Glibc

/// Where things are in an image layout (image-spec 1.1, image-layout.md).
enum Layout {
    static let markerName = "oci-layout"
    static let indexName = "index.json"
    /// `oci-layout`, `index.json` and `blobs`.
    static let topCount = 3
    static let version = "1.0.0"
    /// The file that says that a directory is a layout.
    static let marker = (["imageLayoutVersion": .string(version)] as DocumentValue).jsonBytes(.compact)
    private static let markerLimit = 4096

    /// Without closing slashes: they are no part of the name that a draft gets.
    static func trimmed(_ path: String) -> String {
        let trimmed = String(decoding: path.utf8.reversed().drop { $0 == 0x2F }.reversed(), as: UTF8.self)
        return trimmed.isEmpty ? "/" : trimmed
    }

    static func blobPath(_ digest: Digest) -> String { "blobs/sha256/\(digest.hex)" }

    /// Checks what `oci-layout` holds.
    static func check(marker bytes: [UInt8], place: String) throws(ImageError) {
        let reading = DocumentReading(what: "layout file", place: place)
        let found = try reading.string(try reading.document(bytes), "imageLayoutVersion")
        guard found == version else { throw reading.wrong("its version is \(found.quoted), not \(version)") }
    }

    /// Whether a layout is at `path`; false: nothing, or an empty directory, where one can be made. Anything else is
    /// refused.
    static func isThere(_ path: String) throws -> Bool {
        guard let status = try FileStatus.of(path) else {
            // A link that leads nowhere is something.
            if try FileStatus.ofLink(path) != nil {
                throw ImageError.notALayout(path: path, problem: "it is a link to nothing")
            }
            return false
        }
        guard status.kind == .directory else {
            throw ImageError.notALayout(path: path, problem: "it is no directory")
        }
        guard let bytes = try smallFile("\(path)/\(markerName)", what: "layout file", limit: markerLimit) else {
            // What a kill left is no reason against a directory.
            if try Directory.names(path).allSatisfy({ $0.starts(with: ownPrefix.utf8) }) { return false }
            throw ImageError.notALayout(path: path, problem: "it has no file '\(markerName)'")
        }
        try check(marker: bytes, place: path)
        return true
    }

    /// Directories with what a layout is to get; beside a new one, in one that is there.
    static let draftPrefix = ".bio-layout-"
    private static let ownPrefix = ".bio-"

    /// A whole file; nil when nothing is there. Links are followed: they are how some tools share blobs.
    static func smallFile(_ path: String, what: String, limit: Int) throws -> [UInt8]? {
        let file: FileDescriptor
        do throws(SystemError) { file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK) } catch {
            if error.errno == .noSuchFile { return nil }
            throw error
        }
        let status = try file.status()
        guard status.kind == .file else { throw ImageError.notAFile(path: path) }
        do throws(Errno) { return try file.readToEnd(limit: limit, size: status.size) } catch {
            if error.rawValue == EFBIG { throw ImageError.tooLarge(what: what, place: path, limit: limit) }
            throw SystemError("read", path, error)
        }
    }
}
