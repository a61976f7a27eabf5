// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// The layer cache as the built program uses it: several exports at once, killed ones, full disks, damage.
@Suite(.timeLimit(.minutes(15)), .serialized) struct LayerCacheCommandTests {
    /// Two installed packages, one of some size, and a cache.
    private struct World: ~Copyable {
        private let scratch: Scratch
        let variables: [String: String]
        var cache: String { scratch.file("layers") }

        init() throws {
            let made = try Scratch()
            for name in ["home", "tmp", "out"] { try Directory.create(made.file(name)) }
            let places = [
                "FS_ROOT": made.file("root"), "HOME": made.file("home"), "TMPDIR": made.file("tmp"),
                "HAB_CACHE_KEY_PATH": made.file("keys"), "BIO_LAYER_CACHE": made.file("layers"),
                "DOCKER_HOST": "unix://\(made.file("no.sock"))",
            ]
            let keys = try TestKeys(in: made.file("keys"))
            let library = PackageFixture(
                "acme/lib/1.0/20260101000001",
                files: (0..<6).map { .init("lib/\($0)", Self.text(700_000, seed: UInt64($0))) })
            let app = PackageFixture("acme/app/2.1/20260101000002", tdeps: [library.ident])
            for package in [library, app] {
                let artifact = try package.artifact(in: made.file("artifacts"), keys: keys)
                let outcome = try Tool.run([Command.program, "pkg", "install", artifact], environment: places)
                #expect(outcome.code == 0, "\(outcome.errorText)")
            }
            variables = places
            scratch = made
        }

        private static func text(_ count: Int, seed: UInt64) -> String {
            var state = seed &* 6_364_136_223_846_793_005 &+ 1
            return String(
                decoding: (0..<count).map { _ -> UInt8 in
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    return UInt8(ascii: "a") + UInt8((state >> 40) % 23)
                }, as: UTF8.self)
        }

        func file(_ name: String) -> String { scratch.file(name) }

        func run(_ words: [String], before: String = "", more: [String: String] = [:]) throws -> Tool.Outcome {
            let script = "\(before) exec \(Command.program) \"$@\""
            return try Tool.run(
                ["sh", "-c", "cd '\(scratch.file("out"))' && \(script)", "bio"] + words,
                environment: variables.merging(more) { $1 })
        }

        func export(_ layout: String, _ more: [String] = []) -> [String] {
            [
                "pkg", "export", "docker", "acme/app", "--runtime", "none", "--entrypoint", "/bin/true", "--to",
                "oci:\(layout):x", "--results", "\(layout).results",
            ] + more
        }

        /// The manifest's digest of an export into a new layout.
        func exported(
            _ more: [String] = [], before: String = "", variables: [String: String] = [:]
        ) throws -> String {
            let layout = scratch.file("layout")
            try Directory.remove(layout)
            let outcome = try run(export(layout, more), before: before, more: variables)
            try #require(outcome.code == 0, "\(outcome.errorText)")
            let index = try DocumentValue(json: try contents(of: "\(layout)/index.json"))
            return try #require(index["manifests"]?.array?.first?["digest"]?.string)
        }

        func json(_ words: [String]) throws -> DocumentValue {
            try DocumentValue(json: try run(words + ["--format", "json"]).output)
        }

        /// Blobs of the cache.
        func blobs() throws -> [String] {
            try json(["cache", "list"])["layers"]?.array?.flatMap { layer in
                layer["blobs"]?.array?.compactMap { $0["path"]?.string } ?? []
            } ?? []
        }
    }

    @Test func neitherUmaskNorThreadsNorZoneNorCacheChangeAnything() throws {
        let world = try World()
        var found: Set<String> = [try world.exported()]
        for (mask, threads, zone) in [("077", "1", "UTC"), ("000", "7", "Asia/Tokyo"), ("022", "2", "UTC")] {
            try Directory.remove(world.cache)
            found.insert(
                try world.exported(["--threads", threads], before: "umask \(mask);", variables: ["TZ": zone]))
        }
        found.insert(try world.exported())
        found.insert(try world.exported(["--layer-cache", "none"]))
        #expect(found.count == 1)
    }

    @Test func twoExportsAtOnceShareTheCache() throws {
        let world = try World()
        let wanted = try world.exported(["--layer-cache", "none"])
        for round in 0..<4 {
            try Directory.remove(world.cache)
            let layouts = (0..<3).map { world.file("layout-\(round)-\($0)") }
            let running = try layouts.map { layout in
                try Tool.start(
                    [Command.program] + world.export(layout),
                    environment: world.variables, errors: "\(layout).errors")
            }
            for (child, layout) in zip(running, layouts) {
                let code = child.wait()
                let errors = String(decoding: try contents(of: "\(layout).errors"), as: UTF8.self)
                #expect(code == 0, "\(errors)")
                let index = try DocumentValue(json: try contents(of: "\(layout)/index.json"))
                #expect(index["manifests"]?.array?.first?["digest"]?.string == wanted)
            }
            #expect(try world.json(["cache", "verify"])["damaged"]?.array?.isEmpty == true)
            #expect(try world.blobs().count == 3)
        }
    }

    @Test func whatIsKilledLeavesNothingThatIsUsed() throws {
        let world = try World()
        let wanted = try world.exported(["--layer-cache", "none"])
        for round in 0..<24 {
            if round % 6 == 0 { try Directory.remove(world.cache) }
            let child = try Tool.start(
                [Command.program] + world.export(world.file("killed")), environment: world.variables)
            usleep(useconds_t(5_000 + round * 9_000))
            child.kill(SIGKILL)
            _ = child.wait()
            #expect(try world.json(["cache", "verify"])["damaged"]?.array?.isEmpty == true)
            try Directory.remove(world.file("killed"))
        }
        #expect(try world.exported() == wanted)
        // Nothing but layers, each with its facts, a blob and the blob's record.
        for name in try Directory.names(world.cache).map({ String(decoding: $0, as: UTF8.self) }) where name != ".locks"
        {
            #expect(try Directory.names("\(world.cache)/\(name)").count <= 3, "\(name)")
        }
    }

    @Test func aFullDiskIsToldAndNothingStays() throws {
        let world = try World()
        let outcome = try world.run(world.export(world.file("layout")), before: "ulimit -f 200;")
        #expect(outcome.code == 1, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("ulimit -f"), "\(outcome.errorText)")
        #expect(try FileStatus.of(world.file("layout")) == nil)
        #expect(try world.json(["cache", "verify"])["damaged"]?.array?.isEmpty == true)
        #expect(try world.exported() == world.exported(["--layer-cache", "none"]))
    }

    @Test func damageIsFoundRemovedAndMended() throws {
        let world = try World()
        let wanted = try world.exported()
        #expect(try world.run(["cache", "verify"]).text == "3 layers, 0 damaged\n")
        let blob = try #require(try world.blobs().first)
        var bytes = try contents(of: blob)
        bytes[bytes.count / 2] ^= 0x10
        try AtomicFile.write(bytes, to: blob, mode: 0o444)
        let outcome = try world.run(["cache", "verify"])
        #expect(outcome.code == 4)
        #expect(outcome.text == "3 layers, 1 damaged\n")
        #expect(outcome.errorText.contains("has another digest than it was made with; removed"))
        #expect(try world.blobs().count == 2)
        #expect(try world.exported() == wanted)
        #expect(try world.run(["cache", "verify"]).code == 0)
    }

    @Test func pruningRemovesWhatNobodyCanUse() throws {
        let world = try World()
        _ = try world.exported()
        #expect(try world.json(["cache", "prune"])["removed"]?.array?.isEmpty == true)
        try Directory.remove(world.file("root/hab/pkgs/acme/app"))
        let dry = try world.json(["cache", "prune", "--dryrun"])
        #expect(dry["removed"]?.array?.compactMap { $0["title"]?.string } == ["acme/app/2.1/20260101000002"])
        #expect(try world.blobs().count == 3)
        #expect(try world.json(["cache", "prune"])["removed"] == dry["removed"])
        #expect(try world.blobs().count == 2)
        #expect(try world.run(["cache", "prune", "--older-than", "1"]).text.hasPrefix("0 layers"))
        #expect(try world.run(["cache", "prune", "--keep-size", "1G"]).text.hasPrefix("0 layers"))
        // The other layer is small; whether it goes first is a matter of when each was used.
        let large = try world.json(["cache", "prune", "--keep-size", "100K"])["removed"]?.array ?? []
        #expect(large.contains { $0["title"]?.string == "acme/lib/1.0/20260101000001" })
        #expect(try world.run(["cache", "prune", "--all"]).code == 0)
        #expect(try world.blobs().isEmpty)
        #expect(try world.run(["cache", "prune", "--keep-size", "much"]).code == 64)
        #expect(try world.run(["cache", "prune", "--all", "--older-than", "1"]).code == 64)
        #expect(try world.run(["cache", "list", "--layer-cache", "none"]).code == 64)
    }

    @Test func withoutACacheNothingIsKept() throws {
        let world = try World()
        _ = try world.exported(["--layer-cache", "none"])
        #expect(try FileStatus.of(world.cache) == nil)
        #expect(try FileStatus.of(world.file("root/hab/cache/layers")) == nil)
        #expect(try Directory.names(world.file("tmp")).isEmpty)
    }

    @Test func theReadyImageOpensNoPackageFile() throws {
        let world = try World()
        let first = try world.exported()
        // Files that cannot be read any more do not matter.
        let library = world.file("root/hab/pkgs/acme/lib/1.0/20260101000001/lib")
        for name in 0..<6 { unlink("\(library)/\(name)") }
        #expect(try world.exported() == first)
        #expect(try world.run(world.export(world.file("other"), ["--layer-cache", "none"])).code == 4)
    }
}
