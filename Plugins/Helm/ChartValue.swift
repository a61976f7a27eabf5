// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// One key of `values.yaml`, with what `values.schema.json` and the chart's README say of it.
struct ChartValue {
    enum Content {
        /// A value, and a schema (JSON Schema draft 7) of it without its description.
        case value(DocumentValue, DocumentValue)
        case group([ChartValue])
    }

    let key: String
    let content: Content
    /// One line.
    let meaning: String

    init(_ key: String, _ value: DocumentValue, _ schema: DocumentValue, _ meaning: String) {
        self.key = key
        content = .value(value, schema)
        self.meaning = meaning
    }

    init(_ key: String, of entries: [ChartValue], _ meaning: String) {
        self.key = key
        content = .group(entries)
        self.meaning = meaning
    }

    static func values(_ entries: [ChartValue]) -> DocumentValue {
        .map(
            entries.map { entry in
                switch entry.content {
                case .value(let value, _): (key: entry.key, value: value.commented(entry.meaning))
                case .group(let entries): (key: entry.key, value: values(entries).commented(entry.meaning))
                }
            })
    }

    /// The schema of a table of these, and of nothing else but `more`.
    static func schema(_ entries: [ChartValue], more: [(key: String, value: DocumentValue)] = []) -> DocumentValue {
        let known = entries.map { entry -> (key: String, value: DocumentValue) in
            switch entry.content {
            case .value(_, let schema): (entry.key, schema.adding(["description": "\(entry.meaning)"]))
            case .group(let entries): (entry.key, schema(entries).adding(["description": "\(entry.meaning)"]))
            }
        }
        return [
            "type": "object",
            "required": .strings(entries.map(\.key)),
            "additionalProperties": false,
            "properties": .map(known + more),
        ]
    }

    /// Rows of a table in Markdown, keys with a path before them.
    static func rows(_ entries: [ChartValue], below path: String = "") -> String {
        entries.map { entry in
            switch entry.content {
            case .value: "| `\(path)\(entry.key)` | \(entry.meaning) |\n"
            case .group(let entries): rows(entries, below: "\(path)\(entry.key).")
            }
        }.joined()
    }
}
