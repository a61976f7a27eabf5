// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// What a chart is without anything in its values changed.
@Suite struct ChartTests {
    static let files = [
        ".helmignore", "Chart.yaml", "README.md", "templates/NOTES.txt", "templates/_helpers.tpl",
        "templates/disruption-budget.yaml", "templates/ingress.yaml", "templates/secret.yaml",
        "templates/service-gossip-0.yaml", "templates/service-gossip-1.yaml", "templates/service-headless.yaml",
        "templates/service.yaml", "templates/tests/cache-health.yaml", "templates/workload.yaml",
        "values.schema.json", "values.yaml",
    ]

    @Test func isWhatIsPinned() throws {
        let desk = try ExportDesk()
        let chart = try desk.chart("acme/cache")
        #expect(try chart.files() == Self.files)
        let text = try Self.files.map { "==> \($0) <==\n\(try chart.text($0))" }.joined()
        #expect(try Golden.mismatch(text, "cache") == nil)
    }

    static let exports = [
        ["acme/cache"], ["acme/web", "acme/cache"], ["acme/root"],
        ["acme/7_Odd--Name_", "-i", "acme/odd", "--no-tag-version", "--no-tag-version-release"],
        [ChartFixture.long.ident], ["acme/cache", "acme/tool"],
        [
            "acme/cache", "--count", "3", "-t", "leader", "--storage", "1Gi:/hab/svc/cache/data:fast", "-r",
            "ring-20260102030405", "--ingress-host", "*.shop.example", "--cpu", "0.5", "--memory", "512Mi", "--label",
            "team=web", "--image-pull-secret", "pull", "--env", "A=b", "--peer", "ring.example", "--service-type",
            "LoadBalancer", "--namespace", "shop", "--k8s-name", "the-cache", "-g", "blue",
        ],
        [
            "acme/cache", "--storage", "10K:/a b/größer:fast.example", "--memory", "1e9", "--cpu", "1", "--label",
            "a.b/c=D_e",
        ],
        ["acme/cache", "--storage", "1e9:/hab/sup:x", "--memory", "1.5Gi", "--label", "empty="],
    ]

    @Test(arguments: exports) func passesHelmAndKubernetes(_ arguments: [String]) throws {
        let desk = try ExportDesk()
        let chart = try desk.chart(arguments)
        let lint = try Helm.run("lint", "--strict", chart.path)
        #expect(lint.code == 0, "\(lint.text)\(lint.errorText)")
        #expect(try chart.rendered("--skip-tests").faults() == "")
        let everything = try chart.rendered(
            "--set", "instanceCount=3,serviceTopology=leader,configText=a=1,ringSecretName=r-20260102030405",
            "--set", "persistentStorageSize=1Gi,resources.limits.cpu=1,nodeSelector.disk=fast",
            "--skip-tests")
        #expect(try everything.faults() == "")
    }

    @Test func rendersWhatTheValuesSay() throws {
        let desk = try ExportDesk()
        let rendered = try desk.chart("acme/cache").rendered("--skip-tests")
        #expect(rendered.names == ["Service my-cache", "Service my-cache-headless", "StatefulSet my-cache"])
        #expect(rendered.words("my-cache") == ["--group=default", "--topology=standalone"])
        #expect(rendered.container("my-cache")?["image"]?.string == "acme/cache:7.2.1-20260102030405")
    }

    @Test func releasesOfTheChartsNameNeedNoOther() throws {
        let desk = try ExportDesk()
        let chart = try desk.chart("acme/cache")
        #expect(try chart.rendered(release: "cache").object("StatefulSet", "cache") != nil)
        let long = String(repeating: "r", count: 53)
        let rendered = try chart.rendered("--skip-tests", release: long)
        #expect(try rendered.faults() == "")
        #expect(rendered.names.contains("StatefulSet \(long.prefix(42))-cache"))
    }

