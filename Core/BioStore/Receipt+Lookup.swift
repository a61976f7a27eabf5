// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioSystem

/// Entries in the order of a receipt.
extension [Receipt.Entry] {
    /// Where the entry of this path is; nil when there is none.
    func index(of path: [UInt8]) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].path.precedes(path) { low = middle + 1 } else { high = middle }
        }
        return low < count && self[low].path == path ? low : nil
    }

    /// Size and digest of the file that the entry is, or that it is a further name of; nil when it is none.
    func content(of entry: Receipt.Entry) -> (size: Int64, digest: Digest)? {
        switch entry.kind {
        case .file(let digest): return (entry.size, digest)
        case .hardLink(let first):
            guard let place = index(of: first), case .file(let digest) = self[place].kind else { return nil }
            return (self[place].size, digest)
        case .directory, .symlink: return nil
        }
    }
}
