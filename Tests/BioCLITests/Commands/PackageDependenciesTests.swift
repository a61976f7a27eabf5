// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import Testing

@Suite struct PackageDependenciesTests {
    private let packages: PackageWorld

    init() throws { packages = try PackageWorld() }

    @Test func directTransitiveAndReverse() throws {
        try packages.install()
        let (app, lib, base) = (PackageWorld.app, PackageWorld.lib, PackageWorld.base)
        #expect(try packages.run("pkg", "dependencies", "acme/app") == "\(lib)\n")
        #expect(try packages.run("pkg", "dependencies", "acme/app", "-t") == "\(lib)\n\(base)\n")
        #expect(try packages.run("pkg", "dependencies", "acme/base", "-r") == "\(lib)\n")
        #expect(try packages.run("pkg", "dependencies", "acme/base", "--reverse", "--transitive") == "\(app)\n\(lib)\n")
        #expect(try packages.run("pkg", "dependencies", "acme/base") == "")
    }

    @Test func artifactsAreAskedToo() throws {
        let path = try packages.artifacts(in: "root/hab/cache/artifacts")
        #expect(try packages.run("pkg", "dependencies", "acme/lib") == "\(PackageWorld.base)\n")
        #expect(try packages.run("pkg", "dependencies", path) == "\(PackageWorld.lib)\n")
    }

    @Test func jsonTellsWhatWasAsked() throws {
        try packages.install()
        let json = try DocumentValue(
            json: packages.run("pkg", "dependencies", "acme/app", "-t", "--format", "json"))
        #expect(json["ident"]?.string == PackageWorld.app && json["target"] == "x86_64-linux")
        #expect(json["transitive"] == true && json["reverse"] == false)
        #expect(json["packages"]?.array?.count == 2)
    }

    @Test func anUnknownPackageIsNotThere() throws {
        try packages.install()
        #expect(
            packages.refusal(.packageNotFound, "pkg", "dependencies", "acme/none").contains("hint: see what is there"))
        #expect(
            packages.refusal(.packageNotFound, "pkg", "dependencies", "acme/app", "--target", "aarch64-linux")
                .contains("'acme/app' for aarch64-linux"))
        #expect(
            packages.refusal(.usage, "pkg", "dependencies", "acme/app", "--target", "vax")
                .contains("known targets: aarch64-darwin"))
    }
}
