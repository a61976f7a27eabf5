// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioCrypto

@Suite struct KeyNameTests {
    @Test(arguments: [
        ("core-20160810182414", "core", "20160810182414"),
        ("core-plans-20160810182414", "core-plans", "20160810182414"),
        ("service-key-valid.default@acme-20160509181736", "service-key-valid.default@acme", "20160509181736"),
        ("a-20160810182414-20170101000000", "a-20160810182414", "20170101000000"),
    ])
    func partsAtTheLastDash(text: String, name: String, revision: String) throws {
        let key = try KeyName(parsing: text)
        #expect(key.name == name)
        #expect(key.revision == revision)
        #expect(key.description == text)
        #expect(try KeyName(name: name, revision: revision) == key)
    }

    @Test(arguments: [
        "", "core", "core-", "core-2016081018241", "core-201608101824140", "core-2016081018241x", "core-1-",
    ])
    func refusesTextsWithoutRevision(text: String) {
        #expect(throws: KeyName.ParseError.noRevision(text: text)) { try KeyName(parsing: text) }
    }

    @Test(arguments: ["-", "../x-", ".x-", "a b-", "a/b-", "a\0-", "ä-", "\u{1B}-"])
    func refusesNamesThatAreNoFileName(start: String) {
        let text = start + "20160810182414"
        #expect(throws: KeyName.ParseError.badName(text: text)) { try KeyName(parsing: text) }
    }

    @Test func limitsTheLength() throws {
        let longest = String(repeating: "k", count: 231)
        #expect(
            KeyFile.fileName(try KeyName(name: longest, revision: "20160810182414"), .signingSecret).utf8.count <= 255)
        #expect(throws: KeyName.ParseError.self) { try KeyName(name: longest + "k", revision: "20160810182414") }
    }

    @Test func refusesARevisionOfAnotherLength() {
        #expect(throws: KeyName.ParseError.badRevision(text: "2016")) { try KeyName(name: "core", revision: "2016") }
    }
}
