// SPDX-License-Identifier: Apache-2.0

import BioRegistry
import Testing

@Suite struct EnvironmentCredentialsTests {
    private func read(_ variables: String...) throws -> [GivenCredential] {
        try EnvironmentCredentials.read(variables.map { "BIO_REGISTRY_\($0)" } + ["PATH=/bin", "BIO_REGISTR=x"])
    }

    @Test func eachSetIsForItsRegistry() throws {
        let found = try read(
            "HOST=r.example:5000", "USERNAME=jo", "PASSWORD=s3=cret", "HOST_STAGE=s.example/team",
            "IDENTITY_TOKEN_STAGE=t0ken", "HOST_2=docker.io", "REGISTRY_TOKEN_2=b3arer", "USERNAME_2=")
        #expect(
            found == [
                GivenCredential(CredentialKey("r.example:5000"), .basic(username: "jo", password: "s3=cret")),
                GivenCredential(CredentialKey("docker.io"), .bearer("b3arer")),
                GivenCredential(CredentialKey("s.example/team"), .identityToken("t0ken")),
            ])
        #expect(try read().isEmpty && read("HOST=", "PASSWORD=").isEmpty)
    }

    @Test(arguments: [
        (
            ["USERNAME=jo", "PASSWORD=s3cret"],
            CredentialError.variableAlone("BIO_REGISTRY_PASSWORD", missing: "BIO_REGISTRY_HOST")
        ),
        (["HOST=r.example"], .variableAlone("BIO_REGISTRY_HOST", missing: "BIO_REGISTRY_USERNAME")),
        (["HOST=r.example", "USERNAME=jo"], .variableAlone("BIO_REGISTRY_USERNAME", missing: "BIO_REGISTRY_PASSWORD")),
        (
            ["HOST_A=r.example", "PASSWORD_A=s3cret"],
            .variableAlone("BIO_REGISTRY_PASSWORD_A", missing: "BIO_REGISTRY_USERNAME_A")
        ),
        (["PASWORD=s3cret"], .variableUnknown("BIO_REGISTRY_PASWORD")),
        (["USERNAMES=jo"], .variableUnknown("BIO_REGISTRY_USERNAMES")),
        (["HOST=registry", "USERNAME=jo", "PASSWORD=s3cret"], .variableHost("BIO_REGISTRY_HOST")),
        (["HOST=https://r.example", "USERNAME=jo", "PASSWORD=s3cret"], .variableHost("BIO_REGISTRY_HOST")),
        (["HOST=s3cret@r.example", "USERNAME=jo", "PASSWORD=s3cret"], .variableHost("BIO_REGISTRY_HOST")),
        (["HOST=r.example", "REGISTRY_TOKEN=s3\ncret"], .unsendable(place: "the variables BIO_REGISTRY_…")),
    ])
    func halfASetIsRefused(_ variables: [String], _ expected: CredentialError) {
        let error = #expect(throws: expected) {
            try EnvironmentCredentials.read(variables.map { "BIO_REGISTRY_\($0)" })
        }
        #expect(error?.hint != nil && !"\(error!)\(error?.hint ?? "")".contains("s3"))
    }
}
