// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSupervisor
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct ServiceDirectoryTests {
    private func metadata(_ user: String?, _ group: String?) throws -> PackageMetadata {
        var files: [MetaFile: [UInt8]] = [.target: Array("x86_64-linux".utf8)]
        files[.svcUser] = user.map { Array($0.utf8) }
        files[.svcGroup] = group.map { Array($0.utf8) }
        return try PackageMetadata(ident: QualifiedIdent(parsing: SupervisorWorld.app), files: files)
    }

    @Test func hasTheModesOfUpstream() throws {
        let scratch = try Scratch()
        let directory = ServiceDirectory("my-app", in: FileSystemRoot(fsRoot: scratch.path))
        let user = try ServiceUser(of: metadata("daemon", "daemon"), effectiveUserID: geteuid())
        for _ in 0..<2 {
            try directory.create(for: user)
            for path in [directory.path, directory.hooks, directory.logs, scratch.file("hab/svc")] {
                #expect(try FileStatus.of(path)?.mode == 0o755)
                #expect(try FileStatus.of(path)?.owner == geteuid())
            }
            for name in ["config", "config_install", "data", "files", "static", "var"] {
                let status = try #require(try FileStatus.of("\(directory.path)/\(name)"))
                #expect(status.mode == 0o770)
                #expect(status.owner == (geteuid() == 0 ? 1 : geteuid()))
            }
            // What somebody has changed is put right.
            #expect(chmod(directory.logs, 0o700) == 0)
        }
    }

    @Test func whatIsNoDirectoryIsNamed() throws {
        let scratch = try Scratch()
        let directory = ServiceDirectory("my-app", in: FileSystemRoot(fsRoot: scratch.path))
        try Directory.create(directory.path)
        try AtomicFile.write([], to: directory.data)
        let user = try ServiceUser(of: metadata(nil, nil), effectiveUserID: 12345)
        #expect(throws: SystemError("create directory", directory.data, .notDirectory)) {
            try directory.create(for: user)
        }
    }

    @Test func theUserIsThePackagesElseTheFlavoursElseOurs() throws {
        let own = try ServiceUser(of: metadata("daemon", "daemon"), effectiveUserID: 0)
        #expect(own.user == "daemon" && own.group == "daemon")
        #expect(own.identity?.uid == 1 && own.identity?.gid == 1)
        #expect(try ServiceUser(of: metadata("daemon", "daemon"), effectiveUserID: 12345).identity == nil)
        // Half of what is needed is not enough.
        let other = try ServiceUser(of: metadata("daemon", nil), effectiveUserID: 12345)
        #expect(other.user != "daemon" && other.identity == nil)
    }

    @Test func anUnknownUserIsNamedOnlyWhereItCounts() throws {
        let ident = try QualifiedIdent(parsing: SupervisorWorld.app)
        #expect(throws: SupervisorError.noAccount("user", "no-such-user", of: ident)) {
            _ = try ServiceUser(of: metadata("no-such-user", "daemon"), effectiveUserID: 0)
        }
        #expect(throws: SupervisorError.noAccount("group", "no-such-group", of: ident)) {
            _ = try ServiceUser(of: metadata("daemon", "no-such-group"), effectiveUserID: 0)
        }
        #expect(try ServiceUser(of: metadata("no-such-user", "x"), effectiveUserID: 12345).user == "no-such-user")
    }
}
