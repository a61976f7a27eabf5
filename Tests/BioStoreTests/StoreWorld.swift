// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioHart
import BioPackage
import BioStore
import BioSystem
import BioTestSupport
import Testing

/// A root, a key ring, a cache and a directory for artifacts, all fresh.
struct StoreWorld: ~Copyable {
    let scratch: Scratch
    let root: FileSystemRoot
    let store: PackageStore
    let keys: TestKeys
    let cache: ArtifactCache
    let artifacts: String

    init() throws {
        let made = try Scratch()
        keys = try TestKeys(in: made.file("keys"))
        root = FileSystemRoot(fsRoot: made.file("root"))
        store = PackageStore(root)
        cache = ArtifactCache(path: made.file("cache"))
        artifacts = made.file("artifacts")
        scratch = made
    }

    var installer: PackageInstaller {
        PackageInstaller(store: store, keys: keys.ring, cache: cache, target: .x86_64Linux)
    }

    /// Makes the artifact of `fixture` beside the others.
    func artifact(_ fixture: PackageFixture) throws -> String { try fixture.artifact(in: artifacts, keys: keys) }

    /// Everything below the root, without modes.
    func listing() throws -> [String] {
        try FileStatus.of(root.path) == nil ? [] : try treeListing(root.path, withModes: false)
    }

    /// What a failed installation may leave: the directories for packages and receipts, and in them only what is locked.
    func isEmpty() throws -> Bool {
        try listing().allSatisfy {
            ["d hab", "d hab/pkgs", "d hab/receipts", "f 0 hab/receipts/.staging"].contains($0)
        }
    }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

func ident(_ text: String) throws -> QualifiedIdent { try QualifiedIdent(parsing: text) }
