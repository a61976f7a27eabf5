// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

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
    static let domain = text("^(\(label)([.]\(label))*)?$")
    static let domains: DocumentValue = ["type": "array", "items": text("^\(label)([.]\(label))*$")]
    static let host = text("^(([*][.])?\(label)([.]\(label))*)?$")
    static let ring = text("^(\(label)([.]\(label))*-[0-9]{14})?$")
    static let base64 = text("^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$", longest: 1 << 21)
    static let quantity = text("^([0-9]+([eE][0-9]+|[EPTGMk]|[EPTGMK]i)?)?$")
    static let path = text("^(/[^/:\\s]+)+$", longest: 4096)

    /// Where a container has nothing that it needs; `root` is what packages are below.
    static func freePath(below root: String) -> DocumentValue {
        let own = "\(root)(/(bin|cache|pkgs|user)(/.*)?)?"
        let system = "/(bin|dev|etc|init[.]sh|lib|lib64|proc|sys|usr)(/.*)?"
        return path.adding(["not": ["pattern": "^(\(own)|\(system))$|/[.]{1,2}(/|$)"]])
    }
    static let image = text("^[^\\s]+$", longest: 1000)
    /// Of a service, a group, a bind.
    static let word = text("^[A-Za-z0-9_-]+$")
    static let variable = text("^[-._a-zA-Z][-._a-zA-Z0-9]*$")
    /// Of a supervisor, perhaps with a port.
    static let address = text("^[A-Za-z0-9.\\[\\]:-]+$")
}
