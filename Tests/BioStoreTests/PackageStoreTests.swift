// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct PackageStoreTests {
    /// A directory that looks like an installed package.
    private func place(_ text: String, target: String? = "x86_64-linux", in root: FileSystemRoot) throws {
        let path = root.packages + "/" + text
        try Directory.create(path)
        if let target { try AtomicFile.write(bytes(target + "\r\n"), to: path + "/TARGET") }
    }

    private func wanted(_ text: String) throws -> PackageIdent { try PackageIdent(parsing: text) }

    @Test func findsWhatSatisfiesAnIdent() throws {
        let world = try StoreWorld()
        for text in ["core/a/1.0/1", "core/a/1.10/1", "core/a/1.9/3", "core/a/1.9/2", "core/ab/1/1", "acme/a/9/9"] {
            try place(text, in: world.root)
        }
        func found(_ text: String) throws -> [String] {
            try world.store.installed(matching: try wanted(text), target: .x86_64Linux).map(\.ident.description)
        }
        #expect(try found("core/a") == ["core/a/1.0/1", "core/a/1.9/2", "core/a/1.9/3", "core/a/1.10/1"])
        #expect(try found("core/a/1.9") == ["core/a/1.9/2", "core/a/1.9/3"])
        #expect(try found("core/a/1.9/2") == ["core/a/1.9/2"])
        #expect(try found("core/none").isEmpty)
        let all = try world.store.all(target: .x86_64Linux).map(\.ident.description)
        #expect(all.first == "acme/a/9/9")
        #expect(all.count == 6)
        func latest(_ text: String) throws -> String? {
            try world.store.latest(satisfying: try wanted(text), target: .x86_64Linux)?.ident.description
        }
        #expect(try latest("core/a") == "core/a/1.10/1")
        #expect(try latest("core/a/1.9") == "core/a/1.9/3")
        #expect(try latest("core/none") == nil)
    }

    @Test func packagesOfOtherTargetsOrWithoutOneAreNotThere() throws {
        let world = try StoreWorld()
        try place("core/a/1/1", target: "x86_64-windows", in: world.root)
        try place("core/a/1/2", target: nil, in: world.root)
        try place("core/a/1/3", target: "nonsense", in: world.root)
        #expect(try world.store.all(target: .x86_64Linux).isEmpty)
        #expect(try world.store.all(target: .x86_64Windows).count == 1)
        #expect(try world.store.package(try ident("core/a/1/1"), target: .x86_64Linux) == nil)
    }

    @Test func unfinishedInstallationsAndStrayFilesArePassedOver() throws {
        let world = try StoreWorld()
        try place("core/a/1/1", in: world.root)
        try place("core/a/1/.bio-pkg-install-2.abcdef", in: world.root)
        try place("core/a/1/.hab-pkg-installxyz", in: world.root)
        try AtomicFile.write([], to: world.root.packages + "/core/stray")
        try AtomicFile.write([], to: world.root.packages + "/core/a/1/stray")
        try place("Core/a/1/1", in: world.root)
        #expect(try world.store.all(target: .x86_64Linux).map(\.ident) == [try ident("core/a/1/1")])
    }

    @Test func whatCannotBeLookedAtIsNotTakenForAbsent() throws {
        let world = try StoreWorld()
        try place("core/a/1/1", target: String(repeating: "x", count: 5 << 20), in: world.root)
        let (store, name) = (world.store, try ident("core/a/1/1"))
        #expect(throws: SystemError("read", world.root.packagePath(name) + "/TARGET", Errno(rawValue: EFBIG))) {
            try store.package(name, target: .x86_64Linux)
        }
    }

    /// Root may read anything, so somebody else lists.
    @Test func whatMayNotBeReadIsPassedOver() async throws {
        let world = try StoreWorld()
        for text in ["core/a/1/1", "core/b/1/1", "shut/a/1/1"] { try place(text, in: world.root) }
        for path in ["core/b/1/1", "shut"] { #expect(chmod(world.root.packages + "/" + path, 0) == 0) }
        #expect(chmod(world.scratch.path, 0o755) == 0)
        await #expect(processExitsWith: .success) { [root = world.root.path as String] in
            if geteuid() == 0 { #expect(setgid(65534) == 0 && setuid(65534) == 0) }
            let store = PackageStore(FileSystemRoot(fsRoot: root))
            let found = try store.all(target: .x86_64Linux).map(\.ident.description)
            guard found == ["core/a/1/1"] else { exit(2) }
            do {
                _ = try store.package(try ident("core/b/1/1"), target: .x86_64Linux)
                exit(3)
            } catch let error as SystemError where error.errno == .permissionDenied {}
        }
        for path in ["core/b/1/1", "shut"] { #expect(chmod(world.root.packages + "/" + path, 0o700) == 0) }
    }

    @Test func anEmptyRootHasNoPackages() throws {
        let world = try StoreWorld()
        #expect(try world.store.all().isEmpty)
        #expect(try world.store.latest(satisfying: try wanted("core/a")) == nil)
    }

    @Test func readsRealInstalledPackages() throws {
        let store = PackageStore(FileSystemRoot(fsRoot: try Vectors.path("installed-pkgs")))
        let package = try #require(try store.latest(satisfying: try wanted("core/tree"), target: .x86_64Linux))
        #expect(package.ident.description == "core/tree/1.7.0/20180609045201")
        #expect(try package.metadata().tdeps.isEmpty == false)
        #expect(try package.receipt() == nil)
        #expect(try store.latest(satisfying: try wanted("core/7zip"), target: .x86_64Linux) == nil)
    }
}
