// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioHTTP
import BioRegistry
import BioSystem
import BioTestSupport
import Synchronization
import Testing

@Suite struct RegistryOptionsTests {
    /// The settings that a command with these words gets.
    private func settings(_ words: [String], in world: World) throws -> RegistrySettings {
        let found = Mutex<Result<RegistrySettings, any Error>?>(nil)
        let command = CommandSpec(
            "talk", abstract: "Talk", options: RegistryOptions.rows,
            action: { arguments, context in
                found.withLock { $0 = Result { try context.registries(arguments) } }
            })
        let tree = CommandSpec("bio", abstract: "Do things", subcommands: [command])
        let code = Program.run(["talk"] + words, tree: tree, context: world.context)
        guard let result = found.withLock({ $0 }) else { throw Refused(code: code) }
        return try result.get()
    }

    private struct Refused: Error { let code: ExitCode }

    @Test func withoutOptionsEverythingIsStrict() throws {
        let home = try RegistryWorld()
        let settings = try settings([], in: home.world())
        #expect(!settings.allowsPlainHTTP && settings.connections == 4 && settings.userAgent.hasPrefix("bio/"))
        #expect(try settings.tls(RegistryHost("r.example")) == TLSSettings())
        #expect(
            try settings.credentials.credential(for: BioRegistry.Repository(RegistryHost("r.example"), path: "a"))
                == nil)
    }

    @Test func optionsAndDirectoriesAreJoined() throws {
        let home = try RegistryWorld()
        for name in ["ca.pem", "c.pem", "k.pem", ".config/containers/certs.d/r.example/own.crt"] {
            try home.write("", to: name)
        }
        let words = [
            "--registry-ca-cert-path", "ca.pem", "--registry-ca-cert-path", "\(home.path)/c.pem",
            "--registry-client-cert", "c.pem", "--registry-client-key", "k.pem", "--no-registry-verify-certs",
            "--registry-insecure", "--registry-connections", "9",
        ]
        let settings = try settings(words, in: home.world())
        #expect(settings.allowsPlainHTTP && settings.connections == 9)
        let expected = TLSSettings(
            authorities: ["\(home.path)/ca.pem", "\(home.path)/c.pem"], clientCertificate: "\(home.path)/c.pem",
            clientKey: "\(home.path)/k.pem", verifiesPeer: false)
        #expect(try settings.tls(RegistryHost("other.example")) == expected)
        #expect(
            try settings.tls(RegistryHost("r.example")).authorities
                == expected.authorities + ["\(home.path)/.config/containers/certs.d/r.example/own.crt"])
    }

    @Test func aFileThatIsNotThereIsToldBeforeAnybodyIsAsked() throws {
        let home = try RegistryWorld()
        let error = #expect(throws: SystemError.self) {
            try settings(["--registry-ca-cert-path", "nothing.pem"], in: home.world())
        }
        #expect(error?.path == "\(home.path)/nothing.pem")
    }

    @Test(arguments: ["0", "x", "-1", "4000", "10s"]) func aTimeThatIsNoneIsRefused(_ text: String) throws {
        var home = try RegistryWorld()
        home.variables["BIO_CREDENTIAL_HELPER_TIMEOUT"] = text
        #expect(throws: CommandFailure.self) { try settings([], in: home.world()) }
    }

    @Test func theVariableOfTheFileCounts() throws {
        var home = try RegistryWorld()
        home.variables["REGISTRY_AUTH_FILE"] = try home.write(
            #"{"auths":{"r.example":{"auth":"am86czNjcmV0"}}}"#, to: "a")
        let repository = BioRegistry.Repository(RegistryHost("r.example"), path: "a")
        #expect(
            try settings([], in: home.world()).credentials.credential(for: repository)
                == .basic(username: "jo", password: "s3cret"))
    }

    /// A variable may name what a login will make; an option names what is there.
    @Test func aFileThatIsNotThereYet() throws {
        var home = try RegistryWorld()
        home.variables["REGISTRY_AUTH_FILE"] = "\(home.path)/later.json"
        let repository = BioRegistry.Repository(RegistryHost("r.example"), path: "a")
        #expect(try settings([], in: home.world()).credentials.credential(for: repository) == nil)
        let named = try settings(["--authfile", "later.json"], in: home.world())
        #expect(throws: CredentialError.missingFile("\(home.path)/later.json")) {
            try named.credentials.credential(for: repository)
        }
    }

    @Test func helpersDoNotGetOthersSecrets() throws {
        var home = try RegistryWorld()
        try home.write("#!/bin/sh\nenv > \(home.path)/env\necho '{}'\n", to: "docker-credential-box", mode: 0o755)
        try home.write(#"{"credsStore":"box"}"#, to: ".docker/config.json")
        home.variables.merge(
            [
                "BIO_REGISTRY_HOST": "q.example", "BIO_REGISTRY_USERNAME": "jo", "BIO_REGISTRY_PASSWORD": "s3cret",
                "OTHER": "kept",
            ]
        ) { $1 }
        let settings = try settings([], in: home.world())
        let repository = BioRegistry.Repository(RegistryHost("r.example"), path: "a")
        #expect(throws: CredentialError.helperNonsense("box", action: "get")) {
            try settings.credentials.credential(for: repository)
        }
        let variables = try home.text("\(home.path)/env")
        #expect(variables.contains("OTHER=kept") && !variables.contains("s3cret"))
    }
}
