// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct KeyFileTests {
    @Test(arguments: [
        ("core-20160810182414.pub", "core-20160810182414", "pub"),
        ("core-plans-20160810182414.sig.key", "core-plans-20160810182414", "sig.key"),
        ("s.g@o-20160810182414.box.key", "s.g@o-20160810182414", "box.key"),
        ("ring-20160810182414.sym.key", "ring-20160810182414", "sym.key"),
    ])
    func takesFileNamesApart(file: String, name: String, fileExtension: String) throws {
        let parsed = try #require(KeyFile.parse(fileName: Array(file.utf8)))
        #expect(parsed.name.description == name)
        #expect(parsed.fileExtension == fileExtension)
    }

    @Test(arguments: [
        "", "pub", ".pub", "core.pub", "core-2016.pub", "core-20160810182414.key", "core-20160810182414pub",
        "core-20160810182414.sig.key.bak", ".bio-abc", "-20160810182414.pub", "core-20160810182414.pub ",
    ])
    func otherNamesAreNoKeys(file: String) {
        #expect(KeyFile.parse(fileName: Array(file.utf8)) == nil)
    }

    @Test func namesThatAreNoTextAreNoKeys() {
        #expect(KeyFile.parse(fileName: [0xFF] + Array("-20160810182414.pub".utf8)) == nil)
    }
}
