// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioSystem
import BioTestSupport
import Testing

/// Against real registries.
@Suite(.timeLimit(.minutes(15))) struct RegistryLoginTests {
    private static let user = TestRegistry.user
    private static let password = TestRegistry.password
    private static let authority = "--registry-ca-cert-path=\(try! TestCertificates.shared().directory)/authority.pem"

    @Test(arguments: [TestRegistry.Kind.basic, .token])
    func whoIsLetInIsKept(_ kind: TestRegistry.Kind) throws {
        let host = try TestRegistry.shared(kind).host
        let home = try RegistryWorld()
        let world = home.world(input: Self.password + "\n")
        #expect(
            world.run("registry", "login", host, "-u", Self.user, "--password-stdin", Self.authority) == .done,
            "\(world.standardError)")
        #expect(world.standardOutput.isEmpty && !world.standardError.contains(Self.password))
        #expect(world.standardError.contains("plain text"))
        #expect(try FileStatus.of(home.configuration)?.mode == 0o600)
        // Others read it.
        let judge = try Tool.run(["skopeo", "login", "--get-login", "--authfile", home.configuration, host])
        #expect(judge.code == 0 && judge.text == "\(Self.user)\n", "\(judge.errorText)")
        let again = home.world()
        #expect(again.run("registry", "logout", host) == .done)
        #expect(again.standardError.contains("Logged out"))
        #expect(!(try home.text(home.configuration).contains(host)))
        #expect(home.world().run("registry", "logout", host) == .done)
    }

    @Test(arguments: [TestRegistry.Kind.basic, .token])
    func whoIsNotLetInIsNot(_ kind: TestRegistry.Kind) throws {
        let host = try TestRegistry.shared(kind).host
        let home = try RegistryWorld()
        let world = home.world(input: "\(Self.password)x")
        #expect(
            world.run("registry", "login", host, "-u", Self.user, "--password-stdin", Self.authority) == .remoteRefused)
        #expect(world.standardError.contains("does not let '\(Self.user)' in"))
        #expect(!world.standardError.contains(Self.password))
        #expect(try FileStatus.of(home.path + "/.docker") == nil)
    }

    /// Credentials that are there already must not make wrong ones look good.
    @Test func onlyWhatIsGivenCounts() throws {
        let host = try TestRegistry.shared(.basic).host
        var home = try RegistryWorld()
        home.variables.merge(
            ["BIO_REGISTRY_HOST": host, "BIO_REGISTRY_USERNAME": Self.user, "BIO_REGISTRY_PASSWORD": Self.password]
        ) { $1 }
        let world = home.world(input: "wrong")
        #expect(
            world.run("registry", "login", host, "-u", Self.user, "--password-stdin", Self.authority) == .remoteRefused)
        let other = home.world()
        #expect(other.run("registry", "logout", host) == .done && other.standardError.contains("BIO_REGISTRY_HOST"))
    }

    @Test func aHelperKeepsIt() throws {
        let host = try TestRegistry.shared(.basic).host
        let home = try RegistryWorld()
        try home.write(
            "#!/bin/sh\ncat > \(home.path)/$1\necho s3cret-of-the-helper >&2\n", to: "docker-credential-box",
            mode: 0o755)
        try home.write(#"{"credHelpers":{"\#(host)":"box"}}"#, to: ".docker/config.json")
        let world = home.world(input: Self.password)
        #expect(
            world.run("registry", "login", host, "-u", Self.user, "--password-stdin", Self.authority) == .done,
            "\(world.standardError)")
        #expect(!world.standardError.contains("plain text") && !world.standardError.contains("s3cret"))
        #expect(
            try home.text(home.path + "/store")
                == #"{"ServerURL":"\#(host)","Username":"\#(Self.user)","Secret":"\#(Self.password)"}"#)
        #expect(!(try home.text(home.configuration).contains("auth\"")))
    }

    @Test func podmansFileIsWrittenWhenNamed() throws {
        let host = try TestRegistry.shared(.basic).host
        let home = try RegistryWorld()
        let file = home.path + "/auth.json"
        try home.write(Self.password + "\n", to: "password")
        let words = ["-u", Self.user, "--password-file", "password", "--authfile", "auth.json", Self.authority]
        let world = home.world()
        #expect(
            Program.run(["registry", "login", host] + words, tree: CommandTree.root, context: world.context) == .done,
            "\(world.standardError)")
        let judge = try Tool.run(["skopeo", "login", "--get-login", "--authfile", file, host])
        #expect(judge.text == "\(Self.user)\n")
        #expect(try FileStatus.of(home.configuration) == nil)
        #expect(home.world().run("registry", "logout", "--authfile", file, host) == .done)
        #expect(!(try home.text(file).contains(host)))
    }

    @Test(arguments: [
        (["nohost"], "REGISTRY names no registry", ExitCode.usage),
        (["jo:sw0rdf1sh@r.example"], "REGISTRY names no registry", .usage),
        (["r.example/UPPER"], "REGISTRY names no registry", .usage),
        (["r.example:tag/x:y"], "REGISTRY names no registry", .usage),
        (["r.example"], "is no terminal", .usage),
        (["r.example", "-u", "jo"], "is no terminal", .usage),
        (["r.example", "-u", "a:b", "--password-stdin"], "has no colon", .usage),
        (["r.example", "-u", "", "--password-stdin"], "neither name nor password", .usage),
        (["r.example", "-u", "jo", "--password-stdin", "--password-file", "f"], "cannot be given both", .usage),
        (["r.example", "-u", "jo", "--password-file", "nothing"], "cannot open", .failure),
        (["r.example", "--registry-client-cert", "c"], "belong together", .usage),
        (["127.0.0.1:1", "-u", "jo", "--password-stdin"], "cannot connect", .failure),
    ])
    func whatCannotBeIsSaid(_ words: [String], _ message: String, _ code: ExitCode) throws {
        let home = try RegistryWorld()
        let world = home.world(input: "sw0rdf1sh")
        #expect(Program.run(["registry", "login"] + words, tree: CommandTree.root, context: world.context) == code)
        #expect(world.standardError.contains(message) && !world.standardError.contains("sw0rdf1sh"))
        #expect(try FileStatus.of(home.path + "/.docker") == nil)
    }

    @Test(arguments: ["", "\n", "a\nb", "a\u{1}b"]) func whatIsNoPasswordIsRefused(_ input: String) throws {
        let home = try RegistryWorld()
        let world = home.world(input: input)
        #expect(world.run("registry", "login", "127.0.0.1:1", "-u", "jo", "--password-stdin") != .done)
        #expect(!world.standardError.contains("connect"))
    }

    @Test func aTerminalIsAsked() throws {
        let host = try TestRegistry.shared(.basic).host
        let home = try RegistryWorld()
        let world = home.world(
            input: "\(Self.password)\n", terminal: TerminalFacts(inputIsTerminal: true, errorColumns: 80))
        #expect(world.run("registry", "login", host, "-u", Self.user, Self.authority) == .done)
        #expect(world.standardError.contains("Password of \(Self.user) at \(host): \n"))
    }

    @Test func withoutAHomeNothingIsAsked() throws {
        let world = World(input: "x")
        #expect(world.run("registry", "login", "r.example", "-u", "jo", "--password-stdin") == .failure)
        #expect(world.standardError.contains("nobody says where"))
    }
}
