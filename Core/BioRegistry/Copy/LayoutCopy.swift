// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
package import BioOCI
package import BioSystem

/// Copies what a plan names into a layout: a directory, or one tar.
package struct LayoutCopy {
    private let location: ImageLocation
    private let names: [LayoutName]
    private let cancellation: Cancellation
    private let report: PushReport

    /// - Parameter location: `oci:` or `oci-archive:`; its name is not looked at.
    package init(
        to location: ImageLocation, names: [LayoutName], report: PushReport = .silent,
        cancellation: Cancellation = .never
    ) {
        self.location = location
        self.names = names
        self.report = report
        self.cancellation = cancellation
    }

    package func run(_ plan: CopyPlan, from contents: any ImageContents, isDry: Bool = false) throws -> CopyResult {
        var result = CopyResult(top: plan.top)
        result.manifests = plan.manifests.count
        result.referrers = plan.referrers.count
        result.referrersLeft = plan.leftBehind.count
        result.blobsOmitted = plan.omitted.count
        // Nothing is written twice, whatever somebody calls a blob.
        let documents = Set((plan.manifests + plan.referrers).map(\.document.descriptor.digest))
        let blobs = plan.blobs.filter { !documents.contains($0.digest) }
        if isDry {
            result.blobsSent = blobs.count
            result.bytesSent = blobs.reduce(0) { $0 + $1.size }
            return result
        }
        report.begin(blobs.reduce(0) { $0 + $1.size })
        defer { report.end() }
        if case .layout(let path, _) = location {
            try copy(plan, blobs, contents, into: LayoutChange(of: path, cancellation: cancellation), &result)
        } else if let path = location.path {
            let archive = try LayoutArchive(path: path, cancellation: cancellation)
            for blob in blobs {
                try archive.add(blob, from: try contents.open(blob, at: 0))
                report.advance(blob.size)
            }
            for manifest in plan.manifests + plan.referrers { archive.add(manifest.document) }
            result.blobsSent = blobs.count
            result.bytesSent = try archive.commit(entries(plan)).size
        }
        return result
    }

    private func copy(
        _ plan: CopyPlan, _ blobs: [Descriptor], _ contents: any ImageContents, into change: LayoutChange,
        _ result: inout CopyResult
    ) throws {
        for blob in blobs {
            let isSent = try change.add(blob) { try contents.open(blob, at: 0) }
            if isSent { result.blobsSent += 1 } else { result.blobsFound += 1 }
            report.advance(blob.size)
        }
        for manifest in plan.manifests + plan.referrers {
            _ = try change.add(manifest.document.descriptor) { MemorySource(manifest.document.bytes) }
        }
        try change.commit(entries(plan))
        result.bytesSent = change.bytesWritten
    }

    /// The image by its names, referrers by what they are, cosign's by their tags.
    private func entries(_ plan: CopyPlan) -> [(Descriptor, names: [LayoutName])] {
        [(plan.top, names: names)]
            + plan.referrers.map { referrer in
                let digest = referrer.document.descriptor.digest
                let tags = plan.tags.filter { $0.digest == digest }.map { LayoutName($0.tag) }
                return (referrer.descriptor, names: tags)
            }
    }
}
