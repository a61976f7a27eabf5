// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// One service of a chart, and the objects that its values make.
struct ChartService {
    let package: ServicePackage
    let defaults: ChartDefaults
    /// Of the named templates that are about it, without the last part: `redis`, `redis.guestbook`.
    let template: String
    /// Where its values are: `.Values`, `.Values.services.guestbook`.
    let path: String
    /// Keys of the whole chart with addresses of supervisors.
    let peers: [String]
    /// Of binds to other services of the chart, by their numbers: where the values of those are.
    let wired: [Int: String]
    /// Whether the operator runs it.
    let isOperated: Bool
    let runtime: WorkloadRuntime

    var name: Term { .value("include \"\(template).fullname\" .") }

    /// What the values say.
    /// - Parameter ring: the chart's other services in the same ring of supervisors.
    func values(ring: [ChartService]) -> WorkloadValues {
        var values = WorkloadValues(
            name: name, labels: .lines("include \"\(template).labels\" ."),
            selector: .lines("include \"\(template).selector\" ."), image: value("imageName"))
        values.namespace = Self.namespace
        values.annotations = yaml("annotations")
        values.imagePullPolicy = value("imagePullPolicy").document
        values.imagePullSecrets = pullSecrets
        values.instances = .expression("int \(path).instanceCount")
        values.isMany = .when(hasMany)
        // Values can ask for storage and for more instances at any time.
        values.isStateful = true
        values.isJoined = !ring.isEmpty
        if runtime == .ring { values.topology = value("serviceTopology") }
        if runtime != .direct { values.group = value("serviceGroup") }
        values.peers =
            ring.map { Choice(WorkloadObjects.gossipName($0.name, 0)) }
            + ring.map { Choice(WorkloadObjects.gossipName($0.name, 1), when: $0.hasMany) }
            + peers.map { Choice(.value(".Values.\($0)")) }
        values.binds = defaults.binds.indices.map { number in
            Choice(
                .init(
                    name: value("bindName\(number)"), service: value("bindService\(number)"),
                    group: group(of: number)))
        }
        values.runtime = runtime
        values.config = runtime == .direct ? nil : config
        let secret = "\(path).ringSecretName"
        if runtime == .ring {
            values.ring = Choice(
                .init(name: .value("regexReplaceAll \"-[0-9]+$\" \(secret) \"\""), secret: .value(secret)), when: secret
            )
        }
        values.storage = Choice(
            .init(
                size: value("persistentStorageSize"), path: value("persistentStoragePath"),
                storageClass: value("persistentStorageClass")), when: "\(path).persistentStorageSize")
        values.environment =
            defaults.environment.indices.map {
                ["name": value("envName\($0)").document, "value": value("envValue\($0)").document]
            } + [DocumentValue.lines("toYaml .").within("with \(path).env")]
        values.resources = yaml("resources")
        values.serviceType = value("serviceType")
        values.ingress = ingress
        values.podMembers = [
            "nodeSelector": yaml("nodeSelector"), "tolerations": yaml("tolerations"), "affinity": yaml("affinity"),
        ]
        return values
    }

    private var hasMany: String { "gt (int \(path).instanceCount) 1" }

    /// Of a bind to another service of the chart it is that one's, wherever its values put it.
    private func group(of bind: Int) -> Term {
        let group = value("bindGroup\(bind)")
        return wired[bind].map { .value("\(group.expression) | default \($0).serviceGroup") } ?? group
    }

    static let namespace = DocumentValue.expression(".Values.namespace | default .Release.Namespace | quote")

    var pullSecrets: DocumentValue {
        let names = "\(path).imagePullSecrets"
        return DocumentValue.list([.map(["name": .expression(". | quote")]).within("range \(names)")]).when(names)
    }

    private var config: Choice<Term> {
        let (encoded, text) = ("\(path).config", "\(path).configText")
        return Choice(.value("ternary \(encoded) (b64enc \(text)) (empty \(text))"), when: "or \(encoded) \(text)")
    }

    private var ingress: Choice<WorkloadValues.Ingress> {
        let host = value("ingressHost")
        let secret = value("ingressTlsSecretName")
        var ingress = WorkloadValues.Ingress(host: host)
        ingress.more = [
            "ingressClassName": value("ingressClassName").document.when("\(path).ingressClassName"),
            "tls": DocumentValue.list([["hosts": [host.document], "secretName": secret.document]])
                .when(secret.expression),
        ]
        return Choice(ingress, when: host.expression)
    }

    func value(_ key: String) -> Term { .value("\(path).\(key)") }

    /// A member that is there when its value is not empty.
    private func yaml(_ key: String) -> DocumentValue { .lines("toYaml .").within("with \(path).\(key)") }
}
