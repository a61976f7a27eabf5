// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// Schemas of single values (JSON Schema draft 7): what Helm refuses before a cluster sees it.
enum ValueSchema {
    static let text: DocumentValue = ["type": "string"]
    static let map: DocumentValue = ["type": "object"]
    static let maps: DocumentValue = ["type": "array", "items": map]
    static let texts: DocumentValue = ["type": "object", "additionalProperties": text]

    static func text(_ pattern: String, longest: Int64 = 253) -> DocumentValue {
        ["type": "string", "pattern": "\(pattern)", "maxLength": .integer(longest)]
    }

    static func choice(_ words: String...) -> DocumentValue { ["enum": .strings(words)] }

    /// A whole number, or one in quotes as the original exporter's charts have it.
    static func number(in range: ClosedRange<Int64>) -> DocumentValue {
        [
            "type": ["integer", "string"], "minimum": .integer(range.lowerBound),
            "maximum": .integer(range.upperBound), "pattern": "^(0|[1-9][0-9]{0,4})$",
        ]
    }

    // Of what may be empty the patterns say so.
    private static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    static let namespace = text("^(\(label))?$", longest: 63)
    static let domain = text("^(\(label)([.]\(label))*)?$")
    static let domains: DocumentValue = ["type": "array", "items": text("^\(label)([.]\(label))*$")]
    /// A name, not an address.
    static let host = text("^(([*][.])?\(label)([.]\(label))*)?$").adding(["not": ["pattern": "^[0-9.]+$"]])
    static let ring = text("^(\(label)([.]\(label))*-[0-9]{14})?$")
    static let base64 = text("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", longest: 1 << 21)

    private static let word63 = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
    static let labelKey = text("^(\(label)([.]\(label))*/)?\(word63)$", longest: 317)
    static let labelValue = text("^(\(word63))?$", longest: 63)

    private static let amount = "[0-9]+([.][0-9]+)?([mkMGTPE]|[KMGTPE]i|[eE][0-9]+)?"
    /// Of storage: more than nothing.
    static let size = text("^(\(amount))?$").adding(["not": ["pattern": "^[0.]+([^0-9.].*)?$|m$"]])
    static let resources: DocumentValue = [
        "type": "object", "additionalProperties": false,
        "properties": ["requests": amounts, "limits": amounts, "claims": maps],
    ]
    private static let amounts: DocumentValue = [
        "type": "object",
        "additionalProperties": ["type": ["string", "number"], "minimum": 0, "pattern": "^\(amount)$"],
    ]
    /// Members of a container's `env`.
    static let variables: DocumentValue = [
        "type": "array",
        "items": [
            "type": "object", "required": ["name"], "additionalProperties": false,
            "properties": ["name": variable, "value": text, "valueFrom": map],
        ],
    ]

    static let path = text("^(/[^/:\\x00-\\x1f\\x7f]+)+$", longest: 4096)

    /// Where a container has nothing that it needs.
    static func freePath(of service: ServicePackage, _ runtime: WorkloadRuntime) -> DocumentValue {
        let patterns =
            [ContainerPath.takenPattern(root: service.root), "/[.]{1,2}(/|$)"]
            + (runtime == .direct ? [ContainerPath.configuredPattern(service)] : [])
        return path.adding(["not": ["anyOf": .list(patterns.map { ["pattern": "\($0)"] })]])
    }
    static let image = text("^[^\\s]+$", longest: 1000)
    /// Of a service, a group, a bind.
    static let word = text("^[A-Za-z0-9_-]+$")
    static let wordOrNothing = text("^[A-Za-z0-9_-]*$")
    static let variable = text("^[-._a-zA-Z][-._a-zA-Z0-9]*$")
    /// `HOST:PORT`, and perhaps pairs.
    static let place = text("^\(BoundAddress.pattern)$", longest: BoundAddress.longest)
    static let placeOrNothing = text("^(\(BoundAddress.pattern))?$", longest: BoundAddress.longest)
    /// Of a supervisor, perhaps with a port.
    static let address = text("^[A-Za-z0-9.\\[\\]:-]+$")
}
