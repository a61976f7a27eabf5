// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Packages that were changed, and places that cannot take the result.
@Suite struct TarFaultTests {
    /// Something done to a file of an installed package.
    enum Change: String, CaseIterable, Sendable {
        case content, shorter, longer, symlink, fifo, directory, removed
    }

    private static func desk() throws -> Desk {
        try Desk(installing: [ClosureFixture.libc, ClosureFixture.library])
    }

    private static func apply(_ change: Change, to path: String) throws {
        let old = try contents(of: path)
        chmod(path, 0o644)
        switch change {
        case .content: try AtomicFile.write(old.map { $0 ^ 1 }, to: path)
        case .shorter: #expect(truncate(path, off_t(old.count - 1)) == 0)
        case .longer: try AtomicFile.write(old + [0x0A], to: path)
        case .symlink:
            #expect(rename(path, path + ".moved") == 0)
            #expect(Glibc.symlink(path + ".moved", path) == 0)
        case .fifo:
            #expect(unlink(path) == 0)
            #expect(mkfifo(path, 0o644) == 0)
        case .directory:
            #expect(unlink(path) == 0)
            #expect(mkdir(path, 0o755) == 0)
        case .removed: #expect(unlink(path) == 0)
        }
    }

    @Test(arguments: Change.allCases, ["lib/libacme.so", "DEPS"])
    func aChangedFileIsRefusedByName(change: Change, file: String) throws {
        let desk = try Self.desk()
        try Self.apply(change, to: desk.installed(ClosureFixture.library, file))
        for arguments in [[], ["--in-process"], ["-o", "-"]] {
            let outcome = try desk.bio.run(
                ["pkg", "export", "tar", "acme/lib", "--base-pkgs", "none", "--compression", "none"] + arguments)
            #expect(outcome.code == 4, "\(outcome.errorText)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.errorText.contains("\(ClosureFixture.library.ident)/\(file)'"), "\(outcome.errorText)")
            #expect(outcome.errorText.contains("hint: reinstall it"))
            #expect(try desk.names().isEmpty && desk.temporaryNames().isEmpty)
        }
    }

    @Test func aDirectoryThatBecameALinkIsRefused() throws {
        let desk = try Self.desk()
        let directory = desk.installed(ClosureFixture.library, "lib")
        #expect(rename(directory, desk.file("moved")) == 0)
        #expect(symlink(desk.file("moved"), directory) == 0)
        let outcome = try desk.bio.export("acme/lib", "--base-pkgs", "none")
        #expect(outcome.code == 4 && outcome.errorText.contains("lib/libacme.so'"), "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
    }

    @Test func anAlteredReceiptIsRefused() throws {
        let desk = try Self.desk()
        let receipt = try self.receipt(of: ClosureFixture.library, desk)
        var bytes = try contents(of: receipt)
        bytes[bytes.count / 2] ^= 1
        chmod(receipt, 0o644)
        try AtomicFile.write(bytes, to: receipt)
        let outcome = try desk.bio.export("acme/lib", "--base-pkgs", "none")
        #expect(outcome.code == 4 && outcome.errorText.contains("receipt"), "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
    }

    @Test func withoutAReceiptTheCachedArtifactVouches() throws {
        let desk = try Self.desk()
        let plain = try desk.bio.export("acme/lib", "--base-pkgs", "none", "-o", "-")
        try tool("rm", "-rf", try receipt(of: ClosureFixture.library, desk))
        let outcome = try desk.bio.export("acme/lib", "--base-pkgs", "none", "--format", "json", "-o", "lib.tar.gz")
        #expect(outcome.code == 0 && !outcome.errorText.contains("unverified"), "\(outcome.errorText)")
        let closure = try DocumentValue(json: outcome.text)["closure"]?.array ?? []
        #expect(closure.map { $0["verified"]?.bool } == [true, true])
        #expect(try contents(of: desk.work("lib.tar.gz")) == plain.output)

        // And it does so for every byte.
        try Self.apply(.content, to: desk.installed(ClosureFixture.library, "lib/libacme.so"))
        #expect(try desk.bio.export("acme/lib", "--base-pkgs", "none").code == 4)
    }

