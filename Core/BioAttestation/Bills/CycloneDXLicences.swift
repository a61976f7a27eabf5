// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Licences of a CycloneDX component: one expression, or a list of names.
enum CycloneDXLicences {
    /// Nil when nothing is known.
    static func value(_ licence: DeclaredLicence) -> DocumentValue? {
        switch licence {
        case .unknown: nil
        case .expression(let expression) where expression.isOneName: [["license": named(expression)]]
        case .expression(let expression): [["expression": .string(expression.text), "acknowledgement": "declared"]]
        case .terms(let terms):
            .array(
                terms.map { term in
                    switch term {
                    case .listed(let expression): ["license": named(expression)]
                    case .other(let text): ["license": name(text)]
                    }
                })
        }
    }

    private static func named(_ expression: LicenceExpression) -> DocumentValue {
        guard expression.isOneName else { return name(expression.text) }
        return ["id": .string(expression.text), "acknowledgement": "declared"]
    }

    private static func name(_ text: String) -> DocumentValue {
        ["name": .string(text), "acknowledgement": "declared"]
    }
}
