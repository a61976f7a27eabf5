// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Testing

@Suite struct PackageBinariesTests {
    private func binaries(_ path: String, _ files: [PackageFixture.File], links: [String: String] = [:]) throws
        -> [String]
    {
        let world = try StoreWorld()
        var fixture = PackageFixture("acme/app/1/2", files: files)
        fixture.metafiles["PATH"] = path
        fixture.extra = { tar, prefix in for (name, to) in links { tar.symlink("\(prefix)/\(name)", to: to) } }
        _ = try world.installer.install(artifact: try world.artifact(fixture), cacheArtifacts: false)
        let package = try #require(try world.store.package(ident("acme/app/1/2"), target: .x86_64Linux))
        return try package.binaries(in: world.root).map { String(decoding: $0.path, as: UTF8.self) }
    }

    @Test func everyFileOfEachPathDirectoryCountsOnce() throws {
        let prefix = "/hab/pkgs/acme/app/1/2"
        let found = try binaries(
            "\(prefix)/sbin:\(prefix)/bin:\(prefix)/nowhere:/hab/pkgs/core/glibc/1/2/bin\n",
            [.init("bin/b"), .init("bin/a"), .init("sbin/b"), .init("bin/sub/file"), .init("lib/c")],
            links: ["bin/link": "nowhere"])
        #expect(found == ["sbin/b", "bin/a", "bin/link"].map { "\(prefix)/\($0)" })
    }

    @Test(arguments: ["", "\n"]) func aPackageWithoutPathHasNone(path: String) throws {
        #expect(try binaries(path, [.init("bin/a")]).isEmpty)
    }
}
