// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// Pods under the supervisor that comes with `bio`: it is in no ring.
@Suite(.timeLimit(.minutes(15))) struct LoneSupervisorTests {
    @Test func bindsLeadToServices() throws {
        let desk = try ExportDesk.supplied()
        let whole = ["acme/guestbook", "core/redis", "--count", "3", "-o", "x.yaml"]
        for (arguments, address) in [
            ([], "redis:6379"), (["--bind-address", "redis=db.example:7000"], "db.example:7000"),
        ] {
            let outcome = try desk.bio.kubernetes(whole + arguments)
            #expect(outcome.code == 0, "\(outcome.errorText)")
            let manifest = try Manifest(text: String(decoding: contents(of: desk.work("x.yaml")), as: UTF8.self))
            #expect(manifest.words("guestbook") == ["--bind-address=redis=\(address)"])
            #expect(manifest.words("redis") == [])
            #expect(!manifest.names.contains { $0.contains("gossip") } && !manifest.text.contains("9638"))
            #expect(try manifest.faults() == "")
            let variables = manifest.container("guestbook")?["env"]?.array?.compactMap { $0["name"]?.string }
            #expect(variables == ["HAB_LISTEN_HTTP", "BIO_HTTP_OPEN_HEALTH"])
        }
    }

    @Test(arguments: [
        (["--peer", "ring.example"], ["--peer", "has no ring", "--sup-pkg"]),
        (["--topology", "leader"], ["--topology", "nobody is elected", "--sup-pkg"]),
        (["--ring-secret-name", "ring-20260102030405"], ["--ring-secret-name", "no ring"]),
        (["--bind", "redis:redis.default"], ["--bind", "no ring", "--bind-address redis=redis:PORT"]),
        (["--operator"], ["--operator", "no ring"]),
        (["--bind-address", "nope=h:1"], ["no service has a bind 'nope'", "redis"]),
        (["--bind-address", "redis=h:1", "--bind-address", "redis=h:2"], ["'redis' is given twice"]),
        (["--bind-address", "redis=h:99999"], ["'redis=h:99999' is not BIND=HOST:PORT"]),
    ]) func whatNeedsARingIsRefused(_ arguments: [String], _ reasons: [String]) throws {
        let desk = try ExportDesk.supplied()
        let outcome = try desk.bio.kubernetes(["acme/guestbook", "core/redis", "-o", "x.yaml"] + arguments)
        #expect(outcome.code == 64 && outcome.output.isEmpty, "\(outcome.code) \(outcome.errorText)")
        for reason in reasons + ["hint:"] { #expect(outcome.errorText.contains(reason), "\(outcome.errorText)") }
        #expect(try desk.names().isEmpty)
    }

    @Test func addressesAreTakenAsTheTableSays() throws {
        let desk = try ExportDesk()
        for row in AddressRow.all {
            let outcome = try desk.bio.kubernetes("acme/web", "-d", "--bind-address", "cache=\(row.place)")
            guard !row.isForExports else {
                #expect(outcome.code == 0, "'\(row)' \(outcome.errorText)")
                continue
            }
            #expect(outcome.code == 64 && outcome.output.isEmpty, "'\(row)' \(outcome.errorText)")
            #expect(outcome.errorText.contains("is not BIND=HOST:PORT"), "'\(row)' \(outcome.errorText)")
        }
    }

    /// Without an image nobody knows which supervisor runs, and words of a ring end the one that comes with `bio`.
    @Test(arguments: [
        (["acme/cache"], false), (["acme/cache", "--storage", "1Gi:/hab/svc/cache/data:x"], false),
        (["acme/cache", "--service-group", "blue"], false), (["acme/web", "--bind-address", "cache=h:1"], false),
        (["acme/cache", "--count", "2", "--runtime", "direct"], false), (["acme/cache", "--operator"], false),
        (["acme/cache", "--count", "2"], true), (["acme/cache", "--topology", "leader", "--count", "3"], true),
        (["acme/cache", "--peer", "ring.example"], true), (["acme/web", "--bind", "cache:cache.default"], true),
        (["acme/cache", "--ring-secret-name", "ring-20260102030405"], true), (["acme/web", "acme/cache"], true),
    ]) func wordsOfARingWithoutAnImageAreRemarked(_ arguments: [String], _ isRemarked: Bool) throws {
        let desk = try ExportDesk()
        let manifest = try desk.manifest(arguments)
        #expect(manifest.errorText.contains("the image must have another (--sup-pkg)") == isRemarked)
        let words = manifest.text.split(separator: "\n").map { $0.drop { $0 == " " } }
        let isTold = words.contains { word in
            ["--topology=", "--ring=", "--peer=", "--bind="].contains { word.hasPrefix("- \"\($0)") }
        }
        #expect(isTold == isRemarked, "\(manifest.text)")
    }

    /// A supervisor with a ring binds through it.
    @Test func anotherSupervisorIsNotToldOfAddresses() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.kubernetes(
            "acme/guestbook", "core/redis", "--bind-address", "redis=h:1", "-o", "x.yaml")
        #expect(outcome.code == 64, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("through its ring"), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("--bind BIND:SERVICE.GROUP"), "\(outcome.errorText)")
    }

    /// Without an image nobody knows which supervisor runs; who gives addresses does.
    @Test func whoGivesAddressesHasNoRing() throws {
        let desk = try ExportDesk()
        let manifest = try desk.manifest(
            "acme/web", "acme/cache", "acme/mirror", "--bind-address", "cache=[2001:db8::1]:6379")
        #expect(
            manifest.words("web") == ["--bind-address=cache=[2001:db8::1]:6379"],
            "mirror's key is neither host nor port: \(manifest.words("web"))")
        #expect(manifest.errorText.contains("the optional bind 'mirror'") && manifest.errorText.contains("http=VALUE"))
        #expect(try manifest.faults() == "")
    }

    /// A bind leads to what the other is configured to export as `port`, and its Service does.
    @Test(arguments: [
        ("", "8000", [7000, 8000]), ("[web]\nport = 8001\n", "8001", [7000, 8001]),
        ("admin = \"7001\"\n", "8000", [7001, 8000]), ("web = {name = \"a\", port = 7000}\n", "7000", [7000]),
    ]) func bindsLeadToThePortThatTheyWant(_ configuration: String, _ port: String, _ ports: [Int]) throws {
        let desk = try ExportDesk()
        try write(configuration, to: desk.work("u.toml"))
        let manifest = try desk.manifest(
            "acme/gate", "acme/caller", "--bind-address", "else=h:1", "--config", "u.toml")
        #expect(manifest.words("caller") == ["--bind-address=gate=gate:\(port)", "--bind-address=else=h:1"])
        let service = manifest.object("Service", "gate")?["spec"]?["ports"]?.array
        #expect(service?.compactMap { $0["port"]?.int } == ports)
        #expect(try manifest.faults() == "")
    }

    @Test func aPortThatCannotBeToldIsAskedFor() throws {
        let desk = try ExportDesk()
        let given = ["-d", "--bind-address", "else=h:1", "-o", "x.yaml"]
        let refused = try desk.bio.kubernetes(["acme/caller", "acme/dim"] + given)
        #expect(refused.code != 0 && refused.output.isEmpty, "\(refused.errorText)")
        for reason in ["bind 'gate'", "exposes 1, 2", "cannot be told", "--bind-address gate=dim:PORT"] {
            #expect(refused.errorText.contains(reason), "\(refused.errorText)")
        }
        try write("[web]\nport = 0\n", to: desk.work("u.toml"))
        let closed = try desk.bio.kubernetes(["acme/gate", "acme/caller", "--config", "u.toml"] + given)
        #expect(closed.code != 0 && closed.errorText.contains("--bind-address gate=gate:PORT"), "\(closed.errorText)")
        let left = try desk.bio.kubernetes(["acme/modest", "acme/dim"] + given)
        #expect(left.code == 0 && left.errorText.contains("gate=dim:PORT"), "\(left.errorText)")
        let manifest = try Manifest(text: String(decoding: contents(of: desk.work("x.yaml")), as: UTF8.self))
        #expect(manifest.words("modest") == ["--bind-address=else=h:1"])
    }

    /// What the probes ask is answered, without a token, as the pod's user and with its volumes.
    @Test func probesAreAnswered() throws {
        let engine = try TestEngine.shared(.docker)
        var desk = try ExportDesk.supplied()
        desk.bio.environment["DOCKER_HOST"] = engine.host
        let outcome = try desk.bio.kubernetes("acme/ready", "-i", "kube-alone/ready")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let manifest = try Manifest(outcome)
        let pod = try #require(manifest.pod("ready"))
        let container = try PodContainer(pod, engine)
        for probe in ["startupProbe", "livenessProbe", "readinessProbe"] {
            let path = manifest.container("ready")?[probe]?["httpGet"]?["path"]?.string ?? "none"
            let isWell = try container.settles(
                "well\n", "sh", "-c", "wget -q -O /dev/null http://127.0.0.1:9631\(path) && echo well")
            let log = isWell ? "" : try container.log
            #expect(isWell, "\(probe) \(path): \(log)")
        }
    }
}
