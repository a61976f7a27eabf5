// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// What objects of a chart are called, and how they are found: the named templates of `_helpers.tpl`.
enum ChartNames {
    /// A StatefulSet's name leaves room for what its pods' labels add to it.
    private static let longest = 52

    /// Of a name that the user gives, or leaves to the release.
    static let schema = ValueSchema.text("^([a-z]([-a-z0-9]*[a-z0-9])?)?$", longest: Int64(longest))

    private static let own = [
        "helm.sh/chart", "app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/version",
        "app.kubernetes.io/managed-by",
    ]

    /// Of labels that the user adds.
    static let labels = ValueSchema.texts.adding(["propertyNames": ["not": ["enum": .strings(own)]]])

    /// The templates `NAME.fullname`, `NAME.labels` and `NAME.selector` of a service. Only the `first` of a chart can be
    /// called like its release.
    static func templates(of service: ChartService, version: String, isFirst: Bool) -> [DocumentValue] {
        let name = "\(service.template).fullname"
        let own = ChartName.nearest(to: service.service.name)
        // Cut before the service's name: two services of one release must not become one.
        let release = ".Release.Name | trunc \(longest - 1 - own.utf8.count) | trimSuffix \"-\""
        let joined = "printf \"%s-\(own)\" (\(release))"
        let made =
            isFirst
            ? "ternary (.Release.Name | trunc \(longest) | trimSuffix \"-\") (\(joined)) (contains \"\(own)\" .Release.Name)"
            : joined
        let selector: DocumentValue = [
            "app.kubernetes.io/name": "\(own)", "app.kubernetes.io/instance": .expression(".Release.Name | quote"),
        ]
        let chart = "printf \"%s-%s\" .Chart.Name .Chart.Version | replace \"+\" \"_\" | trunc 63"
        let labels: DocumentValue = [
            "helm.sh/chart": .expression("\(chart) | trimAll \"-_.\" | quote"),
            "": .lines("include \"\(service.template).selector\" ."),
            "app.kubernetes.io/version": "\(version)",
            "app.kubernetes.io/managed-by": .expression(".Release.Service | quote"),
        ]
        return [
            DocumentValue.expression("\(service.path).metadataName | default (\(made))").within("define \"\(name)\""),
            selector.within("define \"\(service.template).selector\""),
            labels.adding(["": .lines("toYaml .").within("with \(service.path).labels")])
                .within("define \"\(service.template).labels\""),
        ]
    }
}
