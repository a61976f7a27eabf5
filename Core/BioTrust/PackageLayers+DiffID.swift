// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioExport
import BioOCI
import BioSystem

extension PackageLayers {
    /// The diff id of the one layer that holds all `count` packages, made from the files that are installed. Throws a
    /// `ServiceError` of code `.digest` when a file is missing or not what its receipt says.
    func commonDiffID(of count: Int, cancellation: Cancellation) throws -> Digest {
        let layer = try layers(Array(0..<count), trees: [], most: 1)[0]
        let packing = TarPacking(Pipeline(.none, threads: 1) { cancellation.isRequested })
        return try pack(try layer.members(), packing)
    }

    private func pack(_ members: some TarMembers, _ packing: TarPacking) throws -> Digest {
        try packing.write(members, into: NoSink()).digest
    }
}

/// Nothing is kept of what is only digested.
private struct NoSink: ByteSink {
    mutating func write(_ bytes: UnsafeRawBufferPointer) {}
}

extension LayerMember {
    /// It hides something, and is nothing itself.
    var isWish: Bool { kind == .whiteout || kind == .opaque }
}
