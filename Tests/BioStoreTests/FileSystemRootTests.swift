// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import Testing

@Suite struct FileSystemRootTests {
    @Test(arguments: [
        (nil, "/hab/pkgs"), ("", "/hab/pkgs"), ("/", "/hab/pkgs"), ("/r", "/r/hab/pkgs"), ("/r//", "/r/hab/pkgs"),
    ])
    func packagesLieBelowFSRoot(fsRoot: String?, packages: String) {
        #expect(FileSystemRoot(fsRoot: fsRoot).packages == packages)
    }

    @Test func packagesAndReceiptsHaveTheirPlaces() throws {
        let root = FileSystemRoot(fsRoot: "/r")
        #expect(root.packagePath(try ident("a/b/1/2")) == "/r/hab/pkgs/a/b/1/2")
        #expect(root.receiptPath(try ident("a/b/1/2")) == "/r/hab/receipts/a/b/1/2.receipt")
    }
}
