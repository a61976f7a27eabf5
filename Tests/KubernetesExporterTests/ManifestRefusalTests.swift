// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// Requests that cannot be met, each with its reason and the next step; nothing on standard output, nothing left behind.
@Suite struct ManifestRefusalTests {
    private func refused(_ arguments: [String], _ reasons: [String], code: Int32 = 64, hasHint: Bool = true) throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.kubernetes(arguments + ["-d"])
        #expect(outcome.code == code, "\(arguments): \(outcome.code) \(outcome.errorText)")
        for reason in reasons { #expect(outcome.errorText.contains(reason), "\(outcome.errorText)") }
        #expect(outcome.errorText.contains("hint") == hasHint && outcome.output.isEmpty)
        #expect(try desk.names().isEmpty && desk.temporaryNames().isEmpty)
    }

    @Test(arguments: [
        "My-Name", "7up", "a_b", "-a", "a-", "", "a b", "{{a}}", "ä", "a\nb",
        "a2345678901234567890123456789012345678901234567890123", "kubernetes",
    ]) func names(name: String) throws { try refused(["acme/cache", "--k8s-name=\(name)"], ["--k8s-name"]) }

    @Test(arguments: [
        ("--namespace", "Prod"), ("--namespace", "a.b"), ("--namespace", ""), ("--ingress-host", "http://a.b"),
        ("--ingress-host", "a.b:80"), ("--ingress-host", "A.b"), ("--ingress-host", "a.*.b"), ("--ingress-host", ""),
        ("--ingress-host", "10.0.0.1"), ("--ingress-host", "*.10"),
        ("--image-pull-secret", "A"), ("--image-pull-secret", "a/b"), ("--service-group", "a.b"),
        ("--service-group", "a b"), ("--service-group", "$(x)"), ("--ring-secret-name", "Ring-20260102030405"),
        ("--ring-secret-name", "ring"), ("--ring-secret-name", "ring-2026"), ("--peer", "a b"), ("--peer", ""),
        ("--peer", "-x"), ("--count", "-1"), ("--count", "many"), ("--topology", "ring"),
        ("--service-type", "External"),
    ]) func values(option: String, value: String) throws {
        try refused(["acme/cache", "\(option)=\(value)"], [option])
    }

    @Test(arguments: ["0", "-1Gi", "10Gb", "1.Gi", ".5", "0Gi", "1ki", "10 Gi", "1e", "", "m", "1e999", "0x1"])
    func amounts(text: String) throws {
        try refused(["acme/cache", "--memory=\(text)"], ["--memory", "512Mi"])
        try refused(["acme/cache", "--cpu=\(text)"], ["--cpu", "500m"])
    }

    /// Amounts of something else: no container starts with half a byte.
    @Test(arguments: [
        ("--memory", "512m", "512Mi"), ("--memory", "512", "512Mi"), ("--memory", "1e3", "512Mi"),
        ("--memory", "0.5Mi", "512Mi"), ("--cpu", "2Gi", "500m"), ("--cpu", "2k", "500m"), ("--cpu", "1e3", "500m"),
    ]) func slips(option: String, text: String, hint: String) throws {
        try refused(["acme/cache", "\(option)=\(text)"], [option, "'\(text)'", hint])
    }

    @Test(arguments: [
        "x:99999", "x:0", "x:", "x:a", "x:+1", ":1", ":::", "a:1:2", "::1", "[::1]", "[::1]:0", "[::1]9638", "[:::]:1",
        "[1:2]:3", "[1::2::3]:4", "[1:2:3:4:5:6:7:8:9]:1", "[g::]:1", "[12345::]:1", "[]:1", "a..b", "1.2.3",
        "1.2.3.256",
        "a_b", "-a:1", "a/b", "tcp://a:1",
    ]) func peers(text: String) throws {
        try refused(["acme/cache", "--peer=\(text)"], ["--peer", "HOST[:PORT]", "65535"])
    }

    @Test(arguments: [
        (["--env", "HAB_LISTEN_HTTP=0.0.0.0:80"], "9631"), (["--env", "HAB_LISTEN_GOSSIP=0.0.0.0:80"], "9638"),
        (["--env", "HAB_SUP_GATEWAY_AUTH_TOKEN=x"], "probes"), (["--env", "BIO_HTTP_OPEN_HEALTH=0"], "probes"),
        (["--env", "HAB_CACHE_KEY_PATH=/x", "-r", "ring-20260102030405"], "--ring-secret-name"),
    ]) func variablesOfTheSupervisor(arguments: [String], reason: String) throws {
        try refused(["acme/cache"] + arguments, ["--env", "cannot be set", reason])
    }

    @Test(arguments: [
        ("10Gi", "SIZE:PATH:CLASS"), ("10Gi:/a", "SIZE:PATH:CLASS"), (":/a:b", "no size"), ("1.5Gi:/a:b", "no size"),
        ("10m:/a:b", "no size"), ("10gi:/a:b", "no size"), ("10Gi:a:b", "absolute"), ("10Gi::b", "absolute"),
        ("10Gi:/:b", "absolute"), ("10Gi:/a/../b:c", "absolute"), ("10Gi:/a:", "storage class"),
        ("10Gi:/a:B", "storage class"), ("10Gi:/a:b:c", "storage class"), ("10Gi:/hab:b", "other things"),
        ("10Gi:/hab/pkgs/a:b", "other things"), ("10Gi:/hab/user/cache/config:b", "other things"),
        ("10Gi:/a\nb:c", "absolute"), ("10Gi:/etc/ssl:x", "other things"), ("10Gi:/hab/user:x", "other things"),
        ("10Gi:/hab/cache/a:x", "other things"), ("10Gi:/dev/shm:x", "other things"),
        ("10Gi:/init.sh:x", "other things"),
    ]) func storage(text: String, reason: String) throws {
        try refused(["acme/cache", "--storage", text], ["--storage", reason])
    }

