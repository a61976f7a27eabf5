// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Glibc
import Testing

@testable import BioRegistry

@Suite struct CredentialFileTests {
    private func entry(_ json: String) throws -> RegistryCredential? {
        let file = try CredentialFile(Array(#"{"auths":{"r.example":\#(json)}}"#.utf8), path: "/f")
        return try file.credential(try #require(file.entries.first).value)
    }

    @Test(arguments: [
        (#"{"auth":"am86czNjcmV0"}"#, RegistryCredential.jo),
        (#"{"auth":"am86czNjcmV0AAA="}"#, .jo),
        (#"{"auth":"am86czNjcmV0","email":"jo@example"}"#, .jo),
        (#"{"username":"jo","password":"s3cret"}"#, .jo),
        (#"{"auth":"am86YTpi"}"#, .basic(username: "jo", password: "a:b")),
        (#"{"auth":"am86czNjcmV0","identitytoken":"t0ken"}"#, .identityToken("t0ken")),
        (#"{"auth":"PHRva2VuPjpzM2NyZXQ="}"#, .identityToken("s3cret")),
        (#"{"identitytoken":"t0ken","registrytoken":"b3arer"}"#, .bearer("b3arer")),
    ])
    func anEntryHasACredential(_ json: String, _ expected: RegistryCredential) throws {
        #expect(try entry(json) == expected)
    }

    @Test(arguments: [
        "{}", "null", #"{"auth":""}"#, #"{"auth":null,"identitytoken":null}"#, #"{"email":"jo@example"}"#,
        #"{"username":"jo"}"#,
    ])
    func anEntryMayHaveNone(_ json: String) throws { #expect(try entry(json) == nil) }

    /// What is wrong is told, and nothing of what is there.
    @Test(arguments: [
        #"{"auth":"s3cret"}"#, #"{"auth":"c2VjcmV0"}"#, #"{"auth":{"s3cret":1}}"#, #""s3cret""#, #"["s3cret"]"#,
        #"{"registrytoken":"s3cret\r\nX: y"}"#, #"{"identitytoken":"s3 cret"}"#, #"{"auth":"am86czNjCnJldA=="}"#,
        #"{"username":"a:b","password":"s3cret"}"#,
    ])
    func whatIsNoneIsRefused(_ json: String) {
        let error = #expect(throws: CredentialError.self) { try entry(json) }
        let text = "\(error!) \(error?.hint ?? "")"
        #expect(text.contains("'/f'") && !text.contains("s3"))
    }

    @Test(arguments: [
        "{", "s3cret", #"{"auths":{"a":{"auth":"s3cret}}}"#, #"{"s3cret":1,"s3cret":2}"#, "[]", #""s3cret""#,
        #"{"auths":["s3cret"]}"#, #"{"credHelpers":"s3cret"}"#, "\u{FEFF}{}", #"{"auths":{}} s3cret"#,
    ])
    func whatIsNoFileOfCredentialsIsRefused(_ text: String) {
        let error = #expect(throws: CredentialError.self) { try CredentialFile(Array(text.utf8), path: "/f") }
        let shown = "\(error!) \(error?.hint ?? "")"
        #expect(shown.contains("'/f'") && !shown.contains("s3"))
    }

    @Test func nothingAndBlanksAreNoCredentials() throws {
        let directory = try LoginDirectory()
        #expect(try CredentialFile(reading: directory.file("nothing")) == nil)
        #expect(try CredentialFile(reading: directory.file("nothing/at/all")) == nil)
        #expect(try CredentialFile(reading: directory.write("", to: "a"))?.entries.isEmpty == true)
        #expect(try CredentialFile(reading: directory.write(" \n", to: "b"))?.entries.isEmpty == true)
        #expect(try CredentialFile(reading: "/dev/null")?.entries.isEmpty == true)
    }

    @Test func aLongFileIsNotRead() throws {
        let directory = try LoginDirectory()
        let text = #"{"x":""# + String(repeating: "x", count: CredentialFile.limit) + #""}"#
        let path = try directory.write(text, to: "long")
        #expect(throws: CredentialError.file(path: path, problem: "it is too long", nil)) {
            try CredentialFile(reading: path)
        }
    }

    @Test(.timeLimit(.minutes(10))) func aPipeHoldsNothingUp() throws {
        let directory = try LoginDirectory()
        #expect(mkfifo(directory.file("pipe"), 0o600) == 0)
        #expect(try CredentialFile(reading: directory.file("pipe"))?.entries.isEmpty == true)
    }
}
