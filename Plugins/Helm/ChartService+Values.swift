// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// The keys of a service; those of the original exporter's charts have their names.
extension ChartService {
    var entries: [ChartValue] {
        [
            ChartValue(
                "metadataName", "\(defaults.name)", ChartNames.schema,
                "What the objects are called; empty: after the release. Others are new objects"),
            ChartValue(
                "serviceName", "\(package.name)", ["const": "\(package.name)"],
                "The service; its package decides it"),
            ChartValue("imageName", "\(defaults.image)", ValueSchema.image, "The image, best by its digest"),
            ChartValue(
                "instanceCount", .integer(defaults.instances), ValueSchema.number(in: 0...100_000),
                runtime == .ring
                    ? "How many instances run; a leader is elected among three or more" : "How many instances run"),
        ] + topology + supervised + ring + storage + binds + environment + [
            ChartValue("labels", .map(defaults.labels), ChartNames.labels, "More labels of every object")
        ] + (isOperated ? [] : publication + pods)
    }

    private var topology: [ChartValue] {
        guard runtime == .ring else { return [] }
        return [
            ChartValue(
                "serviceTopology", "\(defaults.topology)", ValueSchema.choice("standalone", "leader"),
                "What the instances are to each other")
        ]
    }

    private var supervised: [ChartValue] {
        guard runtime != .direct else { return [] }
        return [
            ChartValue("serviceGroup", "\(defaults.group)", ValueSchema.word, "The service group"),
            ChartValue("config", "\(defaults.config)", ValueSchema.base64, "The configuration user.toml, in base64"),
            ChartValue("configText", "", ValueSchema.text, "The same as a text; wins over config"),
        ]
    }

    private var ring: [ChartValue] {
        guard runtime == .ring else { return [] }
        return [
            ChartValue(
                "ringSecretName", "\(defaults.ring)", isOperated ? ValueSchema.domain : ValueSchema.ring,
                "The Secret with the key of the supervisors' ring, called like the key with its revision")
        ]
    }

    private var storage: [ChartValue] {
        func text(_ part: (WorkloadValues.Storage) -> Term) -> String? { defaults.storage.flatMap { part($0).literal } }
        return [
            ChartValue(
                "persistentStorageSize", "\(text(\.size) ?? "")", ValueSchema.size,
                "The size of each instance's storage, as in 10Gi; empty: none. An installed release keeps its own"),
            ChartValue(
                "persistentStoragePath", "\(text(\.path) ?? "\(package.root)/svc/\(package.name)/data")",
                isOperated ? ValueSchema.path : ValueSchema.freePath(of: package, runtime), "Where it is mounted"),
            ChartValue(
                "persistentStorageClass", "\(text(\.storageClass) ?? "")", ValueSchema.domain,
                "Its storage class; empty: the cluster's"),
        ]
    }

    private var binds: [ChartValue] {
        addresses
            + defaults.binds.enumerated().flatMap { number, bind in
                [
                    ChartValue("bindName\(number)", "\(bind.name)", ValueSchema.word, "A bind of the service"),
                    ChartValue(
                        "bindService\(number)", "\(bind.service)", ValueSchema.word, "The service it is bound to"),
                    wired[number] == nil
                        ? ChartValue(
                            "bindGroup\(number)", "\(bind.group)", ValueSchema.word, "The group of that service")
                        : ChartValue(
                            "bindGroup\(number)", "", ValueSchema.wordOrNothing,
                            "The group of that service; empty: what it has in this chart"),
                ]
            }
    }

    private var addresses: [ChartValue] {
        defaults.addresses.enumerated().map { number, bind in
            ChartValue(
                "bindAddress\(number)", "\(bind.address)",
                bind.address.isEmpty ? ValueSchema.placeOrNothing : ValueSchema.place,
                "Where the bind \(bind.name) leads, as in db.example:5432"
                    + (bind.address.isEmpty ? "; empty: to that service of this chart" : ""))
        }
    }

    private var environment: [ChartValue] {
        defaults.environment.enumerated().flatMap { number, variable in
            [
                ChartValue(
                    "envName\(number)", "\(variable.key)", ValueSchema.variable, "A variable of the containers"),
                ChartValue(
                    "envValue\(number)", "\(variable.value)", ValueSchema.text,
                    "Its value, in which $(NAME) is another variable and $$ one $"),
            ]
        } + [ChartValue("env", .list([]), ValueSchema.variables, "More variables, as containers have them")]
    }

    private var publication: [ChartValue] {
        [
            ChartValue(
                "serviceType", "\(defaults.serviceType)", ValueSchema.choice("ClusterIP", "NodePort", "LoadBalancer"),
                "From where clients reach the ports"),
            ChartValue(
                "ingressHost", "\(defaults.ingressHost)", ValueSchema.host,
                "Lead HTTP for this host to the first port; empty: no Ingress"),
            ChartValue("ingressClassName", "", ValueSchema.domain, "The class of the Ingress"),
            ChartValue("ingressTlsSecretName", "", ValueSchema.domain, "The Secret with the certificate of the host"),
        ]
    }

    private var pods: [ChartValue] {
        [
            ChartValue(
                "imagePullPolicy", "IfNotPresent", ValueSchema.choice("Always", "IfNotPresent", "Never"),
                "When a node pulls the image"),
            ChartValue(
                "imagePullSecrets", .strings(defaults.pullSecrets), ValueSchema.domains,
                "Names of the Secrets that it is pulled with"),
            ChartValue("resources", defaults.resources, ValueSchema.resources, "What a container asks for and may use"),
            ChartValue(
                "annotations", defaults.annotations, ValueSchema.texts,
                "Annotations of the workload and its pods"),
            ChartValue("nodeSelector", .map([]), ValueSchema.texts, "Labels that a node must have"),
            ChartValue("tolerations", .list([]), ValueSchema.maps, "Taints of nodes that do not matter"),
            ChartValue("affinity", .map([]), ValueSchema.map, "Where pods would rather be"),
        ]
    }
}
