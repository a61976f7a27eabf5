// SPDX-License-Identifier: Apache-2.0

/// The compression of a file, by its first bytes.
enum CompressionMark: CaseIterable {
    case gzip, zstd, xz, bzip2

    init?(_ start: some Sequence<UInt8>) {
        let start = Array(start)
        guard let found = Self.allCases.first(where: { start.starts(with: $0.bytes) }) else { return nil }
        self = found
    }

    private var bytes: [UInt8] {
        switch self {
        case .gzip: [0x1F, 0x8B]
        case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
        case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
        case .bzip2: [0x42, 0x5A, 0x68]
        }
    }

    /// What undoes it, with `-dc`.
    var program: String { "\(self)" }

    /// Of a layer in Docker's archives, which may have any; there are names for two of them.
    var layer: MediaType {
        switch self {
        case .gzip: .dockerLayerGzip
        case .zstd: .ociLayerZstd
        case .xz, .bzip2: MediaType("\(MediaType.dockerLayer).\(self)")
        }
    }
}
