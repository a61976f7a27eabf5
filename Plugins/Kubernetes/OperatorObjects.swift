// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// The object `Habitat` of the former operator, with its Secret, as the original exporter writes them.
enum OperatorObjects {
    static func all(_ plan: WorkloadPlan, _ workload: WorkloadPlan.Workload, image: String) throws(ExportFailure)
        -> [DocumentValue]
    {
        var values = try WorkloadValues(plan, workload, image: image)
        values.name = Term(name(workload, plan.settings))
        values.labels =
            DocumentValue.map(plan.settings.labels.map { (key: $0.key, value: .string($0.value)) })
            .unlessEmpty
        return HabitatObject(workload.package, values, secretName: "user-toml-secret").all.map(\.object)
    }

    /// `name-version-release`, as far as Kubernetes lets a name hold them.
    private static func name(_ workload: WorkloadPlan.Workload, _ settings: WorkloadSettings) -> String {
        if workload.isFirst, let name = settings.name { return name }
        return ClusterName.label(workload.package.ident.split(separator: "/").dropFirst().joined(separator: "-"))
    }
}
