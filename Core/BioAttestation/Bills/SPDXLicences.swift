// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Licences of one SPDX document, with those that only the document itself explains (`LicenseRef-…`).
struct SPDXLicences {
    /// In the order of their first use.
    private(set) var extracted: [DocumentValue] = []
    private var references: [String: String] = [:]
    private var taken: Set<String> = []

    /// `licence` as an expression.
    mutating func expression(_ licence: DeclaredLicence) -> String {
        switch licence {
        case .unknown: return "NOASSERTION"
        case .expression(let expression): return expression.text
        case .terms(let terms):
            var texts: [String] = []
            for term in terms {
                switch term {
                case .listed(let expression): texts.append(expression.text)
                case .other(let text): texts.append(reference(text))
                }
            }
            return texts.joined(separator: " AND ")
        }
    }

    private mutating func reference(_ text: String) -> String {
        if let known = references[text] { return known }
        let wanted = "LicenseRef-\(SPDXIdentifiers.plain(text))"
        var reference = wanted
        var number = 2
        // The same in another case is the same to who reads it.
        while !taken.insert(reference.lowercased()).inserted {
            reference = "\(wanted)-\(number)"
            number += 1
        }
        references[text] = reference
        extracted.append([
            "licenseId": .string(reference), "name": .string(text),
            "extractedText": .string("The plan of the package says: \(text)"),
        ])
        return reference
    }
}
