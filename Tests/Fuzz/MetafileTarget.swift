// SPDX-License-Identifier: Apache-2.0

import BioPackage

extension FuzzTarget {
    /// The input is files with NULs between them; the first line of each is its name. Without a TARGET it gets one.
    static let metafiles = FuzzTarget("metafiles") { bytes in
        guard let ident = try? QualifiedIdent(parsing: "core/x/1.2/20260101000000") else { broken("no ident") }
        var files: [MetaFile: [UInt8]] = [.target: Array("x86_64-linux".utf8)]
        for piece in bytes.split(separator: 0) {
            let name = String(decoding: piece.prefix { $0 != 0x0A }, as: UTF8.self)
            if let file = MetaFile(rawValue: name) { files[file] = Array(piece.dropFirst(name.utf8.count + 1)) }
        }
        let metadata: PackageMetadata
        do throws(MetadataError) { metadata = try PackageMetadata(ident: ident, files: files) } catch {
            checkMessage(error.description)
            return
        }
        check(metadata)
        do throws(MetadataError) {
            let again = try PackageMetadata(ident: ident, files: metadata.raw.mapValues { Array($0.utf8) })
            promise(again == metadata, "trimmed metafiles say the same")
        } catch { broken("trimmed metafiles are refused: \(error)") }
    }

    private static func check(_ metadata: PackageMetadata) {
        promise(metadata.exposes.allSatisfy { $0 > 0 }, "port 0")
        for account in [metadata.serviceUser, metadata.serviceGroup].compactMap({ $0 }) {
            promise(!account.isEmpty && !account.contains { ":/, \n".contains($0) }, "'\(account)' as an account")
        }
        for path in metadata.path { promise(path.hasPrefix("/") || path.hasPrefix("\\"), "a relative PATH '\(path)'") }
        let entries = metadata.exports + metadata.binds + metadata.bindsOptional + metadata.runtimeEnvironment
        for entry in entries {
            promise(!entry.name.utf8.contains(UInt8(ascii: "=")) && !entry.value.utf8.contains(0x0A), "\(entry)")
            _ = entry.words
        }
        for names in [metadata.exports, metadata.binds].map({ $0.map(\.name) }) {
            promise(Set(names.map { Array($0.utf8) }).count == names.count, "a name that is there twice")
        }
    }
}
