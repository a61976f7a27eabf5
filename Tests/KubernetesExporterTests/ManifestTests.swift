// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// What packages and options make of a manifest.
@Suite struct ManifestTests {
    static let config = "port = 4444\nquote = \"\\\"{{ $x }}\\\"\"\n"

    /// Everything at once, for the first service.
    static let everything = [
        "--count", "3", "--topology", "leader", "--service-group", "blue", "--env", "HAB_LICENSE=accept", "--env",
        "EMPTY=",
        "--storage", "10Gi:/hab/svc/cache/data:fast", "--ring-secret-name", "ring-a-20260102030405",
        "--peer", "ring.example:9638", "--namespace", "shop", "--label", "team=blue", "--label",
        "app.kubernetes.io/managed-by=us", "--service-type", "LoadBalancer", "--ingress-host", "*.shop.example",
        "--image-pull-secret", "one", "--image-pull-secret", "two.three", "--cpu", "500m", "--memory", "512Mi",
    ]

    @Test(arguments: [
        ("one", ["acme/cache"]), ("everything", ["acme/cache"] + everything),
        ("several", ["acme/web", "acme/cache", "acme/tool"]), ("root", ["acme/root"]),
        ("operator", ["acme/cache", "--operator"]),
        (
            "operator-everything",
            [
                "acme/web", "--operator", "--count", "3", "-g", "group1", "-e", "FOO=bar", "--storage",
                "10Gi:/foo/bar:standard", "-r", "deltaechofoxtrot", "-b", "cache:service1.group1", "--k8s-name",
                "nginx.latest",
            ]
        ),
    ]) func manifestsAreAsPinned(name: String, arguments: [String]) throws {
        let desk = try ExportDesk()
        let config = desk.work("user.toml")
        try write(Self.config, to: config)
        let isConfigured = name.contains("everything")
        let manifest = try desk.manifest(arguments + (isConfigured ? ["--config", config] : []))
        #expect(try Golden.mismatch(manifest.text, name) == nil)
    }

    @Test(arguments: [
        ["acme/cache"], ["acme/cache"] + everything, ["acme/web", "acme/cache"],
        ["acme/root", "acme/hooked", "acme/mirror"],
        ["acme/cache", "--count", "2"], ["acme/cache", "--storage", "1e9:/data:fast"], ["acme/cache", "--count", "0"],
        ["acme/cache", "--storage", "10K:/data:fast", "--cpu", "0.5", "--memory", "1500K"],
        ["acme/cache", "--storage", "1Gi:/hab/svc/cache/data/db:fast", "--cpu", "2", "--memory", "1e9"],
        ["acme/cache", "--ingress-host", "1.2.3.example", "--peer", "[2001:db8::1]:9638", "--peer", "[::]:1"],
        ["acme/cache", "--peer", "10.0.0.1", "--peer", "Ring.example.:65535", "--peer", "[1:2:3:4:5:6:7:8]:1"],
        ["acme/mirror", "acme/web", "acme/cache", "--storage", "5G:/hab/svc:x", "--memory", "1.5Gi"],
    ]) func nothingIsWrongWithThem(arguments: [String]) throws {
        let desk = try ExportDesk()
        #expect(try desk.manifest(arguments).faults() == "")
    }

    @Test func oneInstanceIsADeployment() throws {
        let manifest = try ExportDesk().manifest("acme/cache")
        #expect(manifest.names == ["Service cache", "Deployment cache"])
        #expect(manifest.container("cache")?["args"] == nil)
        #expect(manifest.container("cache")?["image"]?.string == "acme/cache:7.2.1-20260102030405")
        #expect(manifest.pod("cache")?["securityContext"]?["runAsUser"]?.int == 42)
        #expect(manifest.pod("cache")?["securityContext"]?["fsGroup"]?.int == 42)
        #expect(manifest.text.hasPrefix("---\napiVersion: v1\n") && manifest.text.hasSuffix("\n"))
    }

    @Test(arguments: [
        (["--registry-url", "r.example:5000/a"], "r.example:5000/a/acme/cache:7.2.1-20260102030405"),
        (["-i", "x/{{pkg_name}}", "--no-tag-version-release"], "x/cache:7.2.1"),
        (["--no-tag-version-release", "--no-tag-version", "--tag-custom", "Edge"], "acme/cache:edge"),
        (["--no-tag-version-release", "--no-tag-version"], "acme/cache:latest"),
        (["--no-tag-version-release", "--no-tag-version", "--no-tag-latest"], "acme/cache"),
    ]) func theMostExactNameIsTheImages(arguments: [String], image: String) throws {
        let manifest = try ExportDesk().manifest(["acme/cache"] + arguments)
        #expect(manifest.container("cache")?["image"]?.string == image)
    }

    /// Every service has an image of its own, whatever the template of names.
    @Test func imagesAreTheServices() throws {
        let manifest = try ExportDesk().manifest("acme/cache", "acme/mirror")
        #expect(manifest.container("mirror")?["image"]?.string == "acme/mirror:1.0-20260103000000")
    }

    @Test(arguments: [["--count", "2"], ["--topology", "leader"], ["--storage", "1Gi:/data:fast"]])
    func whatStaysIsAStatefulSet(arguments: [String]) throws {
        let manifest = try ExportDesk().manifest(["acme/cache"] + arguments)
        #expect(manifest.all("StatefulSet").count == 1 && manifest.all("Deployment").isEmpty)
        #expect(manifest.object("Service", "cache-headless")?["spec"]?["clusterIP"]?.string == "None")
    }

