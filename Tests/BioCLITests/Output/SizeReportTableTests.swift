// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioCrypto
import BioOCI
import BioTestSupport
import Testing

@Suite struct SizeReportTableTests {
    private func layer(
        _ title: String, _ packages: [SizeReport.Package], blob: Int64?, _ origin: SizeReport.Origin
    ) -> SizeReport.Layer {
        let size = packages.reduce(0) { $0 + $1.filesSize }
        return SizeReport.Layer(
            title: title, packages: packages, filesSize: size,
            facts: LayerFacts(diffID: .sha256(of: Array("tar of \(title)".utf8)), size: size + 2048), blobSize: blob,
            origin: origin)
    }

    private var layers: [SizeReport.Layer] {
        [
            layer(
                "base packages",
                [.init(ident: "core/a/1/2", filesSize: 4096), .init(ident: "core/b/1/2", filesSize: 512)],
                blob: 2000, .cached),
            layer("core/redis/7/2", [.init(ident: "core/redis/7/2", filesSize: 10 << 20)], blob: 3 << 20, .made),
        ]
    }

    @Test func everyLayerAndPackageHasARow() {
        #expect(
            SizeReportTable.lines(SizeReport(layers: layers), columns: nil) == [
                "Layer              Files       Tar   Stored  Origin",
                "base packages    4.5 KiB   6.5 KiB  1.9 KiB  cached",
                "  core/a/1/2     4.0 KiB",
                "  core/b/1/2       512 B",
                "core/redis/7/2  10.0 MiB  10.0 MiB  3.0 MiB  made",
                "2 layers, 1 from the cache: files 10.0 MiB, tars 10.0 MiB, stored 3.0 MiB",
            ])
    }

    @Test func thePreviousImageIsHeldAgainstIt() {
        let previous = MemoryImages.image("p", layers: [.init("a", tar: Array("tar of base packages".utf8))])
        let lines = SizeReportTable.lines(SizeReport(layers: layers, previous: previous), columns: 60)
        #expect(lines[1].hasSuffix("cached  shared") && lines[4].hasSuffix("made    new"), "\(lines)")
        #expect(lines.last == "To transfer: 3.0 MiB")
        #expect(lines.contains { $0.contains("1 layer (1.9 KiB) shared, 1 layer (3.0 MiB) new, 0 layers gone") })
    }
}
