// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@testable import BioExport

@Suite struct ExportServicesTests {
    private struct World: ~Copyable {
        let scratch: Scratch
        let fixture: ExportFixture
        let workspace: ExportWorkspace
        let services: ExportServices

        init() throws {
            let made = try Scratch()
            let small = try ExportFixture.small(in: made.file("root"))
            let space = try ExportWorkspace(in: made.path)
            services = ExportServices(
                job: small.job(), artifactKinds: ["text"], bytes: small.bytes, workspace: space, threads: 1,
                isCancelled: { false }, progress: { _, _ in })
            fixture = small
            workspace = space
            scratch = made
        }
    }

    @Test func theWorkspaceIsPrivateAndGoes() throws {
        let scratch = try Scratch()
        let names: [String]
        do {
            let workspace = try ExportWorkspace(in: scratch.path)
            names = try Directory.names(scratch.path).map { String(decoding: $0, as: UTF8.self) }
            #expect(names.count == 1 && names[0].hasPrefix(".bio-export-"))
            #expect(try treeListing("\(scratch.path)/\(names[0])") == ["d 700 made", "d 700 out", "d 700 scratch"])
            #expect(workspace.outDirectory == "\(scratch.path)/\(names[0])/out")
        }
        #expect(try Directory.names(scratch.path) == [])
    }