    @Test(arguments: [
        (["cache"], "BIND:SERVICE.GROUP"), (["cache:redis"], "BIND:SERVICE.GROUP"), (["a:b:c.d"], "BIND:SERVICE.GROUP"),
        (["cache:a.b.c"], "BIND:SERVICE.GROUP"), ([":a.b"], "BIND:SERVICE.GROUP"), (["cache:.b"], "BIND:SERVICE.GROUP"),
        (["cache:a."], "BIND:SERVICE.GROUP"), (["cache:a b.c"], "BIND:SERVICE.GROUP"),
        (["cache:{{a}}.c"], "BIND:SERVICE"),
        (["cache:a.b", "cache:c.d"], "given twice"), (["cash:a.b"], "no service has a bind 'cash'"),
    ]) func binds(texts: [String], reason: String) throws {
        try refused(["acme/web"] + texts.map { "--bind=\($0)" }, ["--bind", reason])
    }

    @Test(arguments: [
        ("--env", ["A"], "NAME=VALUE"), ("--env", ["=x"], "NAME=VALUE"), ("--env", ["A B=x"], "name of a variable"),
        ("--env", ["1A=x"], "name of a variable"), ("--env", ["ä=x"], "name of a variable"),
        ("--env", ["A=1", "A=2"], "twice"),
        ("--label", ["x"], "KEY=VALUE"), ("--label", ["a b=c"], "no key"), ("--label", ["/a=c"], "no key"),
        ("--label", ["A.b/a=c"], "no key"), ("--label", ["a/b/c=d"], "no key"), ("--label", ["a=-b"], "no value"),
        ("--label", ["a=b c"], "no value"), ("--label", ["a=\"b\""], "no value"), ("--label", ["a=1", "a=2"], "twice"),
        ("--label", ["app.kubernetes.io/name=x"], "found by"),
        ("--label", ["a=" + String(repeating: "b", count: 64)], "no value"),
    ]) func pairs(option: String, texts: [String], reason: String) throws {
        try refused(["acme/cache"] + texts.flatMap { [option, $0] }, [option, reason])
    }

    /// The place is what to do next.
    @Test(arguments: [
        ("port = \n", ":1:"), ("a = 1\na = 2\n", ":2:"), ("[a\n", ":1:"), ("a: b\n", ":1:"), ("a = \"\u{1}\"\n", ":1:"),
    ]) func configurations(text: String, place: String) throws {
        let desk = try ExportDesk()
        let path = desk.file("user.toml")
        try write(text, to: path)
        try refused(["acme/cache", "--config", path], ["--config", "user.toml\(place)"], hasHint: false)
    }

    @Test func configurationsThatAreNone() throws {
        let desk = try ExportDesk()
        let path = desk.file("user.toml")
        for bytes: [UInt8] in [[0x61, 0x20, 0x3D, 0x20, 0x22, 0xFF, 0x22], Array(repeating: 0x0A, count: 1_000_001)] {
            try AtomicFile.write(bytes, to: path)
            let outcome = try desk.bio.kubernetes("acme/cache", "-d", "--config", path)
            #expect(outcome.code != 0 && outcome.output.isEmpty && outcome.errorText.contains("--config"))
        }
        let outcome = try desk.bio.kubernetes("acme/cache", "-d", "--config", "nowhere.toml")
        #expect(outcome.code == 64 && outcome.errorText.contains("nowhere.toml"))
        #expect(outcome.errorText.contains("hint"))
    }

    /// Nobody shall believe that an image was pushed.
    @Test(arguments: [["--push-image"], ["--to", "docker-archive:x.tar"], ["--size-report"]])
    func optionsOfAnImageThatIsNotMade(arguments: [String]) throws {
        try refused(["acme/cache"] + arguments, [arguments[0]])
    }

    @Test func packages() throws {
        try refused(["acme/tool"], ["no package is a service", "acme/tool"], code: 1)
        try refused(["acme/web", "other/web"], ["would both have the name 'web'", "other/web"], code: 1)
        try refused(
            ["acme/web", "acme/mirror", "acme/cache", "acme/othercache", "--k8s-name", "cache"],
            ["would both have the name", "--k8s-name"],
            code: 1)
        try refused(
            ["acme/cache", "acme/othercache", "--k8s-name", "othercache-headless"], ["would both have the name"],
            code: 1)
        try refused(["acme/hooked", "--ingress-host", "a.b"], ["--ingress-host", "exposes no port"])
        try refused(["acme/hooked", "--service-type", "NodePort"], ["--service-type", "exposes no port"])
    }

    /// Required, and two that could be meant.
    @Test func bindsThatAreNotClear() throws {
        let desk = try ExportDesk(
            try ManifestFixture.shared.get(),
            installing: [ManifestFixture.web, ManifestFixture.other, ManifestFixture.twin])
        let outcome = try desk.bio.kubernetes("acme/web", "acme/othercache", "acme/twincache", "-d")
        #expect(outcome.code == 1 && outcome.errorText.contains("'cache' could be to othercache, twincache"))
        #expect(outcome.errorText.contains("--bind cache:SERVICE.GROUP"))
    }

    @Test(arguments: [
        ["--cpu", "1"], ["--memory", "1Gi"], ["--ingress-host", "a.b"], ["--service-type", "NodePort"],
        ["--peer", "a"],
        ["--image-pull-secret", "a"],
    ]) func whatTheOperatorDoesNotKnow(arguments: [String]) throws {
        try refused(["acme/cache", "--operator"] + arguments, [arguments[0], "--operator"])
    }
}
