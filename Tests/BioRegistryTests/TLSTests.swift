// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioHTTP
import BioTestSupport
import Testing

@testable import BioRegistry

@Suite struct TLSTests {
    private static func believing() throws -> TLSSettings {
        TLSSettings(authorities: [try TestCertificates.shared().authority])
    }

    @Test func believesItsOwnAuthority() throws {
        let world = try ClientWorld(["auth": "token"], certificate: "server", tls: Self.believing())
        #expect(try world.ask().response.status == 404)
    }

    private static let bad: [(String, CertificateFault)] = [
        ("expired", .expired), ("wrong-name", .otherName), ("foreign", .unknownAuthority),
    ]

    @Test(arguments: bad.map(\.0)) func believesNoOther(certificate: String) throws {
        let expected = try #require(Self.bad.first { $0.0 == certificate }?.1)
        let world = try ClientWorld(certificate: certificate, tls: Self.believing())
        let error = RegistryError.http(.certificate(peer: world.registry.host, expected))
        #expect(throws: error) { try world.ask() }
        #expect(error.hint != nil)
        // Also on the loopback nobody goes on without TLS then.
        #expect(try world.kinds().isEmpty)
    }

    @Test func believesNobodyWhomItDoesNotKnow() throws {
        let world = try ClientWorld(certificate: "server")
        #expect(throws: RegistryError.http(.certificate(peer: world.registry.host, .unknownAuthority))) {
            try world.ask()
        }
    }

    @Test func believesAnybodyWhenAskedTo() throws {
        let world = try ClientWorld(certificate: "expired", tls: TLSSettings(verifiesPeer: false))
        #expect(try world.ask().response.status == 404)
    }

    @Test func showsItsCertificate() throws {
        let certificates = try TestCertificates.shared()
        var tls = try Self.believing()
        let without = try ClientWorld(certificate: "server", clients: true, tls: tls, retries: 0)
        let error = #expect(throws: RegistryError.self) { try without.ask() }
        guard case .http(.noTLS) = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(error?.hint?.contains("--registry-client-cert") == true)
        (tls.clientCertificate, tls.clientKey) = (certificates.client, certificates.clientKey)
        let world = try ClientWorld(certificate: "server", clients: true, tls: tls)
        #expect(try world.ask().response.status == 404)
    }

    @Test func showsItsCertificateToItsRegistryAlone() throws {
        let settings = RegistrySettings(tls: { _ in
            TLSSettings(authorities: ["/a"], clientCertificate: "/c", clientKey: "/k")
        })
        let session = RegistrySession(RegistryHost("registry.example"), settings)
        for authority in ["registry.example", "registry.example:443"] {
            #expect(try session.tls(authority).clientCertificate == "/c")
        }
        for authority in ["tokens.example", "registry.example:8443"] {
            let tls = try session.tls(authority)
            #expect(tls.clientCertificate == nil && tls.clientKey == nil && tls.authorities == ["/a"])
        }
    }

    /// Nobody is asked for a passphrase.
    @Test func doesNotTakeALockedKey() throws {
        let scratch = try Scratch()
        let certificates = try TestCertificates.shared()
        let locked = scratch.file("locked.key")
        let made = try Tool.run([
            "openssl", "pkey", "-aes128", "-passout", "pass:open-me", "-in", certificates.clientKey, "-out", locked,
        ])
        #expect(made.code == 0, "\(made.errorText)")
        var tls = try Self.believing()
        (tls.clientCertificate, tls.clientKey) = (certificates.client, locked)
        let world = try ClientWorld(certificate: "server", clients: true, tls: tls)
        let error = #expect(throws: RegistryError.self) { try world.ask() }
        guard case .http(.ownCertificate) = error else { return #expect(Bool(false), "\(error as Any)") }
    }

    @Test func saysWhichFileCannotBeUsed() throws {
        let scratch = try Scratch()
        let empty = try scratch.write([], to: "empty.pem")
        let missing = scratch.file("none.pem")
        for path in [empty, missing] {
            let world = try ClientWorld(certificate: "server", tls: TLSSettings(authorities: [path]))
            let error = #expect(throws: RegistryError.self) { try world.ask() }
            guard case .http(.authorities(let text)) = error else { return #expect(Bool(false), "\(error as Any)") }
            #expect(text.contains(path))
        }
        var tls = try Self.believing()
        (tls.clientCertificate, tls.clientKey) = (empty, empty)
        let world = try ClientWorld(certificate: "server", tls: tls)
        let error = #expect(throws: RegistryError.self) { try world.ask() }
        guard case .http(.ownCertificate) = error else { return #expect(Bool(false), "\(error as Any)") }
    }

    @Test func doesNotGoOnWithoutTLS() throws {
        let plain = try ScriptedRegistry()
        let world = try ClientWorld(certificate: "server", tls: Self.believing())
        try world.registry.fail(["do": "redirect", "to": .string("http://\(plain.host)/v2/"), "times": 0])
        let error = #expect(throws: RegistryError.self) { try world.ask() }
        guard case .redirect(_, _, let problem) = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(problem.contains("https to http"))
        #expect(try plain.state().requests.isEmpty)
    }
}
