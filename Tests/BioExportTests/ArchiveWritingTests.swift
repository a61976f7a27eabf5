// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioExport
import BioPackage
import BioSystem
import BioTestSupport
import Glibc
import Synchronization
import Testing

/// Bytes of packages into archives: `PackageBytes` and `ArchiveWriting`.
@Suite struct ArchiveWritingTests {
    private static let library = "acme/lib/1.0/20260101000001"
    private static let shown = "'hab/pkgs/acme/lib/1.0/20260101000001/lib/data.txt'"

    private func writing(
        _ fixture: ExportFixture, threads: Int = 1, epoch: Int64 = 1,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in },
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) -> ArchiveWriting {
        ArchiveWriting(
            packages: fixture.packages, bytes: fixture.bytes, sourceDateEpoch: epoch, threads: threads,
            progress: progress, isCancelled: isCancelled)
    }

    private func tree(_ fixture: ExportFixture) throws -> RootFilesystem {
        var tree = RootFilesystem()
        for (index, package) in fixture.packages.enumerated() { try tree.add(package, number: index) }
        try tree.add(Array("etc/motd".utf8), .content(Array("hi\n".utf8), mode: 0o600))
        try tree.add(Array("bin".utf8), .symlink(Array("hab/bin".utf8)))
        return tree
    }

    @Test func theArchiveIsWhatTheTreeSays() throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        let path = scratch.file("a.tar")
        let archive = try writing(fixture).write(try tree(fixture), to: path, .none)
        #expect(archive.size == Int64(try contents(of: path).count))
        #expect(archive.digest == Digest.sha256(of: try contents(of: path)))
        let listing = try Tool.run(["tar", "--utc", "--full-time", "-tvf", path], environment: ["LC_ALL": "C"])
        let lines = listing.text.split(separator: "\n").map(String.init)
        #expect(lines.count == archive.entries)
        #expect(lines.contains("-rw------- 0/0               3 1970-01-01 00:00:01 etc/motd"))
        #expect(lines.contains("lrwxrwxrwx 0/0               0 1970-01-01 00:00:01 bin -> hab/bin"))
        #expect(
            lines.contains(
                "-rwxr-xr-x 0/0              21 1970-01-01 00:00:01 hab/pkgs/acme/app/2.1/20260101000002/bin/hello"))
        let data = try Tool.run(["tar", "-xOf", path, "hab/pkgs/\(Self.library)/lib/data.txt"])
        #expect(data.text == "one\ntwo\n")
    }

    @Test(arguments: ["none", "gzip", "gzip:fast", "gzip:small", "zstd", "xz"])
    func threadsAndPlaceChangeNoByte(_ name: String) throws {
        let compression = try Compression(parsing: name)
        let first = try Scratch()
        let second = try Scratch()
        let one = try ExportFixture.small(in: first.file("root"))
        let other = try ExportFixture.small(in: second.file("elsewhere"))
        let a = try writing(one, threads: 1).write(try tree(one), to: first.file("a"), compression)
        let b = try writing(other, threads: 5).write(try tree(other), to: second.file("b"), compression)
        #expect(a == b)
        #expect(try contents(of: first.file("a")) == contents(of: second.file("b")))
    }

    @Test func progressEndsAtTheSumOfAllFiles() throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        let seen: Mutex<[[UInt64]]> = Mutex([])
        let writing = writing(fixture, progress: { done, total in seen.withLock { $0.append([done, total]) } })
        _ = try writing.write(try tree(fixture), to: scratch.file("a"), .none)
        let steps = seen.withLock { $0 }
        let total: UInt64 = 49 + 118 + 3
        #expect(steps.last == [total, total])
        #expect(zip(steps, steps.dropFirst()).allSatisfy { $0[0] <= $1[0] })
    }

    @Test func anInterruptionRemovesTheArchive() throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        let writing = writing(fixture, isCancelled: { true })
        #expect(throws: ServiceError(.cancelled, "the user asked to stop")) {
            try writing.write(try tree(fixture), to: scratch.file("a"), .none)
        }
        #expect(try FileStatus.ofLink(scratch.file("a")) == nil)
    }

    // MARK: - Packages that changed

    enum Tampering: String, CaseIterable, Sendable {
        case sameSize, longer, removed, symlink, fifo, directory, parentIsLink
    }

    private func tamper(_ tampering: Tampering, _ fixture: ExportFixture, _ scratch: borrowing Scratch) throws {
        let path = fixture.path(Self.library, "lib/data.txt")
        switch tampering {
        case .sameSize: try AtomicFile.write(Array("one\nTWO\n".utf8), to: path)
        case .longer: try AtomicFile.write(Array("one\ntwo\nthree\n".utf8), to: path)
        case .removed: try Directory.remove(path)
        case .symlink:
            try Directory.remove(path)
            _ = try scratch.write(Array("one\ntwo\n".utf8), to: "same")
            #expect(Glibc.symlink(scratch.file("same"), path) == 0)
        case .fifo:
            try Directory.remove(path)
            #expect(mkfifo(path, 0o600) == 0)
        case .directory:
            try Directory.remove(path)
            try Directory.create(path)
        case .parentIsLink:
            let parent = fixture.path(Self.library, "lib")
            #expect(rename(parent, scratch.file("moved")) == 0)
            #expect(Glibc.symlink(scratch.file("moved"), parent) == 0)
        }
    }

    @Test(arguments: Tampering.allCases)
    func aChangedFileIsRefusedByNameAndTheArchiveGoes(_ tampering: Tampering) throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        try tamper(tampering, fixture, scratch)
        let error = #expect(throws: ServiceError.self) {
            try writing(fixture).write(try tree(fixture), to: scratch.file("a"), .none)
        }
        #expect(error?.code == .digest)
        #expect(error?.message == "\(Self.shown) is not what the signed package holds")
        #expect(
            error?.hint
                == "reinstall it: remove the directory of '\(Self.library)' and run 'bio pkg install' again")
        #expect(try FileStatus.ofLink(scratch.file("a")) == nil)
    }

    @Test func onlyRegularFilesAreOpened() throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        let package = fixture.packages[0]
        #expect(
            throws: ServiceError(.invalid, "'hab/pkgs/\(Self.library)/lib' is no regular file")
        ) { _ = try fixture.bytes.open(package.files[3], of: package).rawValue }
        #expect(try fixture.bytes.open(package.files[4], of: package).readToEnd(limit: 9) == Array("one\ntwo\n".utf8))
    }

    @Test func aPlaceThatIsTakenIsNotOverwritten() throws {
        let scratch = try Scratch()
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        let error = #expect(throws: ServiceError.self) {
            try writing(fixture).write(try tree(fixture), to: scratch.file("none/a"), .none)
        }
        #expect(error?.code == .io)
    }
}
