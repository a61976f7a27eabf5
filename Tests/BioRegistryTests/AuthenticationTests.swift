// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioHTTP
import BioRegistry
import BioTestSupport
import Testing

@Suite struct AuthenticationTests {
    @Test func asksForATokenOnce() throws {
        let world = try ClientWorld(["auth": "token"])
        #expect(try world.ask().response.status == 404)
        #expect(try world.ask().response.status == 404)
        let requests = try world.registry.state().requests
        #expect(requests.map(\.kind) == ["manifest-get", "token", "manifest-get", "manifest-get"])
        #expect(requests[0].headers["authorization"] == nil)
        #expect(requests[1].query.contains("scope=repository:team/app:pull"), "\(requests[1].query)")
        #expect(requests[1].headers["authorization"]?.hasPrefix("Basic ") == true)
        #expect(requests[3].headers["authorization"]?.hasPrefix("Bearer ") == true)
    }

    @Test func asksForMoreWhenMoreIsDone() throws {
        let world = try ClientWorld(["auth": "token"])
        _ = try world.ask()
        _ = try world.ask {
            $0.writes = true
            $0.alsoReads = [Repository($0.repository.registry, path: "team/base")]
        }
        _ = try world.ask()
        let tokens = try world.registry.state().requests("token")
        #expect(tokens.count == 2)
        #expect(
            tokens[1].query.contains("scope=repository:team/app:pull,push&scope=repository:team/base:pull"), "\(tokens)"
        )
    }

    @Test func comesAsNobodyWhereThatWillDo() throws {
        let world = try ClientWorld(["auth": "token", "public": true], as: NoCredentials())
        #expect(try world.ask().response.status == 404)
        #expect(try world.registry.state().requests("token")[0].headers["authorization"] == nil)
    }

    @Test(arguments: ["token", "basic"]) func saysThatNobodyIsLetIn(auth: String) throws {
        let world = try ClientWorld(["auth": .string(auth)], as: NoCredentials())
        let error = #expect(throws: RegistryError.self) { try world.ask() }
        guard case .unauthorized(_, _, anonymous: true) = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(try world.registry.state().requests("manifest-get").count <= 2)
    }

    @Test(arguments: ["token", "basic"]) func doesNotTryAWrongPasswordAgain(auth: String) throws {
        let wrong = GivenCredentials(credential: .basic(username: "tester", password: "an0ther-s3cret"))
        let world = try ClientWorld(["auth": .string(auth)], as: wrong)
        let error = #expect(throws: RegistryError.self) { try world.ask() }
        guard case .unauthorized(_, _, anonymous: false) = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(error?.description.contains("s3cret") == false)
        #expect(try world.kinds().count == 2)
    }

    /// As registries answer for repositories that are not there, or are others': a token server that always says yes.
    @Test func aSecondNoIsTheLastOne() throws {
        let world = try ClientWorld(["auth": "token"])
        let challenge = "Bearer realm=\"http://\(world.registry.tokenHost)/token\",service=\"scripted registry\""
        try world.registry.fail([
            "kind": "manifest-get", "do": "answer", "status": 401, "headers": ["WWW-Authenticate": .string(challenge)],
            "times": 0,
        ])
        for round in 1...2 {
            #expect(throws: RegistryError.self) { try world.ask() }
            let requests = try world.registry.state().requests
            // Whoever knows how he is asked does not come as nobody first.
            #expect(requests.count(where: { $0.kind == "manifest-get" }) == 1 + round, "\(requests)")
            #expect(requests.count(where: { $0.kind == "token" }) == round, "\(requests)")
        }
    }

    @Test(arguments: ["token", "basic"]) func hidesWhatARegistryRepeats(auth: String) throws {
        let world = try ClientWorld(["auth": .string(auth)])
        _ = try world.ask()
        let sent = try #require(try world.registry.state().requests.last?.headers["authorization"])
        let secret = String(sent.drop { $0 != " " }.dropFirst())
        let echo = "no: \(ScriptedRegistry.password) and \(secret)"
        try world.registry.fail([
            "kind": "manifest-get", "do": "answer", "status": 403, "body": .string(echo), "times": 0,
        ])
        let error = RegistryError.refusal(try world.ask(), registry: world.repository.registry, action: "try")
        #expect(error.description.hasSuffix("no: … and …"), "\(error)")
    }

    @Test func sendsAPasswordOnlyWhenItIsAskedFor() throws {
        let world = try ClientWorld(["auth": "basic"])
        #expect(try world.ask().response.status == 404)
        _ = try world.ask()
        let sent = try world.registry.state().requests.map { $0.headers["authorization"]?.hasPrefix("Basic ") ?? false }
        #expect(sent == [false, true, true])
    }

    @Test func givesAnIdentityTokenForAnother() throws {
        let identity = GivenCredentials(credential: .identityToken("refresh-me+/="))
        let world = try ClientWorld(["auth": "token", "identity": "refresh-me+/="], as: identity)
        #expect(try world.ask().response.status == 404)
        let token = try #require(try world.registry.state().requests("token").first)
        #expect(token.method == "POST" && token.query.isEmpty)
    }

    @Test func takesTokensByBothNames() throws {
        let world = try ClientWorld(["auth": "token", "token-name": "access_token"])
        #expect(try world.ask().response.status == 404)
    }

    /// The registry says that a token is good for longer than it is.
    @Test func getsANewTokenWhenTheOldOneIsRefused() throws {
        let world = try ClientWorld(["auth": "token", "token-uses": 2])
        for _ in 0..<5 { #expect(try world.ask().response.status == 404) }
        #expect(try world.registry.state().requests("token").count == 3)
    }

    @Test func getsANewTokenBeforeTheOldOneEnds() throws {
        let world = try ClientWorld(["auth": "token", "token-seconds": 1])
        for _ in 0..<2 {
            _ = try world.ask()
            try world.client.pause(attempt: 3, after: nil, action: "wait")
            try world.client.pause(attempt: 3, after: nil, action: "wait")
        }
        // Nobody said no but at the start.
        #expect(try world.registry.state().requests("manifest-get").map(\.status) == [401, 404, 404])
        #expect(try world.registry.state().requests("token").count == 2)
    }

    private static let tokenFaults: [(DocumentValue, Int)] = [
        (["kind": "token", "listener": "tokens", "do": "answer", "status": 503], 0),
        (["kind": "token", "listener": "tokens", "do": "cut"], 0),
        (["kind": "token", "listener": "tokens", "do": "lie", "body": "{"], 1),
        (["kind": "token", "listener": "tokens", "do": "lie", "body": "{\"token\": \"a b\"}"], 1),
        (["kind": "token", "listener": "tokens", "do": "lie", "body": "{\"token\": \"a\\r\\nX: y\"}"], 1),
        (["kind": "token", "listener": "tokens", "do": "endless"], 2),
        (["kind": "token", "listener": "tokens", "do": "babble"], 2),
        (["kind": "token", "listener": "tokens", "do": "answer", "status": 404], 3),
    ]

    @Test(arguments: tokenFaults.indices) func bearsWithATokenServer(index: Int) throws {
        let (fault, expected) = Self.tokenFaults[index]
        let world = try ClientWorld(["auth": "token"])
        try world.registry.fail(fault)
        do {
            #expect(try world.ask().response.status == 404 && expected == 0)
        } catch let error as RegistryError {
            switch error {
            case .malformed: #expect(expected == 1)
            case .http: #expect(expected == 2)
            case .refused: #expect(expected == 3)
            default: #expect(Bool(false), "\(error)")
            }
        }
    }

    @Test func pingAsksWhetherOneIsLetIn() throws {
        for auth in ["none", "basic", "token"] {
            let known = try ClientWorld(["auth": .string(auth)])
            try known.client.ping()
            // A token server may give tokens to nobody in particular; they let him in.
            guard auth == "basic" else { continue }
            let world = try ClientWorld(["auth": .string(auth)], as: NoCredentials())
            #expect(throws: RegistryError.self) { try world.client.ping() }
        }
    }
}
