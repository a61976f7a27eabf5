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
        let read = rendered.container("my-cache")?["env"]?.array ?? []
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

    /// A directory that the supervisor writes to is always a volume.
    @Test(arguments: ["", "1Gi"]) func stateIsKeptSomewhere(_ size: String) throws {
        let desk = try ExportDesk()
        let rendered = try desk.chart("acme/cache", "--storage", "5Gi:/hab/svc:fast").rendered(
            "--set", "persistentStorageSize=\(size)", "--skip-tests")
        let mounts = rendered.container("my-cache")?["volumeMounts"]?.array ?? []
        let names = mounts.filter { $0["mountPath"]?.string == "/hab/svc" }.compactMap { $0["name"]?.string }
        #expect(names == [size.isEmpty ? "state" : "storage"])
    }

    static let taken = [
        "instanceCount=3", "metadataName=mine", "global.a=b", "env[0].name=X,env[0].value=y",
        "tolerations[0].operator=Exists", "labels.team=web", "imagePullSecrets[0]=pull", "persistentStorageSize=1Gi",
        "persistentStorageSize=1Gi,persistentStoragePath=/hab/svc,persistentStorageClass=fast",
        "ingressHost=a.example,ingressClassName=nginx,ingressTlsSecretName=tls", "annotations.a=b", "namespace=other",
        "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight=1,"
            + "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].key=a,"
            + "affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].preference.matchExpressions[0].operator=Exists",
    ]

    @Test(arguments: taken) func schemaTakes(_ setting: String) throws {
        let desk = try ExportDesk()
        let rendered = try desk.chart("acme/cache").rendered("--set", setting, "--skip-tests")
        #expect(try rendered.faults() == "")
    }
}