    /// Releases may be called what Services may not.
    @Test(arguments: [("7up", "svc-7up-cache"), ("my.app", "my-app-cache"), ("0cache", "svc-0cache")])
    func namesOfReleasesAreMadeFit(_ release: String, _ name: String) throws {
        let desk = try ExportDesk()
        let rendered = try desk.chart("acme/cache").rendered("--skip-tests", release: release)
        #expect(try rendered.faults() == "")
        #expect(rendered.names.contains("Service \(name)-headless"))
    }

    @Test(arguments: [["acme/headless"], ["acme/a_b", "acme/a-b"]])
    func servicesThatEndLikeOtherObjectsAreRefused(_ others: [String]) throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.helm(["acme/web", "acme/cache"] + others + ["-d"])
        #expect(outcome.code != 0)
        #expect(outcome.errorText.contains("hint: export "), "\(outcome.errorText)")
        #expect(try desk.names() == [])
    }

    @Test func twoServicesHaveTwoNames() throws {
        let desk = try ExportDesk()
        let chart = try desk.chart("acme/web", "acme/cache")
        let outcome = try Helm.run("template", "my", chart.path, "--set", "metadataName=my-cache")
        #expect(outcome.code != 0 && outcome.errorText.contains("two services have one metadataName"))
    }

    /// A chart that others depend on can be switched off by them.
    @Test func canBePartOfAnother() throws {
        let desk = try ExportDesk()
        let chart = try desk.chart("acme/cache", "-o", "charts-cache")
        let parent = desk.work("shop")
        try Directory.create("\(parent)/charts")
        let text =
            "apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n  - name: cache\n    version: 7.2.1\n"
            + "    condition: cache.enabled\n"
        try AtomicFile.write(Array(text.utf8), to: "\(parent)/Chart.yaml")
        try tool("cp", "-r", chart.path, "\(parent)/charts/cache")
        let whole = Chart(path: parent)
        let rendered = try whole.rendered("--set", "cache.enabled=true,cache.instanceCount=2", "--skip-tests")
        #expect(rendered.object("StatefulSet", "my-cache")?["spec"]?["replicas"]?.int == 2)
        let without = try Helm.output("template", "my", parent, "--set", "cache.enabled=false")
        #expect(!without.contains("kind:"))
    }

    @Test func wiresServicesToEachOther() throws {
        let desk = try ExportDesk()
        let chart = try desk.chart("acme/web", "acme/cache")
        #expect(chart.path.hasSuffix("/web"))
        let values = try chart.values()
        #expect(values["bindName0"]?.string == "cache")
        #expect(values["services"]?["cache"]?["imageName"]?.string == "acme/cache:7.2.1-20260102030405")
        let rendered = try chart.rendered("--set", "services.cache.instanceCount=2", "--skip-tests")
        #expect(try rendered.faults() == "")
        let moved = try chart.rendered("--set", "services.cache.serviceGroup=blue", "--skip-tests")
        #expect(moved.words("my-web").contains("--bind=cache:cache.blue"))
        #expect(rendered.words("my-web").contains("--bind=cache:cache.default"))
        #expect(rendered.words("my-web").contains("--peer=my-cache-gossip-0"))
        #expect(rendered.words("my-web").contains("--peer=my-cache-gossip-1"))
        #expect(rendered.words("my-cache").contains("--peer=my-web-gossip-0"))
        #expect(!rendered.words("my-cache").contains("--peer=my-web-gossip-1"))
        #expect(rendered.object("StatefulSet", "my-cache")?["spec"]?["replicas"]?.int == 2)
    }

    @Test func testsAskTheSupervisor() throws {
        let desk = try ExportDesk()
        let pod = try desk.chart("acme/cache").rendered("--set", "serviceGroup=blue").object("Pod", "my-cache-test")
        let words = pod?["spec"]?["containers"]?.array?.first?["command"]?.array?.compactMap(\.string)
        #expect(words?.last == "http://my-cache-headless:9631/services/cache/blue/health")
        #expect(pod?["metadata"]?["annotations"]?["helm.sh/hook"]?.string == "test")
    }
}
