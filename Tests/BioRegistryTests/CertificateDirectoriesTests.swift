// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import BioRegistry
import Testing

@Suite struct CertificateDirectoriesTests {
    @Test func whatLiesThereIsTaken() throws {
        let directory = try LoginDirectory()
        for name in ["b.crt", "a.crt", "me.cert", "me.key", "readme.txt"] {
            try directory.write("", to: "user/r.example:5000/\(name)")
        }
        for name in ["ca.crt", "other.cert", "other.key"] {
            try directory.write("", to: "machine/r.example:5000/\(name)")
        }
        try directory.write("", to: "machine/r.example/no.crt")
        let directories = CertificateDirectories([directory.file("user"), directory.file("machine"), "/nowhere"])
        let found = try directories.adding(
            to: TLSSettings(authorities: ["/given.pem"]), for: RegistryHost("r.example:5000"))
        let user = directory.file("user/r.example:5000")
        #expect(
            found
                == TLSSettings(
                    authorities: [
                        "/given.pem", "\(user)/a.crt", "\(user)/b.crt", directory.file("machine/r.example:5000/ca.crt"),
                    ], clientCertificate: "\(user)/me.cert", clientKey: "\(user)/me.key"))
        let given = TLSSettings(clientCertificate: "/c", clientKey: "/k")
        #expect(try directories.adding(to: given, for: RegistryHost("r.example:5000")).clientCertificate == "/c")
        #expect(try directories.adding(to: TLSSettings(), for: RegistryHost("q.example")) == TLSSettings())
    }

    @Test func dockersHubHasItsNames() throws {
        let directory = try LoginDirectory()
        try directory.write("", to: "c/docker.io/a.crt")
        try directory.write("", to: "c/registry-1.docker.io/b.crt")
        let found = try CertificateDirectories([directory.file("c")]).adding(
            to: TLSSettings(), for: RegistryHost("docker.io"))
        #expect(found.authorities.count == 2)
    }

    @Test func halfAPairIsAnError() throws {
        let directory = try LoginDirectory()
        let certificate = try directory.write("", to: "c/r.example/me.cert")
        let key = try directory.write("", to: "c/q.example/me.key")
        let directories = CertificateDirectories([directory.file("c")])
        #expect(throws: CertificateError.certificateAlone(certificate)) {
            try directories.adding(to: TLSSettings(), for: RegistryHost("r.example"))
        }
        #expect(throws: CertificateError.keyAlone(key)) {
            try directories.adding(to: TLSSettings(), for: RegistryHost("q.example"))
        }
    }
}
