// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// `bio pkg export … --push-image` and who is who, with real registries; skopeo says what is there.
@Suite(.timeLimit(.minutes(15))) struct PushOptionsCommandTests {
    private static let password = TestRegistry.password

    private struct World: ~Copyable {
        var plain: PluginWorld
        let plugin: CPlugin

        init() throws {
            var world = try PluginWorld()
            world.bio.environment["DOCKER_HOST"] = "unix://" + world.file("no.sock")
            plugin = try world.add("imager")
            plain = world
        }

        func export(_ words: [String], input: String = "") throws -> Command.Outcome {
            var bio = plain.bio
            bio.input = input
            let line = ["pkg", "export", "imager", "acme/app", "--results", plain.file("results")]
            return try bio.run(line + words) { _ in }
        }

        /// No file that this run has left has the password in it.
        func expectNoTrace(of secret: String, _ location: SourceLocation = #_sourceLocation) throws {
            let found = try Tool.run(["grep", "-rlaF", "-e", secret, plain.file("")])
            #expect(found.code == 1, "\(found.text)", sourceLocation: location)
        }
    }

    private static var trust: [String] {
        get throws { ["--registry-ca-cert-path", try TestCertificates.shared().file("authority.pem")] }
    }

    private func tags(_ repository: String, _ registry: TestRegistry) throws -> [String] {
        let outcome = try Tool.run([
            "skopeo", "list-tags", "--creds", "\(TestRegistry.user):\(Self.password)", "--tls-verify=false",
            "docker://\(registry.host)/\(repository)",
        ])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        return try DocumentValue(json: outcome.text)["Tags"]?.array?.compactMap(\.string).sorted() ?? []
    }

    private static let names = ["2.1", "2.1-20260101000002", "latest"]

    @Test(arguments: [TestRegistry.Kind.basic, .token])
    func theImageGoesToItsRegistryUnderAllItsNames(_ kind: TestRegistry.Kind) throws {
        let registry = try TestRegistry.shared(kind)
        let world = try World()
        let outcome = try world.export(
            ["--push-image", "--registry-url", "\(registry.host)/push", "-U", TestRegistry.user, "--password-stdin"]
                + Self.trust, input: "\(Self.password)\n")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(try tags("push/acme/app", registry) == Self.names)
        #expect(!outcome.errors.contains(Self.password) && !outcome.output.contains(Self.password))
        // It went nowhere else.
        #expect(outcome.output.split(separator: "\n").count == 1 && outcome.output.contains(registry.host))
        try world.expectNoTrace(of: Self.password)
    }

    @Test func aPasswordInAFileAndOneInTheOpen() throws {
        let registry = try TestRegistry.shared(.basic)
        let world = try World()
        try AtomicFile.write(Array("\(Self.password)\n".utf8), to: world.plain.file("secret"))
        let to = ["--to", "docker://\(registry.host)/file/app:1", "--username", TestRegistry.user] + (try Self.trust)
        let hidden = try world.export(to + ["--password-file", world.plain.file("secret")])
        #expect(hidden.code == 0 && !hidden.errors.contains("list of processes"), "\(hidden.errors)")
        #expect(try tags("file/app", registry) == ["1"])
        let open = try world.export(to + ["-P", Self.password])
        #expect(open.code == 0 && open.errors.contains("list of processes"), "\(open.errors)")
        #expect(!open.errors.contains(Self.password))
    }

    @Test func whoeverIsLoggedInPushes() throws {
        let registry = try TestRegistry.shared(.basic)
        var world = try World()
        let words = ["--push-image", "--registry-url", "\(registry.host)/login"] + (try Self.trust)
        let nobody = try world.export(words)
        #expect(nobody.code == 6 && nobody.errors.contains("bio registry login"), "\(nobody.errors)")
        world.plain.bio.environment.merge([
            "BIO_REGISTRY_HOST": registry.host, "BIO_REGISTRY_USERNAME": TestRegistry.user,
            "BIO_REGISTRY_PASSWORD": Self.password,
        ]) { $1 }
        #expect(try world.export(words).code == 0)
        #expect(try tags("login/acme/app", registry) == Self.names)
        try world.expectNoTrace(of: Self.password)
        let wrong = try world.export(
            words + ["-U", TestRegistry.user, "--password-stdin"], input: "wrong-\(Self.password)")
        #expect(wrong.code == 6 && !wrong.errors.contains(Self.password), "\(wrong.errors)")
    }

    @Test func anEngineGetsItTooUnlessItIsToBeRemoved() throws {
        let registry = try TestRegistry.shared(.plain)
        let engine = try TestEngine(.docker)
        var world = try World()
        world.plain.bio.environment["DOCKER_HOST"] = engine.host
        let words = ["--push-image", "--registry-url", "\(registry.host)/engine"]
        let alone = try world.export(words + ["--rm-image"])
        #expect(alone.code == 0 && alone.output.split(separator: "\n").count == 1, "\(alone.errors)")
        #expect(!alone.errors.contains("Docker engine"))
        let both = try world.export(words)
        #expect(both.code == 0 && both.output.split(separator: "\n").count == 2, "\(both.errors)")
        #expect(both.errors.contains("A Docker engine answers"))
    }

    @Test func amazonGivesThePassword() throws {
        let session = "c2Vzc2lvbi1vZi1hbWF6b24"
        let service = try AmazonService(region: "ap-south-1", session: session)
        let registry = try ScriptedRegistry([
            "auth": "basic", "user": "AWS", "password": .string(AmazonService.password),
        ])
        var world = try World()
        world.plain.bio.environment.merge([
            "AWS_ENDPOINT_URL": service.address, "AWS_REGION": "ap-south-1", "AWS_SESSION_TOKEN": session,
        ]) { $1 }
        let words = ["--push-image", "--registry-url", registry.host, "-R", "amazon"]
        let given = words + ["-U", AmazonService.access, "--password-stdin"]
        #expect(try world.export(given + ["--dry-run"], input: AmazonService.secret).code == 0)
        let pushed = try world.export(given, input: AmazonService.secret)
        #expect(pushed.code == 0, "\(pushed.errors)")
        #expect(try service.seen() == "good\n")
        for secret in [AmazonService.secret, AmazonService.password, session] {
            #expect(!pushed.errors.contains(secret) && !pushed.output.contains(secret))
            try world.expectNoTrace(of: secret)
        }
        let bad = try world.export(given, input: "other")
        #expect(bad.code == 6 && bad.errors.contains("InvalidSignatureException"), "\(bad.errors)")
        #expect(!bad.errors.contains(session) && !bad.errors.contains(AmazonService.secret))
        let nobody = try world.export(words)
        #expect(nobody.code == 64 && nobody.errors.contains("AWS_ACCESS_KEY_ID"), "\(nobody.errors)")
        world.plain.bio.environment["AWS_ACCESS_KEY_ID"] = AmazonService.access
        world.plain.bio.environment["AWS_SECRET_ACCESS_KEY"] = AmazonService.secret
        #expect(try world.export(words + ["--registry-region", "eu-west-1"]).code == 6)
        #expect(try world.export(words).code == 0)
    }

    @Test(arguments: [
        (["--push-image", "--no-push-image"], "contradict"),
        (["--push-image", "-U", "jo"], "--username without a password"),
        (["--push-image", "--password-stdin"], "a password without --username"),
        (["--push-image", "-U", "jo", "-P", "sw0rdf1sh", "--password-stdin"], "cannot be given together"),
        (["--push-image", "-U", "jo", "--password-stdin", "--password-file", "f"], "cannot be given both"),
        (["--push-image", "-R", "amazon"], "needs a registry"), (["--push-image", "-R", "azure"], "needs a registry"),
        (["--push-image", "-R", "quay"], "is not one of"),
        (["--push-image", "--registry-region", "eu-west-1"], "is for --registry-type amazon"),
        (["--push-image", "--registry-url", "https://r.example"], "is a URL"),
        (
            [
                "--push-image", "--to", "docker://q.example/a:1", "--registry-url", "r.example", "-U", "jo", "-P",
                "sw0rdf1sh",
            ],
            "several registries"
        ),
        (["--push-image", "--registry-url", "r.example", "-U", "a:b", "-P", "sw0rdf1sh"], "no header can have"),
    ])
    func whatContradictsItselfIsRefused(_ words: [String], _ message: String) throws {
        let world = try World()
        let outcome = try world.export(words)
        #expect(outcome.code == 64 || message == "no header can have", "\(outcome.errors)")
        #expect(outcome.errors.contains(message) && !outcome.errors.contains("sw0rdf1sh"), "\(outcome.errors)")
        try world.plain.expectNothingLeft(world.plugin)
    }

    @Test func whatIsForNoRegistryIsSaid() throws {
        let world = try World()
        let place = "oci:\(world.plain.out)/layout"
        let outcome = try world.export(["--to", place, "--no-push-image", "-U", "jo", "-P", "sw0rdf1sh"])
        #expect(outcome.code == 0 && outcome.errors.contains("--username: the image goes to no registry"))
        #expect(!outcome.errors.contains("sw0rdf1sh"))
    }

    /// Where upstream pushes when nobody names a registry; nobody is asked.
    @Test(arguments: ["index.docker.io/v1", "https://index.docker.io/v1/", "docker.io"])
    func dockersHubHasItsNames(_ url: String) throws {
        let world = try World()
        let outcome = try world.export(["--push-image", "--registry-url", url, "--dry-run"])
        #expect(
            outcome.code == 0 && outcome.output.contains("docker.io/acme/app"), "\(outcome.output)\(outcome.errors)")
        #expect(!outcome.output.contains("v1"))
    }
}
