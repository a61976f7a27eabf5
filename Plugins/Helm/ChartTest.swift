// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// What `helm test` runs: a pod that asks a supervisor whether the service is well. It is of the service's own image, so
/// that no other is needed.
enum ChartTest {
    static func pod(of service: ChartService) -> DocumentValue {
        let address: Term =
            "http://\(service.name)-headless:9631/services/\(service.package.name)/\(service.value("serviceGroup"))/health"
        let container: DocumentValue = [
            "name": "test",
            "image": service.value("imageName").document,
            "imagePullPolicy": service.value("imagePullPolicy").document,
            "command": ["/bin/wget", "-q", "-T", "5", "-O", "-", address.document],
            "securityContext": [
                "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": ["drop": ["ALL"]],
            ],
        ]
        return [
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": [
                "name": ("\(service.name)-test" as Term).document,
                "namespace": ChartService.namespace,
                "labels": ["app.kubernetes.io/component": "test"],
                "annotations": [
                    "helm.sh/hook": "test", "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
                ],
            ],
            "spec": [
                // Helm does not wait for the service; the test does.
                "restartPolicy": "OnFailure",
                "activeDeadlineSeconds": 180,
                "automountServiceAccountToken": false,
                "imagePullSecrets": service.pullSecrets,
                "securityContext": [
                    "runAsNonRoot": true, "runAsUser": 42, "runAsGroup": 42,
                    "seccompProfile": ["type": "RuntimeDefault"],
                ],
                "containers": [container],
            ],
        ]
    }
}
