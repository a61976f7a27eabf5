// SPDX-License-Identifier: Apache-2.0

import CCompress

/// How an archive is compressed: one set of names everywhere.
package enum Compression: Hashable, Sendable, CustomStringConvertible {
    package enum ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        case unknown(String)
        case zstdLevel(String)

        package var description: String {
            switch self {
            case .unknown(let text): "'\(text)' is no compression"
            case .zstdLevel(let text): "'\(text)' has no zstd level from 1 to 19"
            }
        }

        package var hint: String? { "known are \(Compression.names.joined(separator: ", "))" }
    }

    case none
    /// libdeflate level 3: smaller than `gzip:fast`, three times as fast as what gzip does by itself.
    case gzip
    /// ISA-L level 1. Not a higher one: level 3 gives other bytes on other processors.
    case gzipFast
    /// libdeflate level 6.
    case gzipSmall
    case zstd(level: Int)
    /// Preset 6, CRC64.
    case xz

    /// The spellings `init(parsing:)` knows; N stands for a level.
    package static let names = ["gzip", "gzip:fast", "gzip:small", "zstd", "zstd:N", "xz", "none"]

    package init(parsing text: String) throws(ParseError) {
        switch text {
        case "none": self = .none
        case "gzip": self = .gzip
        case "gzip:fast": self = .gzipFast
        case "gzip:small": self = .gzipSmall
        case "zstd": self = .zstd(level: 3)
        case "xz": self = .xz
        default:
            guard text.hasPrefix("zstd:") else { throw .unknown(text) }
            let digits = text.dropFirst(5)
            guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let level = Int(digits), 1...19 ~= level else {
                throw .zstdLevel(text)
            }
            self = .zstd(level: level)
        }
    }

    /// The shortest name that parses to this value.
    package var description: String {
        switch self {
        case .none: "none"
        case .gzip: "gzip"
        case .gzipFast: "gzip:fast"
        case .gzipSmall: "gzip:small"
        case .zstd(level: 3): "zstd"
        case .zstd(let level): "zstd:\(level)"
        case .xz: "xz"
        }
    }

    /// What a tar with this compression ends in.
    package var fileExtension: String {
        switch self {
        case .none: ".tar"
        case .gzip, .gzipFast, .gzipSmall: ".tar.gz"
        case .zstd: ".tar.zst"
        case .xz: ".tar.xz"
        }
    }

    /// Who compresses: this name, what it stands for, and the version and build of the library. Two encoders with one
    /// text make equal bytes of equal input. Letters, digits, `.`, `-` and `_` only.
    package func encoder() throws(ArchiveError) -> String {
        let (codec, level) = codec
        var library = bio_encoder_library()
        guard bio_encoder_find(codec, &library) == 1 else {
            throw .libraryMissing(bio_late_codec_problem().map { String(cString: $0) } ?? "")
        }
        guard codec != BIO_CODEC_NONE else { return "none" }
        let build = withUnsafeBytes(of: library.build) { $0.prefix(library.build_count).map { $0 } }
        return "\(library.name.map { String(cString: $0) } ?? "")-\(library.major).\(library.minor).\(library.patch)"
            + "_level\(level)_piece\(library.piece)"
            + (build.isEmpty ? "" : "_\(build.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())")
    }

    var codec: (codec: bio_codec, level: Int32) {
        switch self {
        case .none: (BIO_CODEC_NONE, 0)
        case .gzip: (BIO_CODEC_GZIP, 3)
        case .gzipFast: (BIO_CODEC_GZIP_FAST, 1)
        case .gzipSmall: (BIO_CODEC_GZIP, 6)
        case .zstd(let level): (BIO_CODEC_ZSTD, Int32(level))
        case .xz: (BIO_CODEC_XZ, 6)
        }
    }
}
