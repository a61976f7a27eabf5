// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI
import BioTestSupport
import Testing

@Suite struct ImageDiffTests {
    private static func layer(_ ident: String, stored: [UInt8]? = nil) -> MemoryImages.Layer {
        .init(ident, packages: [ident], tar: bytes("tar of \(ident)"), stored: stored)
    }

    private static let (glibc, redis) = ("core/glibc/2.38/20250101000000", "core/redis/7.0/20250101000000")
    private static let newRedis = "core/redis/7.2/20260101000000"

    private func image(_ idents: String..., change: (inout ProcessConfiguration) -> Void = { _ in }) -> StoredImage {
        var process = ProcessConfiguration()
        change(&process)
        return MemoryImages.image("x", layers: idents.map { Self.layer($0) }, process: process)
    }

    private func presences(_ diff: ImageDiff) -> [String] {
        diff.layers.map { "\($0.presence.rawValue) \($0.title.split(separator: "/")[1])" }
    }

    @Test func anImageIsItself() {
        let diff = ImageDiff(from: image(Self.glibc, Self.redis), to: image(Self.glibc, Self.redis))
        #expect(diff.isEqual && diff.configuration.isEmpty && diff.packages.isEmpty)
        #expect(diff.amount(.shared).layers == 2)
    }

    /// A copy may be compressed otherwise, and lie where nothing tells of manifests, sizes or packages.
    @Test func howItIsStoredDoesNotCount() {
        let image = image(Self.glibc)
        let copy = StoredImage(
            manifest: nil, imageID: image.imageID, configuration: image.configuration,
            layers: [
                .init(diffID: image.layers[0].diffID, descriptor: nil, title: "", packages: [])
            ],
            names: [])
        #expect(ImageDiff(from: image, to: copy).isEqual && ImageDiff(from: copy, to: image).isEqual)
        #expect(ImageDiff(from: image, to: copy).amount(.shared) == LayerAmount([nil]))
    }

    @Test func packagesAreFollowedByName() {
        let diff = ImageDiff(
            from: image(Self.glibc, Self.redis, "acme/old/1/20250101000000"),
            to: image(Self.glibc, Self.newRedis, "acme/new/1/20250101000000"))
        #expect(!diff.isEqual)
        #expect(diff.packages.map(\.name) == ["acme/new", "acme/old", "core/redis"])
        #expect(diff.packages[2].old == [Self.redis] && diff.packages[2].new == [Self.newRedis])
        #expect(presences(diff) == ["shared glibc", "old redis", "old old", "new redis", "new new"])
    }

