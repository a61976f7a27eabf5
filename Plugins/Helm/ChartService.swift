// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// One service of a chart: the keys of `values.yaml` that are about it, and the objects that they make.
struct ChartService {
    let service: ServicePackage
    let defaults: ChartDefaults
    /// Of the chart's named templates that are about it: `redis`, `redis.guestbook`.
    let template: String
    /// Where its keys are: `.Values`, `.Values.services.guestbook`.
    let path: String

    // MARK: - Keys

    var entries: [ChartValue] {
        [
            ChartValue(
                "metadataName", "\(defaults.name ?? "")", ChartNames.schema,
                "What the objects are called; empty: after the release"),
            ChartValue(
                "serviceName", "\(service.name)", ["const": "\(service.name)"], "The service; the package decides it"),
            ChartValue("imageName", "\(defaults.image)", ValueSchema.image, "The image, best by its digest"),
            ChartValue(
                "imagePullPolicy", "IfNotPresent", ValueSchema.choice("Always", "IfNotPresent", "Never"),
                "When a node pulls the image"),
            ChartValue(
                "imagePullSecrets", .strings(defaults.pullSecrets), ValueSchema.labels,
                "Names of the Secrets that it is pulled with"),
            ChartValue(
                "instanceCount", .integer(defaults.instances), ValueSchema.number(in: 0...9999),
                "How many instances run; a topology of leader and followers needs at least three"),
            ChartValue(
                "serviceTopology", "\(defaults.topology)", ValueSchema.choice("standalone", "leader"),
                "How instances stand to each other"),
            ChartValue("serviceGroup", "\(defaults.group)", ValueSchema.word, "The service group"),
            ChartValue(
                "config", "\(defaults.config ?? "")", ValueSchema.base64, "The configuration user.toml, in base64"),
            ChartValue("configText", "", ValueSchema.text, "The same as it is; wins over config"),
            ChartValue(
                "ringSecretName", "\(defaults.ring ?? "")", ValueSchema.domain,
                "The Secret with the ring's key, called like the key with its revision"),
        ] + storage + binds + environment + publication + pods
    }

    private var storage: [ChartValue] {
        let storage = defaults.storage
        return [
            ChartValue(
                "persistentStorageSize", "\(storage?.size ?? "")", ValueSchema.quantity,
                "The size of every instance's volume, as in 10Gi; empty: no volume"),
            ChartValue("persistentStoragePath", "\(storage?.path ?? "")", ValueSchema.path, "Where it is mounted"),
            ChartValue(
                "persistentStorageClass", "\(storage?.storageClass ?? "")", ValueSchema.domain, "Its storage class"),
        ]
    }

    private var binds: [ChartValue] {
        defaults.binds.enumerated().flatMap { number, bind in
            [
                ChartValue("bindName\(number)", "\(bind.name)", ValueSchema.word, "What the service calls the bind"),
                ChartValue("bindService\(number)", "\(bind.service)", ValueSchema.word, "The service it is bound to"),
                ChartValue("bindGroup\(number)", "\(bind.group)", ValueSchema.word, "The group of that service"),
            ]
        }
    }

    private var environment: [ChartValue] {
        defaults.environment.enumerated().flatMap { number, variable in
            [
                ChartValue(
                    "envName\(number)", "\(variable.key)", ValueSchema.text("^[^=\\x00]+$"), "A variable of containers"),
                ChartValue("envValue\(number)", "\(variable.value)", ValueSchema.text, "Its value"),
            ]
        } + [ChartValue("env", .list([]), ValueSchema.maps, "More variables, as containers have them")]
    }

    private var publication: [ChartValue] {
        [
            ChartValue(
                "serviceType", "\(defaults.serviceType)", ValueSchema.choice("ClusterIP", "NodePort", "LoadBalancer"),
                "How the Service is published"),
            ChartValue(
                "ingressHost", "\(defaults.ingressHost ?? "")", ValueSchema.host,
                "The host of an Ingress to the first port; empty: no Ingress"),
            ChartValue("ingressClassName", "", ValueSchema.domain, "The class of the Ingress"),
            ChartValue("ingressTlsSecretName", "", ValueSchema.domain, "The Secret with its certificate"),
        ]
    }

