// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioTestSupport
import Testing

@Suite struct PackageSearchTests {
    private let packages: PackageWorld

    init() throws { packages = try PackageWorld() }

    @Test func findsWhatIsInstalledAndWhatIsCached() throws {
        try packages.install()
        try PackageWorld.fixture("acme/other/1/20260101000000").artifact(
            in: "\(packages.root)/hab/cache/artifacts", keys: packages.keys)
        #expect(try packages.run("pkg", "search", "BAS") == "\(PackageWorld.base)\n")
        #expect(try packages.run("pkg", "search", "me/").split(separator: "\n").count == 4)
        #expect(try packages.run("pkg", "search", "acme/", "-l", "1") == "\(PackageWorld.app)\n")
        #expect(try packages.run("pkg", "search", "nothing") == "")
        let json = try DocumentValue(json: packages.run("pkg", "search", "o", "--format", "json"))
        #expect(json["total_count"] == 1 && json["target"] == "x86_64-linux")
        let found = json["packages"]?.array?.first
        #expect(found?["ident"] == "acme/other/1/20260101000000" && found?["installed_path"] == .some(.null))
        #expect(found?["artifact"]?.string?.hasSuffix("acme-other-1-20260101000000-x86_64-linux.hart") == true)
    }

    @Test func looksForOtherPlatforms() throws {
        var fixture = PackageWorld.fixture("acme/win/1/20260101000000")
        fixture.target = "x86_64-windows"
        try fixture.artifact(in: "\(packages.root)/hab/cache/artifacts", keys: packages.keys)
        #expect(try packages.run("pkg", "search", "win") == "")
        let ident = "acme/win/1/20260101000000\n"
        #expect(try packages.run("pkg", "search", "win", "--target", "x86_64-windows") == ident)
        #expect(
            try packages.run("pkg", "search", "win", variables: ["HAB_PACKAGE_TARGET": "x86_64-windows"]) == ident)
        #expect(try packages.run("pkg", "list", "--cached", "--target", "x86_64-windows") == ident)
        #expect(try packages.run("pkg", "list", "--target", "x86_64-windows") == "")
        #expect(try packages.run("pkg", "list", "--cached") == "")
    }

    @Test func anEmptyTermIsAMistake() {
        #expect(packages.refusal(.usage, "pkg", "search", "").contains("TERM is empty"))
    }
}
