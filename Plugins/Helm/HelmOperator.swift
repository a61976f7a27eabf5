// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// The chart of the former Habitat operator, which others can depend on.
enum HelmOperator {
    private static let repository = "https://habitat-sh.github.io/habitat-operator/helm/charts/stable/"

    /// An element of `dependencies` in `Chart.yaml`.
    static func dependency(_ job: Job) throws(ExportFailure) -> DocumentValue {
        let text = job.text(HelmOptions.operatorVersion) ?? ""
        guard let version = ChartVersion(text) else {
            throw .option(
                HelmOptions.operatorVersion, "'\(text)' is no version as semver.org has them", hint: "as in 0.6.1")
        }
        return ["name": "\(name)", "version": "\(version.text)", "repository": "\(repository)"]
    }

    static let name = "habitat-operator"
}
