// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `--runtime direct`: pods of services that were configured when their images were made.
@Suite(.timeLimit(.minutes(15))) struct DirectManifestTests {
    @Test(arguments: [
        ("direct", ["acme/well"]), ("direct-root", ["acme/root"]),
        (
            "direct-storage",
            [
                "acme/cache", "acme/web", "--count", "2", "--storage", "10Gi:/hab/svc/cache/data:fast", "--env", "A=b",
                "--service-type", "NodePort",
            ]
        ),
    ]) func manifestsAreAsPinned(name: String, arguments: [String]) throws {
        let desk = try ExportDesk()
        let manifest = try desk.manifest(arguments + ["--runtime", "direct"])
        #expect(try Golden.mismatch(manifest.text, name) == nil)
        #expect(try manifest.faults() == "")
        for word in ["gateway", "9638", "LISTEN_HTTP", "--peer", "--bind", "emptyDir", "/hab/sup", "user.toml"] {
            #expect(!manifest.text.contains(word), "\(word)")
        }
    }

    /// They are the supervisor's where there is one.
    @Test(arguments: [("direct", [7000, 8000, 9631]), ("supervisor", [7000, 8000])])
    func portsOfASupervisorAreTheServices(_ runtime: String, _ ports: [Int]) throws {
        let desk = try ExportDesk()
        let manifest = try desk.manifest("acme/gate", "--runtime", runtime)
        let service = manifest.object("Service", "gate")?["spec"]?["ports"]?.array
        #expect(service?.compactMap { $0["port"]?.int } == ports)
        #expect(try manifest.faults() == "")
    }

    private static let refusals: [(arguments: [String], reasons: [String])] = [
        (["--peer", "ring.example"], ["--peer", "there is no supervisor", "--runtime supervisor"]),
        (["--topology", "leader"], ["--topology", "nobody is elected"]),
        (["--ring-secret-name", "ring-20260102030405"], ["--ring-secret-name", "no supervisor"]),
        (["--service-group", "blue"], ["--service-group", "no group"]),
        (["--bind", "cache:cache.default"], ["--bind", "--bind-address cache=cache:PORT"]),
        (["--operator"], ["--operator", "no supervisor"]),
        (["--env", "HAB_WEB=port = 1"], ["--env", "nobody reads 'HAB_WEB'", "--config FILE"]),
        (["--config", "u.toml"], ["--config", "none is made", "--no-docker-image"]),
        (["--bind-address", "cache=h:1"], ["--bind-address", "none is made"]),
        (["--storage", "1Gi:/hab/svc/web:x"], ["--storage", "/hab/svc/web/data"]),
        (["--storage", "1Gi:/hab/svc:x"], ["--storage", "has the service there"]),
        (["--storage", "1Gi:/hab/svc/web/config/more:x"], ["--storage", "has the service there"]),
    ]

    @Test(arguments: refusals) func whatNobodyReadsIsRefused(_ arguments: [String], _ reasons: [String]) throws {
        let desk = try ExportDesk()
        try write("a = 1\n", to: desk.work("u.toml"))
        let outcome = try desk.bio.kubernetes(["acme/web", "-d", "--runtime", "direct"] + arguments)
        #expect(outcome.code == 64 && outcome.output.isEmpty, "\(outcome.code) \(outcome.errorText)")
        for reason in reasons + ["hint:"] { #expect(outcome.errorText.contains(reason), "\(outcome.errorText)") }
    }

    /// Of the image: its own refusals come through, and nothing is left.
    @Test(arguments: [
        (["acme/guestbook"], ["hooks/run:", "'bind.redis.members'", "--bind-address redis=HOST:PORT", "hint:"]),
        (["acme/ready"], ["run by '/bin/sh', which is not there", "biome/busybox", "hint:"]),
        (["acme/ready", "biome/busybox", "--base-pkgs", "none"], ["bio-init", "leave out --base-pkgs none", "hint:"]),
        (["acme/ready", "biome/busybox", "--config", "bad.toml"], ["--config", "bad.toml:1:8"]),
        (["acme/ready", "biome/busybox", "--bind-address", "redis=h:1"], ["no service has a bind 'redis'", "hint:"]),
        (
            ["acme/guestbook", "biome/busybox", "--bind-address", "redis=h"],
            ["'redis=h' is not BIND=HOST:PORT", "hint:"]
        ),
        (
            ["acme/guestbook", "biome/busybox", "--bind-address", "mirror=h:1"],
            ["--bind-address redis=HOST:PORT", "hint:"]
        ),
    ]) func whatTheImageRefusesIsRefused(_ arguments: [String], _ reasons: [String]) throws {
        let desk = try ExportDesk.supplied()
        try write("word = \n", to: desk.work("bad.toml"))
        let outcome = try desk.bio.kubernetes(arguments + ["--runtime", "direct", "-o", "x.yaml"])
        #expect(outcome.code != 0 && outcome.output.isEmpty, "\(outcome.errorText)")
        for reason in reasons { #expect(outcome.errorText.contains(reason), "\(outcome.errorText)") }
        #expect(try desk.names() == ["bad.toml"])
    }

    /// With user, groups, capabilities and command of the pod: the first process runs the service as it was configured,
    /// it writes where it must, and the probe finds it well.
    @Test func thePodRuns() throws {
        let engine = try TestEngine.shared(.docker)
        var desk = try ExportDesk.supplied()
        desk.bio.environment["DOCKER_HOST"] = engine.host
        for (word, isWell) in [("ready", true), ("busy", false)] {
            try write("word = \"\(word)\"\n", to: desk.work("u.toml"))
            let outcome = try desk.bio.kubernetes(
                "acme/ready", "biome/busybox", "--runtime", "direct", "--config", "u.toml", "-i",
                "kube-direct/\(word)")
            #expect(outcome.code == 0, "\(outcome.errorText)")
            let manifest = try Manifest(outcome)
            #expect(try manifest.faults() == "")
            let pod = try #require(manifest.pod("ready"))
            #expect(pod["terminationGracePeriodSeconds"]?.int == 30)
            let container = try PodContainer(pod, engine)
            let exec = manifest.container("ready")?["readinessProbe"]?["exec"]
            let probe = exec?["command"]?.array?.compactMap(\.string) ?? []
            #expect(probe == ["/bin/bio-init", "health", "/hab/svc/ready/bio-init.spec"])
            #expect(try container.settles("\(word)\n", "cat", "/hab/svc/ready/data/word"))
            #expect(try container.exec("cat", "/proc/1/comm").text == "bio-init\n")
            #expect(try container.exec(probe).code == (isWell ? 0 : 1))
            #expect(try container.exec("id", "-u").text == "42\n")
        }
    }

    /// Services of one export find each other by the names of their Services.
    @Test func servicesOfOneExportAreBound() throws {
        let engine = try TestEngine.shared(.docker)
        var desk = try ExportDesk.supplied()
        desk.bio.environment["DOCKER_HOST"] = engine.host
        let outcome = try desk.bio.kubernetes(
            "acme/guestbook", "core/redis", "biome/busybox", "--runtime", "direct", "-i", "kube-bound/{{pkg_name}}",
            "--k8s-name", "book")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let manifest = try Manifest(outcome)
        #expect(try manifest.faults() == "")
        #expect(manifest.object("Service", "redis") != nil)
        let image = manifest.container("book")?["image"]?.string ?? ""
        let hook = try engine.docker(["run", "--rm", "--entrypoint", "cat", image, "/hab/svc/guestbook/hooks/run"])
        #expect(hook.text.contains("guestbook redis 6379"), "\(hook.text)\(hook.errorText)")
    }

    /// The Service, the probe and those who bind look for the service where it is configured to listen; and another
    /// configuration is another pod, though its image is called as before.
    @Test func theConfigurationDecides() throws {
        let engine = try TestEngine.shared(.docker)
        var desk = try ExportDesk.supplied()
        desk.bio.environment["DOCKER_HOST"] = engine.host
        var sums: [String] = []
        for port in [6390, 6391, 6390] {
            try write("port = \(port)\n", to: desk.work("redis.toml"))
            let outcome = try desk.bio.kubernetes(
                "core/redis", "acme/guestbook", "biome/busybox", "--runtime", "direct", "--config", "redis.toml", "-i",
                "kube-moved/{{pkg_name}}", "--tag-custom", "at-\(port)")
            #expect(outcome.code == 0, "\(outcome.errorText)")
            #expect(outcome.errorText.contains("whatever its configuration"), "\(outcome.errorText)")
            let manifest = try Manifest(outcome)
            #expect(try manifest.faults() == "")
            let service = manifest.object("Service", "redis")?["spec"]?["ports"]?.array
            #expect(service?.compactMap { $0["port"]?.int } == [port])
            let container = try #require(manifest.container("redis"))
            #expect(container["ports"]?.array?.compactMap { $0["containerPort"]?.int } == [port])
            #expect(container["readinessProbe"]?["tcpSocket"]?["port"]?.string == "tcp-\(port)")
            #expect(container["image"]?.string == "kube-moved/redis:at-\(port)")
            let image = manifest.container("guestbook")?["image"]?.string ?? ""
            let hook = try engine.docker(["run", "--rm", "--entrypoint", "cat", image, "/hab/svc/guestbook/hooks/run"])
            #expect(hook.text.contains("guestbook redis \(port)"), "\(hook.text)\(hook.errorText)")
            let template = manifest.workload("redis")?["spec"]?["template"]
            sums.append(template?["metadata"]?["annotations"]?["org.biome.configuration"]?.string ?? "")
        }
        #expect(sums[0] == sums[2] && sums[0] != sums[1] && !sums.contains(""), "\(sums)")
    }
}
