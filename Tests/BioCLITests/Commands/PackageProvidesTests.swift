// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioSystem
import BioTestSupport
import Testing

@Suite struct PackageProvidesTests {
    private let packages: PackageWorld

    init() throws {
        packages = try PackageWorld()
        try packages.install()
    }

    private func path(_ ident: String, _ file: String) -> String { "\(packages.root)/hab/pkgs/\(ident)/\(file)" }

    @Test func namesEachPackageOnce() throws {
        let newer = try PackageWorld.fixture("acme/lib/1.2/20260101000000").artifact(
            in: "\(packages.directory.path)/in", keys: packages.keys)
        _ = try packages.run("pkg", "install", newer)
        #expect(try packages.run("pkg", "provides", "notes") == "acme/app\nacme/base\nacme/lib\n")
        #expect(
            try packages.run("pkg", "provides", "bin/lib", "-r")
                == "\(PackageWorld.lib)\nacme/lib/1.2/20260101000000\n")
        #expect(try packages.run("pkg", "provides", "app", "--full-paths") == path(PackageWorld.app, "bin/app") + "\n")
    }

    @Test func namesAreWholePieces() throws {
        #expect(packages.refusal(.packageNotFound, "pkg", "provides", "otes").contains("holds 'otes'"))
        #expect(packages.refusal(.packageNotFound, "pkg", "provides", "bin").contains("holds 'bin'"))
        #expect(packages.refusal(.usage, "pkg", "provides", "bin/").contains("names no file"))
    }

    @Test func aWholePathMayBeWrittenWithOrWithoutTheRoot() throws {
        let plain = "/hab/pkgs/\(PackageWorld.base)/bin/base"
        #expect(try packages.run("pkg", "provides", plain) == "acme/base\n")
        #expect(try packages.run("pkg", "provides", packages.root + plain) == "acme/base\n")
    }

    @Test func withoutAReceiptTheTreeIsAsked() throws {
        try Directory.remove("\(packages.root)/hab/receipts")
        try AtomicFile.write([], to: path(PackageWorld.base, "share/late"))
        #expect(try packages.run("pkg", "provides", "share/late") == "acme/base\n")
        #expect(try packages.run("pkg", "provides", "base", "-p") == path(PackageWorld.base, "bin/base") + "\n")
    }

    @Test func jsonHasIdentsAndPaths() throws {
        let json = try DocumentValue(json: packages.run("pkg", "provides", "base", "--format", "json"))
        #expect(json["file"] == "base")
        #expect(
            json["packages"]
                == [["ident": .string(PackageWorld.base), "paths": [.string(path(PackageWorld.base, "bin/base"))]]])
    }
}
