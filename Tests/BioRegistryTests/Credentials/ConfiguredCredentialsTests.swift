// SPDX-License-Identifier: Apache-2.0

import BioRegistry
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct ConfiguredCredentialsTests {
    private static func user(_ name: String) -> RegistryCredential { .basic(username: name, password: "p") }

    private static func given(_ key: String, _ name: String) -> GivenCredential {
        GivenCredential(CredentialKey(key), user(name))
    }

    private static func entry(_ key: String, _ name: String) -> String {
        #""\#(key)":{"username":"\#(name)","password":"p"}"#
    }

    private static func file(_ entries: String..., more: String = "") -> String {
        #"{"auths":{\#(entries.joined(separator: ","))}\#(more)}"#
    }

    @Test func whatIsNearerToTheUserCountsFirst() throws {
        let directory = try LoginDirectory()
        try directory.write(
            Self.file(Self.entry("a.example", "docker"), Self.entry("b.example", "docker")),
            to: "home/.docker/config.json")
        try directory.write(
            Self.file(Self.entry("b.example", "run"), Self.entry("c.example", "run")), to: "run/containers/auth.json")
        try directory.write(
            Self.file(Self.entry("c.example", "home"), Self.entry("d.example", "home")),
            to: "home/.config/containers/auth.json")
        let credentials = directory.credentials(
            given: [Self.given("f.example", "given")],
            environment: [Self.given("f.example", "environment"), Self.given("a.example", "environment")])
        let expected = [
            "a.example": "environment", "b.example": "docker", "c.example": "run", "d.example": "home",
            "f.example": "given",
        ]
        for (host, name) in expected {
            #expect(try credentials.credential(for: repository("\(host)/app")) == Self.user(name), "\(host)")
        }
        #expect(try credentials.credential(for: repository("e.example/app")) == nil)
    }

    @Test func theLongestPathWins() throws {
        let directory = try LoginDirectory()
        try directory.write(
            Self.file(
                Self.entry("https://r.example/v1/", "old"), Self.entry("r.example", "all"),
                Self.entry("r.example/team", "team"), Self.entry("r.example/team/app", "app")),
            to: "home/.docker/config.json")
        let credentials = directory.credentials()
        for (path, name) in [
            ("x", "all"), ("team", "team"), ("team/other", "team"), ("team/app", "app"), ("team/app/part", "app"),
            ("teams", "all"), ("", "all"),
        ] {
            #expect(try credentials.credential(for: repository("r.example/\(path)")) == Self.user(name), "\(path)")
        }
        let given = directory.credentials(environment: [
            Self.given("r.example", "e"), Self.given("r.example/team", "t"),
        ])
        #expect(try given.credential(for: repository("r.example/team/app")) == Self.user("t"))
        #expect(try given.credential(for: repository("r.example/x")) == Self.user("e"))
    }

    @Test func aFileThatIsNamedIsTheOnlyOne() throws {
        let directory = try LoginDirectory()
        try directory.write(Self.file(Self.entry("a.example", "docker")), to: "home/.docker/config.json")
        let named = try directory.write(Self.file(Self.entry("b.example", "named")), to: "named.json")
        let credentials = directory.credentials(authFile: named)
        #expect(try credentials.credential(for: repository("b.example/x")) == Self.user("named"))
        #expect(try credentials.credential(for: repository("a.example/x")) == nil)
        let missing = directory.file("missing.json")
        #expect(throws: CredentialError.missingFile(missing)) {
            try directory.credentials(authFile: missing).credential(for: repository("a.example/x"))
        }
    }

    @Test func helpersComeBeforeWhatTheFileHas() throws {
        let directory = try LoginDirectory()
        try directory.keeper("box")
        try directory.helper("own", #"echo '{"Username":"own","Secret":"p"}'"#)
        try directory.write(
            Self.file(
                Self.entry("own.example", "file"), Self.entry("kept.example", "file"), Self.entry("r.example", "file"),
                Self.entry("kept.example/team", "team"),
                more: #","credHelpers":{"own.example":"own","empty.example":""},"credsStore":"box""#),
            to: "home/.docker/config.json")
        try CredentialProgram("box", in: "/f", directory.settings()).store(Self.user("box"), for: "kept.example")
        let credentials = directory.credentials()
        #expect(try credentials.credential(for: repository("own.example/x")) == Self.user("own"))
        #expect(try credentials.credential(for: repository("kept.example/x")) == Self.user("box"))
        #expect(try credentials.credential(for: repository("kept.example/team/x")) == Self.user("team"))
        #expect(try credentials.credential(for: repository("r.example/x")) == Self.user("file"))
        #expect(try credentials.credential(for: repository("empty.example/x")) == nil)
    }

    @Test func aHelperIsAskedOnceForARegistry() throws {
        let directory = try LoginDirectory()
        try directory.keeper("box")
        try directory.write(#"{"credsStore":"box"}"#, to: "home/.docker/config.json")
        let credentials = directory.credentials()
        for path in ["a", "b", "a"] {
            #expect(try credentials.credential(for: repository("r.example/\(path)")) == nil)
            #expect(try credentials.credential(for: repository("docker.io/library/\(path)")) == nil)
        }
        #expect(try directory.text("asked") == "get 1\nget 1\n")
    }

    @Test func aHelperThatIsNeededAndBrokenIsAnError() throws {
        let directory = try LoginDirectory()
        try directory.write(
            Self.file(Self.entry("r.example", "file"), more: #","credHelpers":{"own.example":"gone"}"#),
            to: "home/.docker/config.json")
        let credentials = directory.credentials()
        #expect(throws: CredentialError.helperMissing("gone")) {
            try credentials.credential(for: repository("own.example/x"))
        }
        // Who does not need it is not held up.
        #expect(try credentials.credential(for: repository("r.example/x")) == Self.user("file"))
    }

    @Test func aBrokenFileIsAnErrorAndOneOfSomebodyElseIsNone() throws {
        let directory = try LoginDirectory()
        let path = try directory.write("{", to: "run/containers/auth.json")
        #expect(throws: CredentialError.self) {
            try directory.credentials().credential(for: repository("r.example/x"))
        }
        guard geteuid() != 0 else { return }
        chmod(path, 0)
        #expect(try directory.credentials().credential(for: repository("r.example/x")) == nil)
        #expect(throws: CredentialError.self) {
            try directory.credentials(authFile: path).credential(for: repository("r.example/x"))
        }
    }

    @Test func placesFollowTheVariables() {
        let variables = ["HOME": "/h", "DOCKER_CONFIG": "/d", "XDG_CONFIG_HOME": "/c"]
        let places = CredentialPlaces(authFile: nil) { variables[$0] }
        #expect(places.docker == "/d/config.json" && places.podman == ["/c/containers/auth.json"])
        let bare = CredentialPlaces(authFile: nil) { _ in nil }
        #expect(bare.docker == nil && bare.podman.isEmpty)
    }
}