    @Test func layersThatAreThereTwiceAreCounted() {
        let (a, b) = ("o/a/1/1", "o/b/1/1")
        #expect(
            presences(ImageDiff(from: image(a, a, b), to: image(a, b, b))) == [
                "shared a", "old a", "shared b", "new b",
            ])
        #expect(presences(ImageDiff(from: image(), to: image(a))) == ["new a"])
        #expect(presences(ImageDiff(from: image(a), to: image())) == ["old a"])
    }

    @Test func theOrderCounts() {
        let (a, b, c) = ("o/a/1/1", "o/b/1/1", "o/c/1/1")
        let diff = ImageDiff(from: image(a, b), to: image(b, a))
        #expect(diff.isReordered && !diff.isEqual && diff.layers.allSatisfy { $0.presence == .shared })
        #expect(!ImageDiff(from: image(a, b), to: image(a, c, b)).isReordered)
        #expect(presences(ImageDiff(from: image(a, b, c), to: image(c, a))) == ["old b", "shared c", "shared a"])
    }

    @Test func theConfigurationIsComparedByField() {
        let old = image(Self.glibc) {
            $0.user = "root"
            $0.environment = ["PATH=/bin", "A=1", "B"]
            $0.entrypoint = ["/init.sh"]
            $0.labels = ["x": "1", "y": "2"]
            $0.exposedPorts = ["80/tcp", "443/tcp"]
        }
        let new = image(Self.glibc) {
            $0.environment = ["A=2", "PATH=/bin", "B="]
            $0.entrypoint = ["/init.sh", "x"]
            $0.labels = ["x": "1", "z": "2"]
            $0.exposedPorts = ["443/tcp", "80/tcp"]
            $0.healthCheck = .init(test: ["CMD", "true"], interval: 3)
        }
        let diff = ImageDiff(from: old, to: new)
        #expect(
            diff.configuration.map(\.name) == [
                "user", "label y", "entrypoint", "environment A", "label z", "health check", "health check interval",
            ])
        #expect(diff.configuration[2].old == ["/init.sh"] && diff.configuration[2].new == ["/init.sh", "x"])
        #expect(diff.configuration[0].new == nil && !diff.hasOtherDifference && !diff.isEqual)
    }

    @Test func whatIsNotReadIsToldToo() {
        let image = image(Self.glibc)
        let other = StoredImage(
            manifest: image.manifest, imageID: .sha256(of: [1]), configuration: image.configuration,
            layers: image.layers, names: [])
        let diff = ImageDiff(from: image, to: other)
        #expect(diff.hasOtherDifference && !diff.isEqual)
    }

    @Test func canonicallyEqualNamesAreTwo() {
        let diff = ImageDiff(
            from: image(Self.glibc) { $0.labels = ["e\u{301}": "1"] },
            to: image(Self.glibc) { $0.labels = ["\u{E9}": "1"] })
        #expect(diff.configuration.count == 2)
    }

    @Test func hostileSizesDoNotOverflow() {
        #expect(LayerAmount([.max, 1]).bytes == nil && LayerAmount([1, nil]).bytes == nil)
        #expect(LayerAmount([]).bytes == 0 && LayerAmount([.max]).bytes == .max)
    }

    @Test func theDocumentHoldsIt() {
        let document = ImageDiff(from: image(Self.glibc, Self.redis), to: image(Self.glibc, Self.newRedis)).document
        #expect(document["packages"]?.array?.first?["name"] == "core/redis")
        #expect(document["amounts"]?["shared"]?["layers"] == 1)
        #expect(document["layers"]?.array?.map { $0["in"]?.string } == ["shared", "old", "new"])
    }
}

@Suite struct SizeReportTests {
    static func layer(_ title: String, _ size: Int64, blob: Int64?, _ origin: SizeReport.Origin = .made)
        -> SizeReport.Layer
    {
        SizeReport.Layer(
            title: title, packages: [.init(ident: title, filesSize: size)], filesSize: size,
            facts: LayerFacts(diffID: .sha256(of: bytes("tar of \(title)")), size: size + 1024), blobSize: blob,
            origin: origin)
    }

    @Test func sumsAreOfAllLayers() {
        let report = SizeReport(layers: [Self.layer("a", 100, blob: 50, .cached), Self.layer("b", 200, blob: nil)])
        #expect(report.filesSize == 300 && report.tarSize == 2348 && report.transferSize == 50 + 1224)
        #expect(report.comparison == nil && report.document["comparison"] == .null)
    }

    @Test func layersAreHeldAgainstThePreviousImage() {
        let previous = MemoryImages.image(
            "p", layers: [.init("a", tar: bytes("tar of a")), .init("c", tar: bytes("tar of c"))])
        let report = SizeReport(
            layers: [Self.layer("a", 100, blob: 50), Self.layer("b", 200, blob: 70)], previous: previous)
        #expect(report.comparison?.shared == LayerAmount([50]) && report.comparison?.new == LayerAmount([70]))
        #expect(report.comparison?.gone == LayerAmount([8]) && report.newLayers == [1])
        #expect(report.document["comparison"]?["new"]?["bytes"] == 70)
        #expect(report.document["layers"]?.array?.map { $0["new"] } == [false, true])
    }
}
