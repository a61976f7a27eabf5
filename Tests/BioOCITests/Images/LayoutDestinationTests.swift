// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioDocument
import BioOCI
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct LayoutDestinationTests {
    @Test func makesALayoutThatOthersRead() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        let published = try ImageFixture.publish(
            try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil))
        #expect(published.references.map(\.description) == ["core/hello:latest", "core/hello:1.0"])
        #expect(published.layersWritten == 3 && published.layersFound == 0 && published.bytesWritten > 0)

        let inspected = try DocumentValue(
            json: try output(of: ["skopeo", "inspect", "oci:\(path):1.0"]))
        #expect(inspected["Digest"]?.string == published.manifestDigest?.description)
        #expect(inspected["Labels"]?["org.opencontainers.image.title"]?.string == "hello")
        _ = try output(of: ["skopeo", "copy", "-q", "oci:\(path):latest", "dir:\(scratch.file("dir"))"])
        _ = try output(of: ["skopeo", "copy", "-q", "dir:\(scratch.file("dir"))", "oci:\(scratch.file("back")):x"])
        #expect(
            try Directory.names("\(scratch.file("back"))/blobs/sha256").sorted { $0.lexicographicallyPrecedes($1) }
                == Directory.names("\(path)/blobs/sha256").sorted { $0.lexicographicallyPrecedes($1) })

        _ = try output(of: ["umoci", "unpack", "--rootless", "--image", "\(path):1.0", scratch.file("bundle")])
        #expect(try contents(of: scratch.file("bundle/rootfs/etc/hello")) == Array("hello".utf8))
        #expect(try contents(of: scratch.file("bundle/rootfs/hab/pkgs/core/a/1/1/IDENT")) == Array("a".utf8))
    }

    @Test func namesImagesForContainerdToo() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        try ImageFixture.publish(try ImageFixture.image(["a/b:1"]), to: LayoutDestination(path: path, reference: nil))
        try ImageFixture.publish(
            try ImageFixture.image(["a/b:1"]), to: LayoutDestination(path: path, reference: "host.example/x:2"))
        try ImageFixture.publish(try ImageFixture.image(["a/b:1"]), to: LayoutDestination(path: path, reference: "T3"))
        let names = try output(of: ["jq", "-r", ".manifests[].annotations | join(\" \")", "\(path)/index.json"])
        #expect(names == "docker.io/a/b:1 1\nhost.example/x:2 host.example/x:2\ndocker.io/a/b:T3 T3\n")
    }

    @Test(arguments: [Compression.none, .gzip, .gzipFast, .zstd(level: 3)])
    func isEqualHoweverOftenItIsMade(compression: Compression) throws {
        let scratch = try Scratch()
        for name in ["one", "two"] {
            try ImageFixture.publish(
                try ImageFixture.image(),
                to: LayoutDestination(path: scratch.file(name), reference: nil, compression: compression))
        }
        #expect(try output(of: ["diff", "-r", scratch.file("one"), scratch.file("two")]) == "")
        #expect(
            try output(of: ["find", scratch.file("one"), "-printf", "%M %P\n"]).contains("drwxr-xr-x blobs/sha256\n"))
        _ = try output(of: ["skopeo", "inspect", "oci:\(scratch.file("one")):1.0"])
    }

    @Test func refusesACompressionThatLayoutsDoNotHave() throws {
        let scratch = try Scratch()
        let destination = LayoutDestination(path: scratch.file("x"), reference: nil, compression: .xz)
        #expect(throws: ImageError.compression(.xz, place: "oci:\(scratch.file("x"))")) {
            try destination.stage(try ImageFixture.image(), layers: try TestLayers())
        }
        #expect(try Directory.names(scratch.path).isEmpty)
    }

    @Test func otherImagesStay() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: path, reference: "a"))
        let published = try ImageFixture.publish(
            try ImageFixture.image(greeting: "hi"), to: LayoutDestination(path: path, reference: "b"))
        #expect(published.layersWritten == 2 && published.layersFound == 1)
        for name in ["a", "b"] { _ = try output(of: ["skopeo", "inspect", "oci:\(path):\(name)"]) }
        // The same name is another image's now.
        try ImageFixture.publish(
            try ImageFixture.image(greeting: "hi"), to: LayoutDestination(path: path, reference: "a"))
        #expect(try output(of: ["jq", ".manifests | length", "\(path)/index.json"]) == "2\n")
        #expect(try output(of: ["jq", "[.manifests[].digest] | unique | length", "\(path)/index.json"]) == "1\n")
    }

    @Test func whatOthersWroteIntoTheIndexStays() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        _ = try output(of: ["umoci", "init", "--layout", path])
        _ = try output(of: ["umoci", "new", "--image", "\(path):theirs"])
        try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: path, reference: "ours"))
        #expect(
            try output(of: ["umoci", "list", "--layout", path]).split(separator: "\n").sorted() == ["ours", "theirs"])
        _ = try output(of: ["umoci", "gc", "--layout", path])
        _ = try output(of: ["skopeo", "inspect", "oci:\(path):ours"])
    }

    @Test func whatIsUpToDateIsNotTouched() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil))
        let list = ["find", path, "-printf", "%i %C@ %p\n"]
        let before = try output(of: list)
        let published = try ImageFixture.publish(
            try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil))
        #expect(published.layersFound == 3 && published.layersWritten == 0 && published.bytesWritten == 0)
        #expect(try output(of: list) == before)
    }

    @Test func aBlobOfTheWrongSizeIsMended() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil))
        for name in try Directory.names("\(path)/blobs/sha256") {
            let blob = "\(path)/blobs/sha256/\(String(decoding: name, as: UTF8.self))"
            let whole = try contents(of: blob)
            try AtomicFile.write(Array(whole.dropLast()), to: blob)
            try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil))
            #expect(try contents(of: blob) == whole)
            // One of the right size is believed, unless asked not to.
            try AtomicFile.write(whole.map { $0 ^ 1 }, to: blob)
            try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil))
            #expect(try contents(of: blob) != whole)
            try ImageFixture.publish(
                try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil, verifiesBlobs: true))
            #expect(try contents(of: blob) == whole)
        }
    }

    @Test func anEmptyDirectoryBecomesALayout() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file("empty"), mode: 0o750)
        try ImageFixture.publish(
            try ImageFixture.image(), to: LayoutDestination(path: scratch.file("empty") + "/", reference: "x"))
        #expect(try FileStatus.of(scratch.file("empty"))?.mode == 0o750)
        _ = try output(of: ["skopeo", "inspect", "oci:\(scratch.file("empty")):x"])
        #expect(try Directory.names(scratch.file("empty")).count == 3)
    }

    @Test func refusesWhatIsNoLayout() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file("full"))
        _ = try scratch.write([1], to: "full/file")
        _ = try scratch.write([1], to: "file")
        try Directory.create(scratch.file("new"))
        _ = try scratch.write(Array(#"{"imageLayoutVersion":"2.0.0"}"#.utf8), to: "new/oci-layout")
        symlink("nowhere", scratch.file("link"))
        let places: [(String, ImageError)] = [
            ("full", .notALayout(path: scratch.file("full"), problem: "it has no file 'oci-layout'")),
            ("file", .notALayout(path: scratch.file("file"), problem: "it is no directory")),
            ("link", .notALayout(path: scratch.file("link"), problem: "it is a link to nothing")),
            (
                "new",
                .malformed(
                    what: "layout file", place: scratch.file("new"), problem: "its version is '2.0.0', not 1.0.0")
            ),
        ]
        for (name, error) in places {
            let destination = LayoutDestination(path: scratch.file(name), reference: nil)
            #expect(throws: error) { try destination.stage(try ImageFixture.image(), layers: try TestLayers()) }
        }
    }

    @Test func anIndexThatCannotBeReadIsNotReplaced() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil))
        _ = try scratch.write(Array("{".utf8), to: "layout/index.json")
        let destination = LayoutDestination(path: path, reference: nil)
        let layers = try TestLayers()
        #expect(throws: ImageError.self) {
            try destination.stage(try ImageFixture.image(greeting: "hi"), layers: layers)
        }
        #expect(layers.asked == 0)
        #expect(try contents(of: "\(path)/index.json") == Array("{".utf8))
    }

    @Test func aMissingParentIsTold() throws {
        let scratch = try Scratch()
        let destination = LayoutDestination(path: scratch.file("no/where"), reference: nil)
        #expect(throws: SystemError("make a directory in", scratch.file("no"), .noSuchFile)) {
            try destination.stage(try ImageFixture.image(), layers: try TestLayers())
        }
    }

    // MARK: - Nothing half-written

    @Test(arguments: [false, true]) func withoutACommitNothingStays(isThere: Bool) throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        if isThere {
            try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil))
        }
        let before = try output(of: ["find", scratch.path])
        do {
            let destination = LayoutDestination(path: path, reference: nil)
            try destination.stage(try ImageFixture.image(greeting: "hi"), layers: try TestLayers())
        }
        #expect(try output(of: ["find", scratch.path]) == before)
        do {
            let layers = try TestLayers()
            layers.broken = "root filesystem"
            let destination = LayoutDestination(path: path, reference: nil)
            #expect(throws: TestLayers.Broken.self) {
                try destination.stage(try ImageFixture.image(greeting: "hi"), layers: layers)
            }
        }
        #expect(try output(of: ["find", scratch.path]) == before)
    }

    @Test(arguments: [false, true]) func whatAKillLeavesIsRemoved(isThere: Bool) throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        if isThere {
            try ImageFixture.publish(try ImageFixture.image(), to: LayoutDestination(path: path, reference: nil))
        }
        let parent = isThere ? path : scratch.path
        let abandoned = "\(parent)/.bio-layout-AbCdEf"
        try Directory.create("\(abandoned)/blobs/sha256")
        // In use by another export.
        let used = try #require(try LockedDirectory(in: parent, prefix: ".bio-layout-"))
        try ImageFixture.publish(
            try ImageFixture.image(greeting: "hi"), to: LayoutDestination(path: path, reference: nil))
        #expect(try FileStatus.of(abandoned) == nil)
        #expect(try FileStatus.of(used.path) != nil)
    }

    /// Of two exports that began when there was no layout, the second finds one.
    @Test func twoExportsMakeOneLayout() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        let destinations = ["a", "b"].map { LayoutDestination(path: path, reference: $0) }
        for (destination, greeting) in zip(destinations, ["hello", "hi"]) {
            try destination.stage(try ImageFixture.image(greeting: greeting), layers: try TestLayers())
        }
        for destination in destinations { _ = try destination.commit() }
        for name in ["a", "b"] { _ = try output(of: ["skopeo", "inspect", "oci:\(path):\(name)"]) }
        #expect(try Directory.names(scratch.path).count == 1)
    }

    @Test func manyExportsAtOnceLoseNoName() async throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    try ImageFixture.publish(
                        try ImageFixture.image(greeting: "\(number)"),
                        to: LayoutDestination(path: path, reference: "n\(number)"))
                }
            }
            try await group.waitForAll()
        }
        #expect(try output(of: ["jq", ".manifests | length", "\(path)/index.json"]) == "8\n")
        for number in 0..<8 {
            _ = try output(of: ["skopeo", "copy", "-q", "oci:\(path):n\(number)", "dir:\(scratch.file("d\(number)"))"])
        }
    }

    @Test func aNewLayoutCanBeTakenBack() throws {
        let scratch = try Scratch()
        for reference in ["a", "b"] {
            let destination = LayoutDestination(path: scratch.file("layout"), reference: reference)
            try ImageFixture.publish(try ImageFixture.image(), to: destination)
            if reference == "b" { destination.takeBack() }
        }
        _ = try output(of: ["skopeo", "inspect", "oci:\(scratch.file("layout")):a"])
        let destination = LayoutDestination(path: scratch.file("new"), reference: nil)
        try ImageFixture.publish(try ImageFixture.image(), to: destination)
        destination.takeBack()
        #expect(try Directory.names(scratch.path).count == 1)
    }

    @Test func aLayoutThatOthersUseIsNotTakenBack() throws {
        let scratch = try Scratch()
        let path = scratch.file("layout")
        let first = LayoutDestination(path: path, reference: "a")
        try ImageFixture.publish(try ImageFixture.image(), to: first)
        let second = LayoutDestination(path: path, reference: "b")
        try second.stage(try ImageFixture.image(greeting: "hi"), layers: try TestLayers())
        first.takeBack()
        _ = try second.commit()
        first.takeBack()
        for name in ["a", "b"] { _ = try output(of: ["skopeo", "inspect", "oci:\(path):\(name)"]) }
    }

    /// What another user's killed export left in a shared directory cannot be removed there.
    @Test(.enabled(if: geteuid() == 0)) func whatAnotherUserLeftIsNoReasonToFail() async throws {
        let scratch = try Scratch()
        let shared = scratch.file("shared")
        try Directory.create("\(shared)/.bio-layout-AbCdEf/blobs")
        try #require(chmod(shared, 0o1777) == 0 && chmod(scratch.path, 0o755) == 0)
        await #expect(processExitsWith: .success) { [shared = shared as String] in
            guard setgid(65534) == 0, setuid(65534) == 0, setenv("TMPDIR", shared, 1) == 0 else { exit(2) }
            let destination = LayoutDestination(path: "\(shared)/layout", reference: nil)
            try ImageFixture.publish(try ImageFixture.image(), to: destination)
        }
        #expect(try FileStatus.of("\(shared)/layout/index.json") != nil)
        #expect(try FileStatus.of("\(shared)/.bio-layout-AbCdEf") != nil)
    }

    @Test func endsWhenItIsAskedTo() throws {
        let scratch = try Scratch()
        let destination = LayoutDestination(
            path: scratch.file("layout"), reference: nil, cancellation: Cancellation { true })
        let error = #expect(throws: SystemError.self) {
            try destination.stage(try ImageFixture.image(), layers: try TestLayers())
        }
        #expect(error?.errno == .cancelled)
        #expect(try Directory.names(scratch.path).isEmpty)
    }
}
