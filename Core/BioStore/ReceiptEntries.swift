// SPDX-License-Identifier: Apache-2.0

package import BioArchive
import BioSystem

/// The entries of an extracted payload, on their way into a receipt.
package enum ReceiptEntries {
    /// The order and form of a receipt, whatever the order of the payload: sorted by path, and of several names of one
    /// file the first is the file and the others are hard links to it. Paths are those of `extracted` without
    /// `prefix` and the slash after it; all must begin with it.
    package static func sorted(_ extracted: [ExtractedEntry], prefix: [UInt8]) -> [Receipt.Entry] {
        var files: [[UInt8]: ExtractedEntry] = [:]
        var names: [[UInt8]: [[UInt8]]] = [:]
        var origins: [[UInt8]: [UInt8]] = [:]
        for entry in extracted {
            switch entry.kind {
            case .file: files[entry.path] = entry
            case .hardLink(let target):
                // A link to a link: the payload has them in order, so the first one's origin is known.
                let origin = origins[target] ?? target
                origins[entry.path] = origin
                names[origin, default: [origin]].append(entry.path)
            case .directory, .symlink: break
            }
        }
        let firstNames = names.mapValues { $0.min { $0.lexicographicallyPrecedes($1) } ?? [] }
        func relative(_ path: [UInt8]) -> [UInt8] { Array(path.dropFirst(prefix.count + 1)) }

        var entries: [Receipt.Entry] = []
        entries.reserveCapacity(extracted.count)
        for entry in extracted {
            var (source, kind): (ExtractedEntry, Receipt.Entry.Kind?) = (entry, nil)
            switch entry.kind {
            case .directory: kind = .directory
            case .symlink(let target): kind = .symlink(target)
            case .file, .hardLink:
                let origin = origins[entry.path] ?? entry.path
                source = files[origin] ?? entry
                let first = firstNames[origin] ?? origin
                if first != entry.path {
                    kind = .hardLink(relative(first))
                } else if let digest = source.digest {
                    kind = .file(digest)
                }
            }
            guard let kind else { preconditionFailure("a file was extracted without a digest") }
            let size: Int64 = if case .file = kind { source.size } else { 0 }
            entries.append(
                Receipt.Entry(
                    path: relative(entry.path), kind: kind, mode: source.mode, size: size, mtime: source.mtime))
        }
        return entries.sorted { $0.path.precedes($1.path) }
    }
}
