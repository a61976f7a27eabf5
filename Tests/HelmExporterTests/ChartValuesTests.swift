// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// The values: what options write there, what Helm lets users write there, and that it reaches the objects.
@Suite struct ChartValuesTests {
    /// The keys of the original exporter's charts.
    @Test func keepsTheFormerKeys() throws {
        let desk = try ExportDesk()
        try AtomicFile.write(Array("port = 7000\n".utf8), to: desk.work("user.toml"))
        let values = try desk.chart(
            "acme/web", "--k8s-name", "shop", "--count", "3", "-t", "leader", "-g", "blue", "-n", "user.toml", "-r",
            "ring-20260102030405", "--storage", "10Gi:/data:fast", "-b", "cache:memcached.green", "-e", "A=1", "-e",
            "B="
        ).values()
        let expected: [(String, String)] = [
            ("metadataName", "shop"), ("serviceName", "web"), ("imageName", "acme/web:2.0-20260103000000"),
            ("serviceTopology", "leader"), ("serviceGroup", "blue"), ("config", "cG9ydCA9IDcwMDAK"),
            ("ringSecretName", "ring-20260102030405"), ("persistentStorageSize", "10Gi"),
            ("persistentStoragePath", "/data"), ("persistentStorageClass", "fast"), ("bindName0", "cache"),
            ("bindService0", "memcached"), ("bindGroup0", "green"), ("envName0", "A"), ("envValue0", "1"),
            ("envName1", "B"), ("envValue1", ""),
        ]
        for (key, value) in expected { #expect(values[key]?.string == value, "\(key)") }
        #expect(values["instanceCount"]?.int == 3)
    }

    static let texts = [
        "it's \"quoted\"", "back\\slash", "{{ .Values.config }}", "{{", "}}", "$HOME ${HOME}", "`tick`", "größer ☃ 🍎",
        " leading", "trailing ", "yes", "null", "0x10", "1e3", "#comment", "a: b", "- a", "*alias", "&anchor", "!tag",
        "%", "tab\there", "two\nlines\n", "", "'", "<b>&amp;</b>", "\u{2028}", "\u{85}",
    ]

    /// Through the option into `values.yaml`, and through the template.
    @Test func textsOfOptionsAreUnharmed() throws {
        let desk = try ExportDesk()
        let variables = Self.texts.enumerated().flatMap { ["--env", "V\($0)=\($1)"] }
        let chart = try desk.chart(["acme/cache"] + variables)
        #expect(try Helm.run("lint", "--strict", chart.path).code == 0)
        let rendered = try chart.rendered("--skip-tests")
        #expect(try rendered.faults() == "")
        let read = rendered.variables("my-cache")
        #expect(read.map { $0["name"]?.string } == Self.texts.indices.map { "V\($0)" })
        // Kubernetes expands $(NAME) and makes one $ of two.
        #expect(read.map { $0["value"]?.string } == Self.texts)
    }

    /// Through the user's values file, and through the template.
    @Test func textsOfValuesAreUnharmed() throws {
        let desk = try ExportDesk()
        let chart = try desk.chart("acme/cache", "--env", "A=a")
        // Helm reads values by YAML 1.1, to which U+0085 is a line break.
        for text in Self.texts where text != "\u{85}" {
            let values: DocumentValue = ["envValue0": .string(text), "configText": .string(text)]
            try AtomicFile.write(values.jsonBytes(.compact), to: desk.work("values.json"))
            let rendered = try chart.rendered("--values", desk.work("values.json"), "--skip-tests")
            let read = rendered.container("my-cache")?["env"]?.array?.first?["value"]?.string
            #expect(read == text)
            let secret = rendered.object("Secret", "my-cache-config")?["data"]?["user.toml"]?.string
            let encoded = try tool("base64", "-w", "0", input: Array(text.utf8))
            #expect(secret == (text.isEmpty ? nil : String(decoding: encoded, as: UTF8.self)))
        }
    }

    @Test func configurationIsASecret() throws {
        let desk = try ExportDesk()
        let text = "a = \"{{ $x }} \\\" ü\"\n"
        try AtomicFile.write(Array(text.utf8), to: desk.work("user.toml"))
        let rendered = try desk.chart("acme/cache", "--config", "user.toml").rendered("--skip-tests")
        #expect(try rendered.faults() == "")
        let secret = rendered.object("Secret", "my-cache-config")?["data"]?["user.toml"]?.string ?? ""
        #expect(try tool("base64", "-d", input: Array(secret.utf8)) == Array(text.utf8))
    }

    static let refused: [(setting: String, key: String)] = [
        ("metadataName=My_Name", "metadataName"), ("serviceName=other", "serviceName"), ("imageName=", "imageName"),
        ("imageName=a b", "imageName"), ("instanceCount=-1", "instanceCount"), ("instanceCount=1.5", "instanceCount"),
        ("instanceCount=many", "instanceCount"), ("serviceTopology=ring", "serviceTopology"),
        ("serviceGroup=a.b", "serviceGroup"), ("config=not base64", "config"),
        ("ringSecretName=ring", "ringSecretName"),
        ("persistentStorageSize=big", "persistentStorageSize"), ("persistentStoragePath=data", "persistentStoragePath"),
        ("persistentStoragePath=/hab", "persistentStoragePath"), ("persistentStoragePath=/", "persistentStoragePath"),
        ("persistentStoragePath=/hab/pkgs/x", "persistentStoragePath"),
        ("persistentStoragePath=/hab/svc/../pkgs", "persistentStoragePath"),
        ("serviceType=ExternalName", "serviceType"), ("ingressHost=http://a", "ingressHost"),
        ("labels.a=1", "labels.a"),
        ("labels.a b=c", "labels"), ("labels.a=b/c", "labels.a"), ("labels.app\\.kubernetes\\.io/name=x", "labels"),
        ("namespace=a.b", "namespace"), ("resources.limits.memory=lots", "resources.limits.memory"),
        ("resources.foo=1", "foo"), ("env[0].nme=x", "nme"), ("persistentStorageSize=0Gi", "persistentStorageSize"),
        ("ingressHost=10.0.0.1", "ingressHost"),
        ("imagePullPolicy=Sometimes", "imagePullPolicy"), ("instnaceCount=3", "instnaceCount"),
        ("envValue0=1", "envValue0"),
        ("envValue0=null", "envValue0"), ("nodeSelector=x", "nodeSelector"), ("metadataName=null", "metadataName"),
    ]

    @Test(arguments: refused) func schemaRefuses(_ setting: String, _ key: String) throws {
        let desk = try ExportDesk()
        let chart = try desk.chart("acme/cache", "--env", "A=a")
        let outcome = try Helm.run("template", "my", chart.path, "--set", setting)
        #expect(outcome.code != 0)
        #expect(outcome.errorText.contains(key), "\(outcome.errorText)")
    }

    /// As the original exporter's charts have it.
    @Test func countMayBeAText() throws {
        let desk = try ExportDesk()
        let rendered = try desk.chart("acme/cache").rendered("--set-string", "instanceCount=3", "--skip-tests")
        #expect(rendered.object("StatefulSet", "my-cache")?["spec"]?["replicas"]?.int == 3)
    }

    /// What an export takes Helm takes, too: there is no other refusal.
    @Test(arguments: [
        "1Gi:/etc/ssl:x", "1Gi:/hab/user:x", "1Gi:/hab/cache/x:x", "1Gi:/dev/shm:x", "1Gi:/hab:x", "1Gi:/init.sh:x",
        "1Gi:/etcetera:x", "1Gi:/hab/svc/cache:x", "1Gi:/hab/data//x/:x", "1Gi:/usr:x", "1Gi:/init-sh:x", "0:/a:x",
    ])
    func pathsAreRefusedByTheExportOrTaken(_ storage: String) throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.helm("acme/cache", "-d", "--storage", storage)
        if outcome.code == 0 {
            let lint = try Helm.run("lint", "--strict", desk.work("cache"))
            #expect(lint.code == 0, "\(lint.text)\(lint.errorText)")
        } else {
            #expect(outcome.code == 64)
            #expect(outcome.errorText.contains("(option --storage)"), "\(outcome.errorText)")
        }
        #expect((outcome.code == 0) == ["etcetera", "svc", "data", "init-sh"].contains { storage.contains("/\($0)") })
    }

