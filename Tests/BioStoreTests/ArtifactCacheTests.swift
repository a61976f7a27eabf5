// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Testing

@Suite struct ArtifactCacheTests {
    @Test func findsTheNewestByWhatThePayloadSays() throws {
        let world = try StoreWorld()
        for text in ["acme/a/1.9/1", "acme/a/1.10/1", "acme/a/1.10/2", "acme/a-1/5/1", "other/a/9/9"] {
            try PackageFixture(text).artifact(in: world.cache.path, keys: world.keys)
        }
        try PackageFixture("acme/a/7/7", target: "aarch64-linux").artifact(in: world.cache.path, keys: world.keys)
        func newest(_ text: String) throws -> String? {
            try world.cache.newest(satisfying: try PackageIdent(parsing: text), target: .x86_64Linux)?
                .ident.description
        }
        #expect(try newest("acme/a") == "acme/a/1.10/2")
        #expect(try newest("acme/a/1.9") == "acme/a/1.9/1")
        #expect(try newest("acme/a-1") == "acme/a-1/5/1")
        #expect(try newest("acme/b") == nil)
    }

    @Test func passesOverFilesThatAreNotWhatTheirNameSays() throws {
        let world = try StoreWorld()
        let good = try PackageFixture("acme/a/1/1").artifact(in: world.cache.path, keys: world.keys)
        try AtomicFile.write(try contents(of: good), to: world.cache.path + "/acme-a-2-1-x86_64-linux.hart")
        try AtomicFile.write(bytes("junk"), to: world.cache.path + "/acme-a-3-1-x86_64-linux.hart")
        let wanted = try PackageIdent(parsing: "acme/a")
        #expect(try world.cache.newest(satisfying: wanted, target: .x86_64Linux)?.path == good)
    }

    @Test func anArtifactOfAnotherPackageUnderTheNameIsNone() throws {
        let world = try StoreWorld()
        try PackageFixture("acme/foo-bar/1/1").artifact(in: world.cache.path, keys: world.keys)
        let (own, other) = (try ident("acme/foo-bar/1/1"), try ident("acme-foo/bar/1/1"))
        #expect(world.cache.path(own, target: .x86_64Linux) == world.cache.path(other, target: .x86_64Linux))
        #expect(world.cache.artifact(own, target: .x86_64Linux) != nil)
        #expect(world.cache.artifact(other, target: .x86_64Linux) == nil)
        try AtomicFile.write(bytes("junk"), to: world.cache.path(own, target: .x86_64Linux))
        #expect(world.cache.artifact(other, target: .x86_64Linux) != nil)
    }

    @Test func aCacheThatIsNotThereIsEmpty() throws {
        let cache = ArtifactCache(path: "/nonexistent")
        #expect(try cache.newest(satisfying: try PackageIdent(parsing: "a/b"), target: .x86_64Linux) == nil)
        #expect(cache.artifact(try ident("a/b/1/2"), target: .x86_64Linux) == nil)
    }
}