    @Test func instancesFindEachOther() throws {
        let manifest = try ExportDesk().manifest("acme/cache", "--count", "3", "-t", "leader")
        #expect(
            manifest.words("cache") == [
                "--topology=leader", "--peer=cache-gossip-0", "--peer=cache-gossip-1",
            ])
        for number in 0...1 {
            let service = manifest.object("Service", "cache-gossip-\(number)")?["spec"]
            #expect(service?["selector"]?["statefulset.kubernetes.io/pod-name"]?.string == "cache-\(number)")
            #expect(service?["publishNotReadyAddresses"] == .bool(true))
        }
        #expect(manifest.object("PodDisruptionBudget", "cache") != nil)
    }

    /// The configuration comes out as it went in.
    @Test func theConfigurationIsASecret() throws {
        let desk = try ExportDesk()
        try write(Self.config, to: desk.work("user.toml"))
        let manifest = try desk.manifest("acme/cache", "-n", "user.toml")
        let data = manifest.object("Secret", "cache-config")?["data"]?["user.toml"]?.string ?? ""
        #expect(try tool("base64", "--decode", input: Array(data.utf8)) == Array(Self.config.utf8))
        let mounts = manifest.container("cache")?["volumeMounts"]?.array ?? []
        #expect(
            mounts.contains { $0["name"]?.string == "config" && $0["mountPath"]?.string == "/hab/user/cache/config" })
    }

    @Test func packagesSayWhatTheirPodsNeed() throws {
        let manifest = try ExportDesk().manifest("acme/web", "--bind", "cache:redis.default")
        #expect(manifest.pod("web")?["terminationGracePeriodSeconds"]?.int == 55)
        let ports = manifest.container("web")?["ports"]?.array?.compactMap { $0["name"]?.string }
        #expect(ports == ["tcp-8080", "tcp-8443", "http-gateway"])
        #expect(manifest.errorText.contains("acme/web/2.0.1/20260103000000 exposes what is no port"))
        #expect(manifest.errorText.contains("left out: 70000\n"))
        let hooked = try ExportDesk().manifest("acme/hooked")
        #expect(hooked.pod("hooked")?["securityContext"]?["supplementalGroups"]?.array?.first?.int == 0)
        #expect(hooked.all("Service").isEmpty)
        let low = try ExportDesk().manifest("acme/mirror").pod("mirror")?["securityContext"]?["sysctls"]?.array?.first
        #expect(low?["name"]?.string == "net.ipv4.ip_unprivileged_port_start")
    }

    /// What the profile "restricted" of Kubernetes' pod security standards asks for.
    @Test(arguments: [["acme/cache"] + everything, ["acme/mirror", "acme/hooked"]])
    func podsAreRestricted(arguments: [String]) throws {
        let manifest = try ExportDesk().manifest(arguments)
        for workload in manifest.all("Deployment") + manifest.all("StatefulSet") {
            let pod = workload["spec"]?["template"]?["spec"]
            #expect(pod?["securityContext"]?["runAsNonRoot"] == .bool(true))
            #expect((pod?["securityContext"]?["runAsUser"]?.int ?? 0) > 0)
            #expect(pod?["securityContext"]?["seccompProfile"]?["type"]?.string == "RuntimeDefault")
            let volumes = pod?["volumes"]?.array ?? []
            #expect(volumes.allSatisfy { $0["emptyDir"] != nil || $0["secret"] != nil })
            let containers = (pod?["initContainers"]?.array ?? []) + (pod?["containers"]?.array ?? [])
            #expect(!containers.isEmpty)
            for container in containers {
                let security = container["securityContext"]
                #expect(security?["allowPrivilegeEscalation"] == .bool(false))
                #expect(security?["capabilities"]?["drop"]?.array?.compactMap(\.string) == ["ALL"])
                #expect(security?["capabilities"]?["add"] == nil)
            }
        }
    }

    @Test func whoMustBeRootIs() throws {
        let manifest = try ExportDesk().manifest("acme/root")
        #expect(manifest.pod("root")?["securityContext"]?["runAsUser"]?.int == 0)
        #expect(manifest.pod("root")?["securityContext"]?["runAsNonRoot"] == nil)
        #expect(manifest.errorText.contains("acme/root") && manifest.errorText.contains("SVC_USER"))
    }

    /// Names that Kubernetes does not take.
    @Test func namesAreMadeFit() throws {
        let odd = try ExportDesk().manifest(
            "acme/7_Odd--Name_", "-i", "acme/odd", "--no-tag-version", "--no-tag-version-release")
        #expect(odd.names == ["Service svc-7-odd-name", "Deployment svc-7-odd-name"])
        #expect(try odd.faults() == "")
        let long = try ExportDesk().manifest(ManifestFixture.long.ident, "--count", "2")
        #expect(try long.faults() == "")
        let name = long.all("StatefulSet").first?["metadata"]?["name"]?.string ?? ""
        #expect(name.utf8.count <= 52 && name.hasPrefix("long-name-long-name-"))
        // The API server's own Service is in the namespace default.
        let server = try ExportDesk().manifest("acme/kubernetes")
        #expect(server.names == ["Service svc-kubernetes", "Deployment svc-kubernetes"])
        let named = try ExportDesk().manifest("acme/cache", "--k8s-name", "a.b")
        #expect(named.workload("a-b") != nil)
    }
}

/// Writes a small file.
func write(_ text: String, to path: String) throws {
    try AtomicFile.write(Array(text.utf8), to: path)
}