    @Test func withoutReceiptAndArtifactItIsExportedUnverified() throws {
        let desk = try Self.desk()
        let plain = try desk.bio.export("acme/lib", "--base-pkgs", "none", "-o", "-")
        try tool("rm", "-rf", try receipt(of: ClosureFixture.library, desk))
        for cache in ["\(desk.bio.root)/hab/cache/artifacts", "\(desk.bio.home)/.hab/cache/artifacts"] {
            try tool("rm", "-rf", cache)
        }
        let outcome = try desk.bio.export("acme/lib", "--base-pkgs", "none", "--format", "json", "-o", "lib.tar.gz")
        #expect(outcome.code == 0)
        #expect(outcome.errorText.contains("'\(ClosureFixture.library.ident)' has no receipt"))
        let closure = try DocumentValue(json: outcome.text)["closure"]?.array ?? []
        #expect(closure.map { $0["verified"]?.bool } == [true, false])
        #expect(closure.last?["artifact"] == .null && closure.last?["signer"] == .null)
        // As nothing was changed, the bytes are those of the verified package.
        #expect(try contents(of: desk.work("lib.tar.gz")) == plain.output)

        // A pipe cannot be exported, and nobody waits for its writer.
        #expect(mkfifo(desk.installed(ClosureFixture.library, "pipe"), 0o644) == 0)
        let refused = try desk.bio.export("acme/lib", "--base-pkgs", "none")
        #expect(refused.code == 1 && refused.errorText.contains("/pipe'"), "\(refused.errorText)")
    }

    private func receipt(of package: PackageFixture, _ desk: borrowing Desk) throws -> String {
        let directory = "\(desk.bio.root)/hab/receipts"
        let found = try tool("find", directory, "-path", "*\(package.ident)*", "-type", "f")
        let paths = String(decoding: found, as: UTF8.self).split(separator: "\n")
        return String(try #require(paths.first))
    }

    // MARK: - Places

    @Test(.enabled(if: canMount, "a small file system must be mounted")) func aFullDiskIsAFailure() throws {
        let desk = try Desk()
        let full = desk.file("full")
        mkdir(full, 0o755)
        try tool("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", full)
        defer { _ = umount(full) }
        for arguments in [["-o", full], ["-o", full, "--compression", "none"], ["-o", full, "--in-process"]] {
            let outcome = try desk.bio.run(["pkg", "export", "tar", "acme/app"] + arguments)
            expectNoSpace(outcome)
            #expect(try Directory.names(full).isEmpty)
        }
        var cramped = desk.bio
        cramped.temporary = full
        expectNoSpace(try cramped.export("acme/app", "-o", "-"))
        #expect(try Directory.names(full).isEmpty && desk.names().isEmpty)
    }

    private func expectNoSpace(_ outcome: Bio.Outcome, location: SourceLocation = #_sourceLocation) {
        #expect(outcome.code == 1 && outcome.output.isEmpty, "\(outcome.errorText)", sourceLocation: location)
        #expect(
            outcome.errorText.contains("No space left on device"), "\(outcome.errorText)", sourceLocation: location)
    }

    @Test func aFileSizeLimitIsAFailure() throws {
        var desk = try Desk()
        desk.bio.wrapper = ["prlimit", "--fsize=1000000"]
        let outcome = try desk.bio.export("acme/app", "--compression", "none")
        #expect(outcome.code == 1, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("File too large"), "\(outcome.errorText)")
        #expect(try desk.names().isEmpty)
    }

    @Test func aFullStandardOutputIsAFailure() throws {
        let desk = try Desk()
        let outcome = try desk.bio.run(["pkg", "export", "tar", "acme/app", "-o", "-"], output: "/dev/full")
        #expect(outcome.code == 1)
        #expect(outcome.errorText.contains("standard output: No space left on device"), "\(outcome.errorText)")
        #expect(try desk.names().isEmpty && desk.temporaryNames().isEmpty)
    }

    @Test func aReaderThatLeavesIsAFailure() throws {
        var desk = try Desk()
        desk.bio.wrapper = ["sh", "-c", "{ \"$@\"; echo $? >\"$HOME/code\"; } | head -c 10", "sh"]
        let outcome = try desk.bio.export("acme/app", "-o", "-", "--compression", "none")
        #expect(outcome.output.count == 10)
        #expect(try contents(of: desk.bio.home + "/code") == Array("1\n".utf8))
        #expect(try desk.temporaryNames().isEmpty)
    }

    @Test func aTemporaryDirectoryThatIsNotThereIsNamed() throws {
        var desk = try Desk()
        desk.bio.temporary = desk.file("gone")
        let outcome = try desk.bio.export("acme/tool", "-o", "-")
        #expect(outcome.code == 1 && outcome.errorText.contains(desk.file("gone")), "\(outcome.errorText)")
        // It is needed for nothing else.
        #expect(try desk.bio.export("acme/tool").code == 0)
        desk.bio.temporary = ""
        #expect(try desk.bio.export("acme/tool", "-o", "-").code == 0)
    }
}
