// SPDX-License-Identifier: Apache-2.0

import BioOCI

/// Cuts what a plugin put together into layers.
struct ImageLayers {
    let job: ExportJob
    let bytes: PackageBytes
    /// Of the whole image.
    let most: Int

    func layers(of draft: ImageDraft) throws -> [Layer] {
        let writing = ArchiveWriting(
            packages: job.packages, bytes: bytes, sourceDateEpoch: 1, threads: 1, progress: { _, _ in },
            isCancelled: { false })
        var layers: [Layer] = []
        for number in draft.packages {
            var tree = RootFilesystem()
            try tree.add(job.packages[number], number: number)
            let ident = "\(job.packages[number].ident)"
            layers.append(
                Layer(title: ident, packages: [ident], key: nil) { [tree] in TreeMembers(tree.entries, writing) })
        }
        for tree in draft.trees {
            layers.append(
                Layer(title: tree.title, packages: [], key: nil) { TreeMembers(tree.content.entries, writing) })
        }
        return layers
    }
}
