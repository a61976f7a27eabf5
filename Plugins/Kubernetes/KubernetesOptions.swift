// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// The options of `bio pkg export kubernetes`.
enum KubernetesOptions {
    static let operated = Option.flag(
        "operator", "Write the object that the Habitat operator runs, in place of the cluster's own")

    static let all = WorkloadOptions.all + [operated]
}
