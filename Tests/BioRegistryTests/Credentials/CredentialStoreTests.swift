// SPDX-License-Identifier: Apache-2.0

import BioRegistry
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite(.timeLimit(.minutes(10))) struct CredentialStoreTests {
    private static let configuration = "home/.docker/config.json"
    private static let key = CredentialKey("r.example")

    private func store(_ directory: borrowing LoginDirectory) throws -> CredentialStore {
        try #require(CredentialStore(directory.places(), helpers: directory.settings()))
    }

    @Test func aLoginIsWrittenForItsOwnerAlone() throws {
        let directory = try LoginDirectory()
        let place = try store(directory).store(.jo, for: Self.key)
        #expect(place == .file(directory.file(Self.configuration)))
        #expect(
            try directory.text(Self.configuration) == """
                {
                  "auths": {
                    "r.example": {
                      "auth": "\(RegistryCredential.joInBase64)"
                    }
                  }
                }

                """)
        #expect(try FileStatus.of(directory.file(Self.configuration))?.mode == 0o600)
        #expect(try FileStatus.of(directory.file("home/.docker"))?.mode == 0o700)
        #expect(try Directory.names(directory.file("home/.docker")).count == 1)
        #expect(try directory.credentials().credential(for: repository("r.example/x")) == .jo)
    }

    @Test(arguments: [
        RegistryCredential.identityToken("t0ken"), .bearer("b3arer"), .basic(username: "ü", password: "ö"),
    ])
    func whatIsWrittenIsRead(_ credential: RegistryCredential) throws {
        let directory = try LoginDirectory()
        _ = try store(directory).store(credential, for: Self.key)
        #expect(try directory.credentials().credential(for: repository("r.example/x")) == credential)
    }

    @Test func everythingElseStays() throws {
        let directory = try LoginDirectory()
        let before = """
            {"HttpHeaders":{"X":"y"},"auths":{"https://r.example/v1/":{"auth":"b2xkOm9sZA=="},"z.example":{"auth":"eDp5"}},\
            "big":1.50,"psFormat":"table"}
            """
        try directory.write(before, to: Self.configuration)
        let store = try store(directory)
        _ = try store.store(.jo, for: Self.key)
        let text = try directory.text(Self.configuration).filter { !" \n".contains($0) }
        #expect(
            text == """
                {"HttpHeaders":{"X":"y"},"auths":{"z.example":{"auth":"eDp5"},"r.example":{"auth":"am86czNjcmV0"}},\
                "big":1.50,"psFormat":"table"}
                """)
        #expect(try store.remove(Self.key) == [.file(directory.file(Self.configuration))])
        #expect(
            try directory.text(Self.configuration).filter { !" \n".contains($0) }
                == #"{"HttpHeaders":{"X":"y"},"auths":{"z.example":{"auth":"eDp5"}},"big":1.50,"psFormat":"table"}"#)
        let inode = try FileStatus.of(directory.file(Self.configuration))?.inode
        #expect(try store.remove(Self.key).isEmpty)
        #expect(try FileStatus.of(directory.file(Self.configuration))?.inode == inode)
    }

    @Test func aLinkStaysALink() throws {
        let directory = try LoginDirectory()
        try directory.write("{}", to: "elsewhere/config.json")
        try Directory.create(directory.file("home/.docker"))
        #expect(symlink(directory.file("elsewhere/config.json"), directory.file(Self.configuration)) == 0)
        _ = try store(directory).store(.jo, for: Self.key)
        #expect(try FileStatus.ofLink(directory.file(Self.configuration))?.kind == .symlink)
        #expect(try directory.text("elsewhere/config.json").contains(RegistryCredential.joInBase64))
    }

    @Test func aHelperKeepsItAndTheFileDoesNot() throws {
        let directory = try LoginDirectory()
        try directory.keeper("box")
        try directory.write(
            #"{"auths":{"r.example":{"auth":"am86czNjcmV0"}},"credsStore":"box"}"#, to: Self.configuration)
        let store = try store(directory)
        #expect(try store.store(.jo, for: Self.key) == .helper("box"))
        let text = try directory.text(Self.configuration).filter { !" \n".contains($0) }
        #expect(text == #"{"auths":{"r.example":{}},"credsStore":"box"}"#)
        #expect(try directory.credentials().credential(for: repository("r.example/x")) == .jo)
        // Helpers know hosts alone.
        let team = CredentialKey("r.example/team")
        #expect(try store.store(.jo, for: team) == .file(directory.file(Self.configuration)))
        #expect(try store.remove(Self.key) == [.helper("box")])
        #expect(try directory.text(Self.configuration).contains("r.example/team"))
        #expect(try Directory.names(directory.file("kept")).isEmpty)
    }

    @Test func aHelperThatFailsLeavesTheFileAsItWas() throws {
        let directory = try LoginDirectory()
        try directory.helper("bad", "exit 1")
        let text = #"{"credHelpers":{"r.example":"bad"}}"#
        try directory.write(text, to: Self.configuration)
        let store = try store(directory)
        #expect(throws: CredentialError.helperFailed("bad", action: "store", code: 1)) {
            try store.store(.jo, for: Self.key)
        }
        #expect(throws: CredentialError.helperFailed("bad", action: "get", code: 1)) { try store.remove(Self.key) }
        #expect(try directory.text(Self.configuration) == text)
    }

    @Test func aBrokenFileIsNotOverwritten() throws {
        let directory = try LoginDirectory()
        try directory.write(#"{"auths":"#, to: Self.configuration)
        #expect(throws: CredentialError.self) { try store(directory).store(.jo, for: Self.key) }
        #expect(try directory.text(Self.configuration) == #"{"auths":"#)
    }

    @Test func severalAtOnceLoseNothing() async throws {
        let directory = try LoginDirectory()
        let store = try store(directory)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask { _ = try store.store(.jo, for: CredentialKey("r\(number).example")) }
            }
            try await group.waitForAll()
        }
        let credentials = directory.credentials()
        for number in 0..<8 {
            #expect(try credentials.credential(for: repository("r\(number).example/x")) == .jo)
        }
    }

    @Test func whoElseHasItIsTold() throws {
        let directory = try LoginDirectory()
        let podman = try directory.write(#"{"auths":{"r.example":{"auth":"eDp5"}}}"#, to: "run/containers/auth.json")
        #expect(CredentialStore.others(directory.places(), having: Self.key) == [podman])
        #expect(CredentialStore.others(directory.places(), having: CredentialKey("q.example")).isEmpty)
    }

    @Test func withoutAHomeThereIsNowhereToWrite() {
        #expect(CredentialStore(CredentialPlaces(authFile: nil) { _ in nil }, helpers: .init()) == nil)
    }
}
