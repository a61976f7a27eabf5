// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioTestSupport
import Testing

@Suite struct RootFilesystemTests {
    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func listing(_ tree: RootFilesystem) -> [String] {
        tree.entries.map { path, node in
            let name = String(decoding: path, as: UTF8.self)
            return switch node {
            case .directory(let mode): "d \(String(mode, radix: 8)) \(name)"
            case .content(let content, let mode): "f \(String(mode, radix: 8)) \(content.count) \(name)"
            case .symlink(let target): "l \(name) -> \(String(decoding: target, as: UTF8.self))"
            case .packageFile(let package, let file): "p \(package).\(file) \(name)"
            }
        }
    }

    private func refusal(_ code: ServiceError.Code, _ message: String, _ body: () throws(ServiceError) -> Void) {
        #expect(throws: ServiceError(code, message)) { try body() }
    }

    @Test func entriesComeByPathBytesWithTheirParents() throws {
        var tree = RootFilesystem()
        try tree.add(bytes("b/z"), .content([1, 2], mode: 0o600))
        try tree.add(bytes("b-c"), .symlink(bytes("b/z")))
        try tree.add(bytes("a/x/y"), .directory(mode: 0o700))
        try tree.add([0xFF], .content([], mode: 0o4755))
        #expect(
            listing(tree) == [
                "d 755 a", "d 755 a/x", "d 700 a/x/y", "d 755 b", "l b-c -> b/z", "f 600 2 b/z", "f 4755 0 \u{FFFD}",
            ])
        #expect(tree.count == 7)
    }

    @Test func theSameEntryAgainIsFine() throws {
        var tree = RootFilesystem()
        for _ in 0..<2 {
            try tree.add(bytes("a/f"), .content([1], mode: 0o644))
            try tree.add(bytes("a/l"), .symlink([0x66]))
            try tree.add(bytes("./d/"), .directory(mode: 0o755))
        }
        #expect(listing(tree) == ["d 755 a", "f 644 1 a/f", "l a/l -> f", "d 755 d"])
    }

    @Test func anotherContentAtAPathIsRefused() throws {
        var tree = RootFilesystem()
        try tree.add(bytes("a"), .content([1], mode: 0o644))
        for node in [
            RootFilesystem.Node.content([2], mode: 0o644), .content([1], mode: 0o600), .symlink([1]),
            .directory(mode: 0o755), .packageFile(package: 0, file: 0),
        ] {
            refusal(.exists, "'a' is in the tree already, with another content") { () throws(ServiceError) in
                try tree.add(bytes("a"), node)
            }
        }
    }

    @Test func anImpliedParentTakesItsModeOnce() throws {
        var tree = RootFilesystem()
        try tree.add(bytes("a/b"), .symlink([1]))
        try tree.add(bytes("a"), .directory(mode: 0o1777))
        #expect(listing(tree).first == "d 1777 a")
        refusal(.exists, "'a' is in the tree already, with another content") { () throws(ServiceError) in
            try tree.add(bytes("a"), .directory(mode: 0o700))
        }
    }

    @Test func aParentThatWasGivenKeepsItsMode() throws {
        var tree = RootFilesystem()
        try tree.add(bytes("a"), .directory(mode: 0o700))
        try tree.add(bytes("a/b"), .symlink([1]))
        #expect(listing(tree).first == "d 700 a")
    }

    @Test func nothingLiesBelowAFileOrALink() throws {
        var tree = RootFilesystem()
        try tree.add(bytes("file"), .content([], mode: 0o644))
        try tree.add(bytes("link"), .symlink(bytes("/etc")))
        for path in ["file/x", "link/x", "link/x/y"] {
            let parent = String(path.prefix(4))
            refusal(.exists, "'\(path)' cannot be below '\(parent)', which is no directory") {
                () throws(ServiceError) in
                try tree.add(bytes(path), .symlink([1]))
            }
        }
    }

    @Test(arguments: [
        ("", "member '' has a bad name: it is empty"), ("/a", "member '/a' has an absolute path"),
        ("a/../b", "member 'a/../b' leaves the archive with '..'"),
        ("a//b", "member 'a//b' has a bad name: it has an empty component"),
        ("a/./b", "member 'a/./b' has a bad name: it has a '.' component"),
        ("a\u{0}b", "member 'a\\u{0}b' has a bad name: it has a NUL in it"),
    ])
    func whatIsNoPathIsRefused(_ path: String, _ message: String) {
        var tree = RootFilesystem()
        refusal(.invalid, message) { () throws(ServiceError) in try tree.add(bytes(path), .symlink([1])) }
        #expect(tree.count == 0)
    }

    @Test func aLinkHasATarget() {
        var tree = RootFilesystem()
        refusal(.invalid, "member 'a' links to '', which cannot be a target: it is empty") { () throws(ServiceError) in
            try tree.add(bytes("a"), .symlink([]))
        }
    }

    @Test func aPackageLiesUnderItsPrefix() throws {
        let scratch = try Scratch()
        let package = try ExportFixture.small(in: scratch.path).packages[0]
        var tree = RootFilesystem()
        try tree.add(package, number: 0)
        try tree.add(package, number: 0)
        let prefix = "hab/pkgs/acme/lib/1.0/20260101000001"
        #expect(
            listing(tree) == [
                "d 755 hab", "d 755 hab/pkgs", "d 755 hab/pkgs/acme", "d 755 hab/pkgs/acme/lib",
                "d 755 hab/pkgs/acme/lib/1.0", "d 755 \(prefix)", "p 0.1 \(prefix)/IDENT", "p 0.2 \(prefix)/TARGET",
                "d 755 \(prefix)/lib", "p 0.4 \(prefix)/lib/data.txt", "p 0.5 \(prefix)/lib/empty",
            ])
    }

    @Test func aCopiedRelativeLinkStillLeadsIntoItsPackage() throws {
        let scratch = try Scratch()
        let package = try ExportFixture.small(in: scratch.path).packages[0]
        func link(_ path: String, _ target: String) -> PackageFile {
            PackageFile(path: bytes(path), kind: .symlink, mode: 0o777, linkTarget: bytes(target))
        }
        var tree = RootFilesystem()
        try tree.addCopy(at: bytes("bin/a"), of: link("bin/a", "../lib/a"), in: package, number: 0, file: 9)
        try tree.addCopy(at: bytes("bin/b"), of: link("b", "lib/b"), in: package, number: 0, file: 9)
        try tree.addCopy(at: bytes("bin/c"), of: link("c", "/etc/c"), in: package, number: 0, file: 9)
        try tree.addCopy(at: bytes("bin/d"), of: package.files[4], in: package, number: 0, file: 4)
        let prefix = "/hab/pkgs/acme/lib/1.0/20260101000001"
        #expect(
            listing(tree) == [
                "d 755 bin", "l bin/a -> \(prefix)/bin/../lib/a", "l bin/b -> \(prefix)/lib/b", "l bin/c -> /etc/c",
                "p 0.4 bin/d",
            ])
    }
}
