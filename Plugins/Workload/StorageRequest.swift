// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// `--storage SIZE:PATH:CLASS`; a class may hold colons.
public struct StorageRequest: Sendable {
    public let size: String
    public let path: String
    public let storageClass: String

    init(_ text: String) throws(ExportFailure) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3 else {
            throw .option(
                WorkloadOptions.storage, "'\(text)' is not SIZE:PATH:CLASS",
                hint: "as in 10Gi:/hab/svc/redis/data:standard")
        }
        guard Self.isSize(parts[0]) else {
            throw .option(
                WorkloadOptions.storage, "'\(parts[0])' is no size",
                hint: "digits, and perhaps one of k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, or e and digits")
        }
        let pieces = parts[1].split(separator: "/")
        guard parts[1].hasPrefix("/"), !pieces.isEmpty, !pieces.contains("."), !pieces.contains(".."),
            parts[1].unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else {
            throw .option(
                WorkloadOptions.storage, "'\(parts[1])' is no absolute path below /, without '.' and '..'",
                hint: "name a directory of the container, as in /hab/svc/redis/data")
        }
        guard ClusterName.isSubdomain(parts[2]) else {
            throw .option(
                WorkloadOptions.storage, "'\(parts[2])' is no name of a storage class",
                hint: "kubectl get storageclass shows those that there are")
        }
        size = Quantity(parts[0])?.text ?? parts[0]
        path = "/" + pieces.joined(separator: "/")
        storageClass = parts[2]
    }

    /// Whole numbers, as the original has it.
    private static func isSize(_ text: String) -> Bool {
        Quantity(text) != nil && !text.contains(".") && !text.hasSuffix("m")
    }
}
