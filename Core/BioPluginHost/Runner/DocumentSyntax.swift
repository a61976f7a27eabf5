// SPDX-License-Identifier: Apache-2.0

import BioDocument
import CBioExport

/// The `BIO_SYNTAX_…` of the header.
enum DocumentSyntax: UInt32 {
    case json = 1, toml, yaml, jsonCompact, yamlTemplate

    /// The documents as one text; `DraftReader` lets nothing of a template into the others.
    func text(_ documents: [DocumentItem]) throws(DocumentRefusal) -> String {
        switch self {
        case .yaml, .yamlTemplate: return DocumentItem.yamlText(documents, isTemplate: self == .yamlTemplate)
        case .json: return try only(documents).json(.pretty) + "\n"
        case .jsonCompact: return try only(documents).json(.compact)
        case .toml:
            let value = try only(documents)
            do throws(TOMLWriter.Refusal) { return try value.tomlText() } catch {
                throw DocumentRefusal(code: BIO_E_INVALID, message: "cannot write TOML: \(error)")
            }
        }
    }

    /// The one document of a text that holds no more.
    private func only(_ documents: [DocumentItem]) throws(DocumentRefusal) -> DocumentValue {
        var values: [DocumentValue] = []
        for case .element(let draft) in documents { values += draft.plainValue.map { [$0] } ?? [] }
        guard values.count == 1 else {
            throw DocumentRefusal(
                code: BIO_E_INVALID,
                message:
                    "\(values.count) documents were to be written in \(self == .toml ? "TOML" : "JSON"), which takes one"
            )
        }
        return values[0]
    }
}
