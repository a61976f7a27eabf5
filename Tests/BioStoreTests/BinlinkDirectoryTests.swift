// SPDX-License-Identifier: Apache-2.0

import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct BinlinkDirectoryTests {
    private func binary(_ name: String, in directory: String = "/hab/pkgs/acme/app/1/2/bin") -> InstalledPackage.Binary
    {
        InstalledPackage.Binary(name: bytes(name), path: bytes("\(directory)/\(name)"))
    }

    private func target(of path: String) throws -> String {
        let directory = try FileDescriptor.open("/", O_RDONLY | O_DIRECTORY)
        return String(decoding: try directory.linkTarget(of: bytes(path)), as: UTF8.self)
    }

    @Test func linksSayWhereTheProgramWillBe() throws {
        let scratch = try Scratch()
        let links = BinlinkDirectory(path: scratch.file("usr/bin"))
        #expect(try links.create())
        #expect(try !links.create())
        #expect(try links.link(binary("app"), force: false) == .made)
        #expect(try target(of: scratch.file("usr/bin/app")) == "/hab/pkgs/acme/app/1/2/bin/app")
        #expect(try links.link(binary("app"), force: false) == .present)
        #expect(links.links(into: "/hab/pkgs/acme/app/1/2") == [scratch.file("usr/bin/app")])
        #expect(links.links(into: "/hab/pkgs/acme/app/1/20").isEmpty)
        #expect(BinlinkDirectory(path: "/nowhere").links(into: "/hab").isEmpty)
    }

    @Test func linksStayBelowTheRoot() throws {
        let scratch = try Scratch()
        let root = scratch.file("root")
        try Directory.create("\(root)/usr/bin")
        try Directory.create(scratch.file("host"))
        let top = try FileDescriptor.open(root, O_RDONLY | O_DIRECTORY)
        try top.makeSymlink(bytes("bin"), to: bytes("usr/bin"))
        try top.makeSymlink(bytes("out"), to: bytes(scratch.file("host")))
        let links = BinlinkDirectory(path: "\(root)/bin", below: root)
        #expect(try !links.create())
        #expect(try links.link(binary("app"), force: false) == .made)
        #expect(try target(of: "\(root)/usr/bin/app") == "/hab/pkgs/acme/app/1/2/bin/app")
        for path in ["out", "out/deeper"] {
            let outside = BinlinkDirectory(path: "\(root)/\(path)", below: root)
            #expect(throws: BinlinkError.self) {
                _ = try outside.create()
                _ = try outside.link(binary("app"), force: true)
            }
        }
        #expect(try Directory.names(scratch.file("host")).isEmpty)
    }

    @Test func aLinkElsewhereIsReplacedOnlyWithForce() throws {
        let scratch = try Scratch()
        let links = BinlinkDirectory(path: scratch.path)
        #expect(try links.link(binary("app", in: "/old"), force: false) == .made)
        #expect(try links.link(binary("app"), force: false) == .skipped(existing: bytes("/old/app")))
        #expect(try target(of: scratch.file("app")) == "/old/app")
        #expect(try links.link(binary("app"), force: true) == .replaced(old: bytes("/old/app")))
        #expect(try target(of: scratch.file("app")) == "/hab/pkgs/acme/app/1/2/bin/app")
        #expect(try Directory.names(scratch.path) == [bytes("app")])
    }

    @Test(arguments: [false, true]) func whatIsNoLinkIsNeverReplaced(force: Bool) throws {
        let scratch = try Scratch()
        let links = BinlinkDirectory(path: scratch.path)
        let file = try scratch.write([1], to: "app")
        try Directory.create(scratch.file("dir"))
        #expect(throws: BinlinkError.occupied(path: file)) { try links.link(binary("app"), force: force) }
        #expect(throws: BinlinkError.occupied(path: scratch.file("dir"))) {
            try links.link(binary("dir"), force: force)
        }
        #expect(try contents(of: file) == [1])
        #expect(try Directory.names(scratch.path).count == 2)
    }

    @Test func whatIsInTheWayIsNamed() throws {
        let scratch = try Scratch()
        let links = BinlinkDirectory(path: try scratch.write([], to: "file"))
        #expect(throws: BinlinkError.self) { try links.create() }
        #expect(throws: BinlinkError.self) { try links.link(binary("app"), force: true) }
    }
}
