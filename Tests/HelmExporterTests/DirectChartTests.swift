// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// Charts of services that run without a supervisor, or under the one that comes with `bio`.
@Suite(.timeLimit(.minutes(15))) struct DirectChartTests {
    @Test func isWhatIsPinned() throws {
        let desk = try ExportDesk()
        let chart = try desk.chart("acme/cache", "--runtime", "direct", "--count", "2")
        let files = try chart.files()
        #expect(!files.contains { $0.contains("secret") || $0.contains("gossip") || $0.contains("tests/") }, "\(files)")
        let text = try files.map { "==> \($0) <==\n\(try chart.text($0))" }.joined()
        #expect(try Golden.mismatch(text, "direct") == nil)
        for word in ["9631", "9638", "supervisor", "serviceGroup", "ringSecretName", "user.toml"] {
            #expect(!text.contains(word), "\(word)")
        }
    }

    @Test(arguments: [["acme/cache"], ["acme/root"], ["acme/cache", "acme/web"]])
    func passesHelmAndKubernetes(_ arguments: [String]) throws {
        let desk = try ExportDesk()
        let chart = try desk.chart(arguments + ["--runtime", "direct"])
        let lint = try Helm.run("lint", "--strict", chart.path)
        #expect(lint.code == 0, "\(lint.text)\(lint.errorText)")
        #expect(try chart.rendered().faults() == "")
        let everything = try chart.rendered(
            "--set", "instanceCount=3,persistentStorageSize=1Gi,resources.limits.cpu=1,nodeSelector.disk=fast")
        #expect(try everything.faults() == "")
        let name = String(arguments[0].split(separator: "/")[1])
        let container = everything.container(everything.objects.compactMap { $0["metadata"]?["name"]?.string }[0])
        #expect(everything.text.contains("/hab/svc/\(name)/bio-init.spec"), "\(everything.text)")
        #expect(container?["args"] == nil)
    }

    /// What was rendered is not to be hidden, whatever the values say.
    @Test(arguments: [
        "/hab/svc", "/hab/svc/cache", "/hab/svc/cache/config", "/hab/svc/cache/hooks/x", "/hab/svc/cache/bio-init.spec",
    ]) func storageDoesNotHideTheService(path: String) throws {
        let desk = try ExportDesk()
        let chart = try desk.chart("acme/cache", "--runtime", "direct")
        func outcome(_ path: String) throws -> Tool.Outcome {
            try Helm.run(
                "template", "my", chart.path, "--set", "persistentStorageSize=1Gi,persistentStoragePath=\(path)")
        }
        #expect(try outcome(path).code != 0)
        #expect(try outcome("/hab/svc/cache/data").code == 0)
        #expect(try outcome("/hab/svc/cachet").code == 0)
    }

    /// A chart does not know what its release will be called.
    @Test func bindsWithinTheChartNeedAnAddress() throws {
        let desk = try ExportDesk.supplied()
        let whole = ["acme/guestbook", "core/redis", "biome/busybox", "--runtime", "direct", "-o", "book"]
        let refused = try desk.bio.helm(whole)
        #expect(refused.code == 64 || refused.code == 1, "\(refused.errorText)")
        #expect(refused.errorText.contains("called as a release of the chart will be"), "\(refused.errorText)")
        #expect(refused.errorText.contains("--bind-address redis=RELEASE-redis:6379"), "\(refused.errorText)")
        #expect(try desk.names().isEmpty)
        let made = try desk.bio.helm(whole + ["--bind-address", "redis=my-redis:6379"])
        #expect(made.code == 0, "\(made.errorText)")
        let rendered = try Chart(path: desk.work("book")).rendered()
        #expect(try rendered.faults() == "" && rendered.object("Service", "my-redis") != nil)
    }

    /// What an export takes its chart takes.
    @Test func addressesOfAnExportPassItsSchema() throws {
        for row in AddressRow.all where row.isForExports {
            let desk = try ExportDesk()
            let chart = try desk.chart("acme/web", "--bind-address", "cache=\(row.place)")
            #expect(try chart.rendered().words("my-web").last == "--bind-address=cache=\(row.place)")
        }
    }

    /// Ports are those that are configured, and another configuration is another pod.
    @Test func theConfigurationDecides() throws {
        var sums: [String] = []
        for port in [6390, 6391] {
            let desk = try ExportDesk.supplied()
            try AtomicFile.write(Array("port = \(port)\n".utf8), to: desk.work("redis.toml"))
            let made = try desk.bio.helm(
                "core/redis", "biome/busybox", "--runtime", "direct", "--config", "redis.toml", "-o", "chart")
            #expect(made.code == 0 && made.errorText.contains("whatever its configuration"), "\(made.errorText)")
            let rendered = try Chart(path: desk.work("chart")).rendered("--set", "annotations.more=x")
            #expect(try rendered.faults() == "")
            let service = rendered.object("Service", "my-redis")?["spec"]?["ports"]?.array
            #expect(service?.compactMap { $0["port"]?.int } == [port])
            let template = rendered.object("StatefulSet", "my-redis")?["spec"]?["template"]
            sums.append(template?["metadata"]?["annotations"]?["org.biome.configuration"]?.string ?? "")
        }
        #expect(sums[0] != sums[1] && !sums.contains(""), "\(sums)")
    }

    /// The supervisor that comes along binds to addresses: to the release's own Service unless the values say another.
    @Test func aLoneSupervisorIsToldOfAddresses() throws {
        let desk = try ExportDesk.supplied()
        let made = try desk.bio.helm("acme/guestbook", "core/redis", "-o", "book")
        #expect(made.code == 0, "\(made.errorText)")
        let chart = Chart(path: desk.work("book"))
        let lint = try Helm.run("lint", "--strict", chart.path)
        #expect(lint.code == 0, "\(lint.text)\(lint.errorText)")
        let rendered = try chart.rendered("--set", "instanceCount=2")
        #expect(try rendered.faults() == "")
        #expect(rendered.words("my-guestbook") == ["--group=default", "--bind-address=redis=my-redis:6379"])
        #expect(rendered.words("my-redis") == ["--group=default"])
        #expect(!rendered.text.contains("9638") && rendered.object("Pod", "my-guestbook-test") != nil)
        let moved = try chart.rendered("--set", "bindAddress0=db.example:7000\\,key=value")
        #expect(moved.words("my-guestbook").last == "--bind-address=redis=db.example:7000,key=value")
        for wrong in ["db.example", "db:x", "-x:1", "a b:1"] {
            #expect(try Helm.run("template", "my", chart.path, "--set", "bindAddress0=\(wrong)").code != 0, "\(wrong)")
        }
        let values = desk.work("values.json")
        for row in AddressRow.all {
            let given: DocumentValue = ["bindAddress0": .string(row.place)]
            try AtomicFile.write(given.jsonBytes(.compact), to: values)
            let outcome = try Helm.run("template", "my", chart.path, "--values", values)
            #expect((outcome.code == 0) == row.passesSchema, "'\(row)' \(outcome.errorText)")
        }
        let refused = try desk.bio.helm("acme/guestbook", "--peer", "ring.example", "-o", "other")
        #expect(refused.code == 64 && refused.errorText.contains("no ring"), "\(refused.errorText)")
    }
}