    @Test func filesArePagedInOrder() throws {
        let world = try World()
        let all = world.fixture.packages[0].files
        #expect(try Array(world.services.files(of: 0, from: 0, capacity: 4)) == Array(all[..<4]))
        #expect(try Array(world.services.files(of: 0, from: 4, capacity: .max)) == Array(all[4...]))
        #expect(try world.services.files(of: 0, from: 6, capacity: 4).isEmpty)
        #expect(try world.services.files(of: 0, from: .max, capacity: .max).isEmpty)
        #expect(try world.services.files(of: 0, from: 0, capacity: 0).isEmpty)
        #expect(throws: ServiceError(.notFound, "package 2 is not in the graph, which has 2")) {
            try world.services.files(of: 2, from: 0, capacity: 1)
        }
    }

    @Test func aRefusalIsKeptUntilTheNextPhase() throws {
        let world = try World()
        #expect(throws: ServiceError.self) {
            try world.services.serve { () throws(ServiceError) in throw ServiceError(.io, "no") }
        }
        #expect(world.services.lastRefusal == ServiceError(.io, "no"))
        world.services.phaseBegan(isPlanning: true, isRunning: false)
        #expect(world.services.lastRefusal == nil)
    }

    @Test func contentAndModesHaveLimits() throws {
        let world = try World()
        let tree = try world.services.beginTree()
        let full = [UInt8](repeating: 1, count: 65_536)
        try world.services.add(.content(full, mode: 0o7777), at: [0x61], to: tree)
        #expect(throws: ServiceError(.limit, "a file of 65537 bytes was added, at most 65,536 are allowed")) {
            try world.services.add(.content(full + [1], mode: 0), at: [0x62], to: tree)
        }
        for node in [RootFilesystem.Node.content([], mode: 0o10000), .directory(mode: .max)] {
            let error = #expect(throws: ServiceError.self) { try world.services.add(node, at: [0x63], to: tree) }
            #expect(error?.code == .invalid)
        }
    }

    @Test func allTreesTogetherHoldSoMuch() throws {
        let world = try World()
        let trees = [try world.services.beginTree(), try world.services.beginTree()]
        let full = [UInt8](repeating: 1, count: 65_536)
        var refused: ServiceError?
        var added = 0
        do throws(ServiceError) {
            for number in 0..<2000 {
                try world.services.add(.content(full, mode: 0), at: Array("f\(number)".utf8), to: trees[number % 2])
                added += 1
            }
        } catch { refused = error }
        #expect(added == 1023)
        let full64 = ServiceError(.limit, "the plugin's file trees hold more than 64 MiB of paths and content")
        #expect(refused == full64)
        for node in [RootFilesystem.Node.directory(mode: 0), .symlink([1])] {
            #expect(throws: full64) { try world.services.add(node, at: [0x61], to: trees[0]) }
        }
        #expect(throws: full64) { try world.services.addCopy(at: [0x61], of: 0, file: 4, to: trees[0]) }
    }

    @Test func parentsAndTargetsCountAndPackagesDoNot() throws {
        let world = try World()
        var tree = RootFilesystem()
        try tree.add(world.fixture.packages[0], number: 0)
        #expect(tree.ownBytes == 0)
        try tree.add(Array("a/b/c".utf8), .symlink([1, 2, 3]))
        #expect(tree.ownBytes == (1 + 64) + (3 + 64) + (5 + 3 + 64))
        try tree.add(Array("a/b/c".utf8), .symlink([1, 2, 3]))
        try tree.add(Array("a/b".utf8), .directory(mode: 0o700))
        #expect(tree.ownBytes == (1 + 64) + (3 + 64) + (5 + 3 + 64))
    }

    @Test func oneTreeGoesBelowAnother() throws {
        let world = try World()
        let services = world.services
        let (outer, inner) = (try services.beginTree(), try services.beginTree())
        try services.addPackage(0, to: inner)
        try services.add(.directory(mode: 0o1777), at: Array("tmp".utf8), to: inner)
        try services.add(.content([1], mode: 0o644), at: Array("manifest".utf8), to: outer)
        try services.addTree(inner, below: Array("rootfs".utf8), to: outer)
        // What comes later is not in it.
        try services.add(.directory(mode: 0), at: Array("late".utf8), to: inner)
        let below = try services.tree(outer).entries.map { String(decoding: $0.path, as: UTF8.self) }
        let own = try services.tree(inner).entries.map { String(decoding: $0.path, as: UTF8.self) }
        #expect(below == ["manifest", "rootfs"] + own.filter { $0 != "late" }.map { "rootfs/\($0)" })
        #expect(try services.tree(outer).entries.last?.node == .directory(mode: 0o1777))
        // The package's paths do not count here either, what they are longer by does.
        let prefixes = try services.tree(inner).count * "rootfs/".utf8.count
        #expect(try services.tree(outer).ownBytes < 300 + prefixes)
        // A directory that is there only for what is in it may still get a mode.
        try services.add(.directory(mode: 0o700), at: Array("rootfs/hab".utf8), to: outer)
        func refusal(_ other: UInt64, _ path: String) -> ServiceError.Code? {
            #expect(throws: ServiceError.self) { try services.addTree(other, below: Array(path.utf8), to: outer) }?.code
        }
        #expect(refusal(outer, "a") == .invalid && refusal(inner, "../a") == .invalid && refusal(7, "a") == .handle)
        #expect(refusal(inner, "manifest") == .exists && refusal(inner, "") == .invalid)
        #expect(refusal(try services.beginTree(), "manifest") == .exists)
    }

    @Test func treesBelowLongPathsCount() throws {
        let world = try World()
        let (outer, inner) = (try world.services.beginTree(), try world.services.beginTree())
        for number in 0..<1000 {
            try world.services.add(.directory(mode: 0o755), at: Array("d\(number)".utf8), to: inner)
        }
        let long = String(repeating: String(repeating: "x", count: 200) + "/", count: 18)
        var refused: ServiceError?
        var added = 0
        do throws(ServiceError) {
            for number in 0..<100 {
                try world.services.addTree(inner, below: Array("\(long)\(number)".utf8), to: outer)
                added += 1
            }
        } catch { refused = error }
        #expect(refused?.code == .limit && (15...19).contains(added))
    }

    @Test func suffixesAreThoseOfTheCompression() throws {
        let world = try World()
        let names = ["gzip", "gzip:fast", "gzip:small", "zstd", "zstd:7", "xz", "none"]
        #expect(
            try names.map { try world.services.archiveSuffix($0) }
                == [".tar.gz", ".tar.gz", ".tar.gz", ".tar.zst", ".tar.zst", ".tar.xz", ".tar"])
        let error = #expect(throws: ServiceError.self) { try world.services.archiveSuffix("lzma") }
        #expect(error?.code == .invalid)
    }

    @Test func anArchiveIsWrittenWhereThePluginIsNotTold() throws {
        let world = try World()
        let services = world.services
        var primary = EmittedArtifact(form: .file, role: .primary)
        primary.kind = "text"
        primary.path = "sub/a.tar"
        services.phaseBegan(isPlanning: true, isRunning: false)
        try services.emit(primary)
        #expect(try services.plan() == [primary])
        services.phaseBegan(isPlanning: false, isRunning: true)
        let tree = try services.beginTree()
        try services.addPackage(0, to: tree)
        try services.addCopy(at: Array("data".utf8), of: 0, file: 4, to: tree)
        let written = try services.writeArchive(tree, path: "sub/a.tar", compression: "none")
        #expect(throws: ServiceError(.notFound, "the plugin planned 'sub/a.tar', but did not make it")) {
            _ = try services.made().count
        }
        try services.emit(primary)
        let made = try services.made()
        #expect(made.map(\.emitted) == [primary])
        #expect(try treeListing(world.workspace.outDirectory) == [])
        #expect(
            try treeListing(world.workspace.madeDirectory)
                == ["d 700 sub", "f 600 \(written.size) sub/a.tar"])
    }

    @Test func anOpenedFileIsTheOneOfThePackage() throws {
        let world = try World()
        #expect(try world.services.open(4, of: 0).readToEnd(limit: 100) == Array("one\ntwo\n".utf8))
        let error = #expect(throws: ServiceError.self) { _ = try world.services.open(0, of: 0).rawValue }
        #expect(error?.code == .invalid)
    }
}
