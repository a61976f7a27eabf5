// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI
import BioTestSupport

extension FuzzTarget {
    /// The tars of layers that anybody made, compressed or not, with right checksums or without.
    static let foreignLayers = FuzzTarget("foreign-layers", seeds: { LayerSeeds.all }) { bytes in
        check(bytes)
        check(TarSums.mended(bytes))
    }

    private static func check(_ bytes: [UInt8]) {
        let limits = PayloadReader.Limits(totalBytes: 4 << 20, members: 256, pathBytes: 1 << 20)
        do throws(ArchiveError) {
            var reader = try ForeignLayerReader(MemorySource(bytes), limits: limits)
            let layer = try LayerListing(&reader)
            _ = try reader.diffID()
            for (member, digest) in layer.members {
                promise(member.path.isEmpty || PathRules.isRelative(member.path), "an unsafe path was handed out")
                promise(member.mode <= 0o7777 && member.size >= 0, "a mode or size that no file has")
                promise((digest != nil) == (member.kind == .file), "a digest of what is no file")
                let last = member.path.split(separator: UInt8(ascii: "/")).last ?? []
                switch member.kind {
                case .whiteout: promise(!last.isEmpty && !last.elementsEqual("..".utf8), "a whiteout of nothing")
                case .hardLink(let target):
                    promise(target.isEmpty || PathRules.isRelative(target), "a hard link that leads out")
                case .opaque: break
                default: promise(!last.starts(with: ".wh.".utf8), "a whiteout as a file")
                }
            }
            var once = FileTree()
            try once.apply(layer)
            promise(FileDiff(from: once, to: once).isEqual, "a tree that differs from itself")
            // What the first layer leaves is there for links of the second: only then can it fail no more.
            var twice = once
            try twice.apply(layer)
            for change in FileDiff(from: FileTree(), to: twice).changes {
                promise(change.path.isEmpty || PathRules.isRelative(change.path), "an unsafe path in a tree")
            }
        } catch {
            checkMessage(error.description)
        }
    }
}

private enum LayerSeeds {
    static var all: [[UInt8]] {
        let own = [
            RawTar.archive { tar in
                tar.directory("./")
                tar.file("/etc/passwd", "root")
                tar.file("etc/.wh.shadow")
                tar.file("var/.wh..wh..opq")
                tar.hardLink("etc/again", to: "./etc/passwd")
                tar.header(RawTar.Header("dev/null", type: "3", mode: 0o666))
                tar.header(RawTar.Header("run/pipe", type: "6"))
            },
            Array(
                RawTar.archive { tar in
                    var old = RawTar.Header("old", size: 1)
                    old.magic = [UInt8](repeating: 0, count: 8)
                    tar.header(old)
                    tar.body([1])
                }.dropLast(1024 + 511)),
        ]
        return own + TarSeeds.all + TarSeeds.compressed
    }
}
