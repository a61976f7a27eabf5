// SPDX-License-Identifier: Apache-2.0

import BioStore
import Testing

@Suite struct CachePathsTests {
    private let root = FileSystemRoot(fsRoot: "/r")

    @Test func rootKeepsThemUnderTheRoot() {
        let paths = CachePaths(root: root, isRoot: true, home: "/root")
        #expect(paths.artifacts == "/r/hab/cache/artifacts")
        #expect(paths.keys == "/r/hab/cache/keys")
    }

    @Test(arguments: ["/home/u", "/home/u/"]) func othersKeepThemAtHomeWhateverTheRoot(home: String) {
        let paths = CachePaths(root: root, isRoot: false, home: home)
        #expect(paths.artifacts == "/home/u/.hab/cache/artifacts")
        #expect(paths.keys == "/home/u/.hab/cache/keys")
    }

    @Test(arguments: [nil, ""]) func withoutAHomeItIsRootsPlace(home: String?) {
        #expect(CachePaths(root: root, isRoot: false, home: home).artifacts == "/r/hab/cache/artifacts")
    }

    @Test func theKeyPathCanBeSet() {
        let paths = CachePaths(root: root, isRoot: true, home: nil, keyPathOverride: "/keys")
        #expect(paths.keys == "/keys")
        #expect(CachePaths(root: root, isRoot: true, home: nil, keyPathOverride: "").keys == "/r/hab/cache/keys")
    }
}
