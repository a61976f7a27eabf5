// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct MetaFileReaderTests {
    private func reader(_ file: MetaFile, _ content: String) throws -> MetaFileReader {
        try MetaFileReader([file: Array(content.utf8)])
    }

    @Test(
        arguments: [
            ("8080 8443\n", [8080, 8443]), ("80\r\n443\t1\n", [80, 443, 1]), ("", []),
            ("http 80 0 65536 -1 +7 65535", [80, 65535]),
        ] as [(String, [UInt16])])
    func keepsThePortsOfExposes(content: String, expected: [UInt16]) throws {
        #expect(try reader(.exposes, content).ports(.exposes) == expected)
    }

    @Test(arguments: ["hab", "www-data", "svc$", "a.b"])
    func takesAccounts(name: String) throws {
        #expect(try reader(.svcUser, "\(name)\r\n").account(.svcUser) == name)
    }

    @Test(arguments: ["a b", "root:x", "a/b", "-r", "hab\nroot", "ü", "a,b"])
    func refusesAccountsThatWouldBreakPasswd(name: String) {
        #expect(throws: MetadataError.badValue(.svcUser, text: name, expected: "one account name")) {
            try reader(.svcUser, name).account(.svcUser)
        }
    }

    @Test(arguments: [("TERM", true), ("USR1", true), ("SIGTERM", false), ("term", false), ("15", false)])
    func knowsSignals(name: String, valid: Bool) {
        #expect(((try? reader(.shutdownSignal, name).signal()) == name) == valid)
    }

    @Test(arguments: [("30\n", 30), ("4294967295", 4_294_967_295), ("", nil)] as [(String, UInt32?)])
    func readsTheTimeout(content: String, expected: UInt32?) throws {
        #expect(try reader(.shutdownTimeout, content).seconds() == expected)
    }

    @Test(arguments: ["-1", "+1", "4294967296", "8s"])
    func refusesOtherTimeouts(content: String) {
        #expect(throws: MetadataError.self) { try reader(.shutdownTimeout, content).seconds() }
    }

    @Test func leavesTheFileListAlone() throws {
        #expect(try MetaFileReader([.files: [0xFF, 0x00]]).raw.isEmpty)
    }
}
