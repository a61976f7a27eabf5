// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// What `helm test` runs: a pod that asks the supervisors of a service how it is. It is of the service's own image, so
/// that a test needs no other.
enum ChartTest {
    static func pod(of service: ChartService) -> DocumentValue {
        let group = Term.value("\(service.path).serviceGroup")
        let address: Term = "http://\(service.name)-headless:9631/services/\(service.service.name)/\(group)/health"
        return [
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": [
                "name": ("\(service.name)-test" as Term).document,
                "namespace": .expression(".Release.Namespace | quote"),
                "labels": [
                    "app.kubernetes.io/instance": .expression(".Release.Name | quote"),
                    "app.kubernetes.io/component": "test",
                ],
                "annotations": [
                    "helm.sh/hook": "test", "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
                ],
            ],
            "spec": [
                "restartPolicy": "Never",
                "automountServiceAccountToken": false,
                "imagePullSecrets": service.pullSecrets,
                "securityContext": [
                    "runAsNonRoot": true, "runAsUser": 42, "runAsGroup": 42,
                    "seccompProfile": ["type": "RuntimeDefault"],
                ],
                "containers": [
                    [
                        "name": "test",
                        "image": Term.value("\(service.path).imageName").document,
                        "imagePullPolicy": Term.value("\(service.path).imagePullPolicy").document,
                        "command": ["/bin/wget", "-q", "-O", "-", address.document],
                        "securityContext": [
                            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                            "capabilities": ["drop": ["ALL"]],
                        ],
                    ]
                ],
            ],
        ]
    }
}
