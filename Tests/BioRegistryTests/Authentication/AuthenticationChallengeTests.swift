// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import BioOCI
import Testing

@testable import BioRegistry

@Suite struct AuthenticationChallengeTests {
    private static func read(_ fields: String...) throws -> AuthenticationChallenge? {
        let base = try #require(HTTPURL("https://r.example/v2/"))
        return .read(HTTPResponse(status: 401, headers: fields.map { HTTPHeader("Www-Authenticate", $0) }), base: base)
    }

    @Test func readsATokenServer() throws {
        let found = try Self.read(
            #"Bearer realm="https://auth.example/token?x=1",service="a, \"b\"",scope="repository:a/b:pull,push registry:catalog:*""#
        )
        let scopes = RegistryScopes([
            try #require(RegistryScope(parsing: "repository:a/b:push,pull")),
            try #require(RegistryScope(parsing: "registry:catalog:*")),
        ])
        let realm = try #require(HTTPURL("https://auth.example/token?x=1"))
        #expect(found == .bearer(realm: realm, service: #"a, "b""#, scopes: scopes))
    }

    @Test(arguments: [
        #"Basic realm="x", Bearer realm="/token""#, #"bearer   realm = "/token" , error="invalid_token""#,
        #"Bearer realm=/token"#, #"Negotiate, Bearer realm="/token","#,
    ]) func prefersATokenToAPassword(field: String) throws {
        let realm = try #require(HTTPURL("https://r.example/token"))
        #expect(try Self.read("Basic", field) == .bearer(realm: realm, service: nil, scopes: RegistryScopes()))
    }

    @Test func readsBasic() throws {
        #expect(try Self.read("Basic realm=\"x\"") == .basic)
        #expect(try Self.read("Bearer service=\"x\"", "BASIC") == .basic)
    }

    @Test(arguments: [
        "", "Bearer", "Negotiate", "Bearer realm=\"", "Bearer realm=\"ftp://x/\"", "realm=\"/token\"", "\"\"\"",
        "=,=,=",
        "Bearer realm=\"https://user:secret@x/\"", ",,,,",
    ]) func readsNothingOutOfNonsense(field: String) throws { #expect(try Self.read(field) == nil) }

    @Test func scopesAreAskedForInOneWay() throws {
        var scopes = RegistryScopes([
            RegistryScope(Repository(RegistryHost("r"), path: "b"), writes: true),
            RegistryScope(Repository(RegistryHost("r"), path: "a"), writes: false),
        ])
        #expect(scopes.texts == ["repository:a:pull", "repository:b:pull,push"])
        let more = RegistryScopes([RegistryScope(Repository(RegistryHost("r"), path: "a"), writes: true)])
        #expect(!scopes.covers(more))
        scopes.formUnion(more)
        #expect(scopes.covers(more) && scopes.texts[0] == "repository:a:pull,push")
        #expect(!more.isOnlyAbout("b") && more.isOnlyAbout("a"))
    }
}
