// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import BioRegistry
import BioTestSupport
import Testing

/// TLS, and who speaks none.
@Suite(.timeLimit(.minutes(1))) struct TransportFaultTests {
    @Test func aCertificateOfOnesOwnAuthorityIsBelieved() throws {
        let bed = try PushBed(["auth": "token"], certificate: "server")
        try bed.push()
        try bed.expectThere()
    }

    static let certificates: [(String, CertificateFault)] = [
        ("expired", .expired), ("wrong-name", .otherName), ("foreign", .unknownAuthority),
    ]

    @Test(arguments: certificates.map(\.0)) func aBadCertificateIsNamed(certificate: String) throws {
        let expected = try #require(Self.certificates.first { $0.0 == certificate }?.1)
        var bed = try PushBed(["auth": "basic"], certificate: certificate)
        bed.settings.connections = 1
        guard case .http(.certificate(_, expected)) = try bed.failure() else {
            return Issue.record("that is another error")
        }
        #expect(try bed.registry.state().requests.isEmpty)
    }

    @Test func nobodyIsBelievedUnlessAskedFor() throws {
        var bed = try PushBed(certificate: "foreign")
        bed.settings.tls = { _ in TLSSettings() }
        _ = try bed.failure()
        bed.settings.tls = { _ in TLSSettings(verifiesPeer: false) }
        try bed.push()
        try bed.expectThere()
    }

    @Test func aClientCertificateIsShown() throws {
        var bed = try PushBed(certificate: "server", clients: true)
        _ = try bed.failure()
        let made = try TestCertificates.shared()
        bed.settings.tls = { _ in
            TLSSettings(authorities: [made.authority], clientCertificate: made.client, clientKey: made.clientKey)
        }
        try bed.push()
        try bed.expectThere()
    }

    @Test func loopbackMayBePlain() throws {
        for name in ["127.0.0.1", "localhost"] {
            let bed = try PushBed(["name": .string(name)])
            try bed.push()
            try bed.expectThere()
        }
    }
}
