// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// Schemas of single values: what Helm refuses before a cluster sees it.
enum ValueSchema {
    static let text: DocumentValue = ["type": "string"]
    static let map: DocumentValue = ["type": "object"]
    static let maps: DocumentValue = ["type": "array", "items": ["type": "object"]]
    static let texts: DocumentValue = ["type": "object", "additionalProperties": ["type": "string"]]

    static func text(_ pattern: String, longest: Int64 = 253) -> DocumentValue {
        ["type": "string", "pattern": "\(pattern)", "maxLength": .integer(longest)]
    }

    static func choice(_ words: String...) -> DocumentValue { ["enum": .strings(words)] }

    /// A whole number, also as the text that the original exporter's charts have.
    static func number(in range: ClosedRange<Int64>) -> DocumentValue {
        [
            "oneOf": [
                ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)],
                ["type": "string", "pattern": "^(0|[1-9][0-9]{0,3})$"],
            ]
        ]
    }

    /// Labels of DNS (RFC 1123), or nothing.
    static let label = text("^([a-z0-9]([-a-z0-9]*[a-z0-9])?)?$", longest: 63)
    static let labels: DocumentValue = ["type": "array", "items": domain]
    static let domain = text(
        "^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$")
    /// A host of an Ingress, or nothing.
    static let host = text("^(([*][.])?[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*)?$")
    static let base64 = text(
        "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", longest: 1 << 20)
    static let quantity = text("^([0-9]+([eE][0-9]+|[EPTGMk]i?|Ki|m)?)?$")
    static let image = text("^[^\\s]+$", longest: 1000)
    /// Absolute, or nothing.
    static let path = text("^(/[^:\\s]*)?$", longest: 4096)
    /// Of a service, a group or a bind.
    static let word = text("^[A-Za-z0-9_-]+$")
}