    private var pods: [ChartValue] {
        [
            ChartValue("resources", defaults.resources, ValueSchema.map, "What a container asks for and may use"),
            ChartValue("labels", .map(defaults.labels), ChartNames.labels, "More labels of all objects"),
            ChartValue("annotations", .map([]), ValueSchema.texts, "Annotations of the workload and its pods"),
            ChartValue("nodeSelector", .map([]), ValueSchema.texts, "Labels that a node must have"),
            ChartValue("tolerations", .list([]), ValueSchema.maps, "Taints of nodes that do not matter"),
            ChartValue("affinity", .map([]), ValueSchema.map, "Where pods would rather be"),
        ]
    }

    // MARK: - Objects

    var name: Term { .value("include \"\(template).fullname\" .") }

    /// The objects with every value that the chart leaves open; `peers` are supervisors of the chart's other services.
    func objects(peers: [Term], isJoined: Bool) -> WorkloadObjects {
        var values = WorkloadValues(
            name: name, labels: .lines("include \"\(template).labels\" ."),
            selector: .lines("include \"\(template).selector\" ."), image: value("imageName"))
        values.namespace = .expression(".Release.Namespace | quote")
        values.annotations = yaml("annotations")
        values.imagePullPolicy = value("imagePullPolicy").document
        values.imagePullSecrets = pullSecrets
        values.instances = .expression("int \(path).instanceCount")
        values.isMany = .when("gt (int \(path).instanceCount) 1")
        values.isStateful = true
        values.isJoined = isJoined
        values.topology = value("serviceTopology")
        values.group = value("serviceGroup")
        values.peers = peers.map { Choice($0) }
        values.binds = defaults.binds.indices.map {
            Choice("\(value("bindName\($0)")):\(value("bindService\($0)")).\(value("bindGroup\($0)"))")
        }
        let text = "\(path).configText"
        values.config = Choice(
            .value("ternary \(path).config (b64enc \(text)) (empty \(text))"), when: "or \(path).config \(text)")
        let secret = "\(path).ringSecretName"
        values.ring = Choice(
            .init(name: .value("regexReplaceAll \"-[0-9]+$\" \(secret) \"\""), secret: .value(secret)), when: secret)
        values.storage = Choice(
            .init(
                size: value("persistentStorageSize"), path: value("persistentStoragePath"),
                storageClass: value("persistentStorageClass")), when: "\(path).persistentStorageSize")
        values.environment =
            defaults.environment.indices.map {
                ["name": value("envName\($0)").document, "value": value("envValue\($0)").document]
            } + [DocumentValue.lines("toYaml .").within("with \(path).env")]
        if defaults.environment.isEmpty { values.hasEnvironment = .when("or \(secret) \(path).env") }
        values.resources = yaml("resources")
        values.serviceType = value("serviceType")
        values.ingress = Choice(ingress, when: "\(path).ingressHost")
        values.podMembers = [
            "nodeSelector": yaml("nodeSelector"), "tolerations": yaml("tolerations"), "affinity": yaml("affinity"),
        ]
        return WorkloadObjects(service, values)
    }

    var pullSecrets: DocumentValue {
        let names = "\(path).imagePullSecrets"
        return DocumentValue.list([.map(["name": .expression(". | quote")]).within("range \(names)")]).when(names)
    }

    private var ingress: WorkloadValues.Ingress {
        var ingress = WorkloadValues.Ingress(host: value("ingressHost"))
        let secret = "\(path).ingressTlsSecretName"
        ingress.more = [
            "ingressClassName": value("ingressClassName").document.when("\(path).ingressClassName"),
            "tls": DocumentValue.list([
                ["hosts": [value("ingressHost").document], "secretName": value("ingressTlsSecretName").document]
            ]).when(secret),
        ]
        return ingress
    }

    private func value(_ key: String) -> Term { .value("\(path).\(key)") }

    /// A member that is there when its value is not empty.
    private func yaml(_ key: String) -> DocumentValue { .lines("toYaml .").within("with \(path).\(key)") }
}