    /// A directory that the supervisor writes to is always a volume.
    @Test(arguments: ["", "1Gi"]) func stateIsKeptSomewhere(_ size: String) throws {
        let desk = try ExportDesk()
        let rendered = try desk.chart("acme/cache", "--storage", "5Gi:/hab/svc:fast").rendered(
            "--set", "persistentStorageSize=\(size)", "--skip-tests")
        let mounts = rendered.container("my-cache")?["volumeMounts"]?.array ?? []
        let names = mounts.filter { $0["mountPath"]?.string == "/hab/svc" }.compactMap { $0["name"]?.string }
        #expect(names == [size.isEmpty ? "state" : "storage"])
    }

    /// A setting, and where it comes out: a path in an object, and the value there.
    static let taken: [(setting: String, kind: String, path: [String], value: DocumentValue?)] = [
        ("instanceCount=3", "StatefulSet", ["spec", "replicas"], 3),
        ("metadataName=mine", "StatefulSet", ["metadata", "name"], "mine"),
        ("global.a=b,enabled=true", "Service", ["spec", "type"], "ClusterIP"),
        ("serviceType=NodePort", "Service", ["spec", "type"], "NodePort"),
        ("env[0].name=X,env[0].value=y", "Container", ["env"], [["name": "X", "value": "y"]]),
        ("tolerations[0].operator=Exists", "Pod", ["tolerations"], [["operator": "Exists"]]),
        ("nodeSelector.disk=fast", "Pod", ["nodeSelector"], ["disk": "fast"]),
        ("labels.team=web", "Service", ["metadata", "labels", "team"], "web"),
        (
            "labels.app\\.kubernetes\\.io/version=v9", "Service", ["metadata", "labels", "app.kubernetes.io/version"],
            "v9"
        ),
        ("annotations.a=b", "StatefulSet", ["spec", "template", "metadata", "annotations", "a"], "b"),
        ("imagePullSecrets[0]=pull", "Pod", ["imagePullSecrets"], [["name": "pull"]]),
        ("imagePullPolicy=Always", "Container", ["imagePullPolicy"], "Always"),
        (
            "resources.limits.cpu=500m,resources.requests.memory=1Gi", "Container", ["resources", "limits", "cpu"],
            "500m"
        ),
        ("namespace=other", "Service", ["metadata", "namespace"], "other"),
        ("ingressHost=*.a.example", "Ingress", ["spec", "rules"], nil),
        ("ingressHost=a.example,ingressClassName=nginx", "Ingress", ["spec", "ingressClassName"], "nginx"),
        (
            "ingressHost=a.example,ingressTlsSecretName=tls", "Ingress", ["spec", "tls"],
            [["hosts": ["a.example"], "secretName": "tls"]]
        ),
        (
            "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight=1,"
                + "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key=a,"
                + "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].operator=Exists",
            "Pod", ["affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"], nil
        ),
        ("persistentStorageSize=1.5Gi", "StatefulSet", ["spec", "volumeClaimTemplates"], nil),
        (
            "persistentStorageSize=1Gi,persistentStoragePath=/hab/svc,persistentStorageClass=fast", "Pod",
            ["initContainers"], nil
        ),
        ("envValue0=$(B) $$", "Container", ["env"], [["name": "A", "value": "$(B) $$"]]),
    ]

    @Test(arguments: taken.indices) func valuesArrive(_ number: Int) throws {
        let (setting, kind, path, value) = Self.taken[number]
        let desk = try ExportDesk()
        let chart = try desk.chart(["acme/cache"] + (setting.hasPrefix("envValue0") ? ["--env", "A=a"] : []))
        let rendered = try chart.rendered("--set", setting, "--skip-tests")
        #expect(try rendered.faults() == "")
        let name = setting.hasPrefix("metadataName") ? "mine" : "my-cache"
        var place =
            switch kind {
            case "Pod": rendered.pod(name)
            case "Container": rendered.container(name)
            default: rendered.object(kind, name)
            }
        for key in path { place = place?[key] }
        if path.last == "env" { place = .array(rendered.variables(name)) }
        let found = try #require(place)
        if let value { #expect(found == value) }
    }
}
