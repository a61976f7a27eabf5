// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct InstalledPackageTests {
    @Test func metadataComesFromTheFilesAsTheyAre() throws {
        let world = try StoreWorld()
        var fixture = PackageFixture(PackageInstallerTests.hello)
        fixture.metafiles = ["EXPOSES": "80 443\n"]
        let outcome = try world.installer.install(artifact: try world.artifact(fixture))
        let package = try #require(try world.store.package(outcome.ident, target: .x86_64Linux))
        #expect(try package.metadata().exposes == [80, 443])
        try AtomicFile.write(bytes("not/an/ident/at/all\n"), to: package.path + "/TDEPS")
        #expect {
            try package.metadata()
        } throws: { error in
            guard case .metadata(.badIdent(.tdeps, _, _), let path) = error as? StoreError else { return false }
            return path == package.path
        }
    }

    @Test func metafilesThatAreLinksAreNotFollowed() throws {
        let world = try StoreWorld()
        let artifact = try world.artifact(PackageFixture(PackageInstallerTests.hello))
        let outcome = try world.installer.install(artifact: artifact)
        let package = try #require(try world.store.package(outcome.ident, target: .x86_64Linux))
        #expect(symlink("/etc/passwd", package.path + "/DEPS") == 0)
        #expect(throws: StoreError.self) { try package.metadata() }
    }
}
