// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// What the objects of a service are called, and how they are found: the named templates of `_helpers.tpl`.
enum ChartNames {
    /// Of a name that the user gives, or leaves to the release.
    static let schema = ValueSchema.text(
        "^([a-z]([-a-z0-9]*[a-z0-9])?)?$", longest: Int64(ClusterName.longest))

    private static let name = "app.kubernetes.io/name"
    private static let instance = "app.kubernetes.io/instance"

    /// Of labels that the user adds: not those that pods are found by.
    static let labels: DocumentValue = [
        "type": "object",
        "propertyNames": ["allOf": [ValueSchema.labelKey, ["not": ["enum": [.string(name), .string(instance)]]]]],
        "additionalProperties": ValueSchema.labelValue,
    ]

    /// The templates `….fullname`, `….selector` and `….labels` of a service.
    /// - Parameter partOf: the chart, when there is more than this service in it.
    static func templates(of service: ChartService, isFirst: Bool, partOf: String?) -> [DocumentValue] {
        let selector: DocumentValue = [
            name: "\(ClusterName.labelValue(service.package.name))", instance: .expression(".Release.Name | quote"),
        ]
        let chart = "printf \"%s-%s\" .Chart.Name .Chart.Version | replace \"+\" \"_\" | trunc 63 | trimAll \"-_.\""
        let own: [(key: String, value: DocumentValue)] = [
            ("helm.sh/chart", .expression("\(chart) | quote")),
            ("app.kubernetes.io/version", "\(ClusterName.labelValue(service.package.version))"),
            ("app.kubernetes.io/part-of", .string(partOf)),
            ("app.kubernetes.io/managed-by", .expression(".Release.Service | quote")),
        ]
        let labels = own.map { key, value in
            value.isAbsent ? (key, value) : (key, value.when("not (hasKey \(service.path).labels \"\(key)\")"))
        }
        return [
            define("fullname", service, .expression(fullName(of: service, isFirst: isFirst))),
            define("selector", service, selector),
            define(
                "labels", service,
                selector.adding(.map(labels + [("", .lines("toYaml .").within("with \(service.path).labels"))]))),
        ]
    }

    private static func define(_ name: String, _ service: ChartService, _ value: DocumentValue) -> DocumentValue {
        value.within("define \"\(service.template).\(name)\"")
    }

    /// The user's name, else the release's with the service's behind it; what is cut is the release's, so that two
    /// services are never called the same. A release that is called like the first service needs no more. A Service
    /// begins with a letter and has no points.
    private static func fullName(of service: ChartService, isFirst: Bool) -> String {
        let own = ClusterName.label(service.package.name, longest: 30)
        let longest = ClusterName.longest - "svc-".utf8.count
        func release(_ longest: Int) -> String {
            "(.Release.Name | replace \".\" \"-\" | trunc \(longest) | trimSuffix \"-\")"
        }
        let both = "printf \"%s-\(own)\" \(release(longest - 1 - own.utf8.count))"
        let made = isFirst ? "ternary \(release(longest)) (\(both)) (contains \"\(own)\" .Release.Name)" : both
        return "\(service.path).metadataName | default (regexReplaceAll \"^([0-9])\" (\(made)) \"svc-${1}\")"
    }
}
