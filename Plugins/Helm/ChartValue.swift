// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// One key of `values.yaml`, with what `values.schema.json` and the chart's README say of it.
struct ChartValue {
    let key: String
    let value: DocumentValue
    /// A schema (JSON Schema draft 7) of the value, without its description.
    let schema: DocumentValue
    /// One line.
    let meaning: String

    init(_ key: String, _ value: DocumentValue, _ schema: DocumentValue, _ meaning: String) {
        self.key = key
        self.value = value
        self.schema = schema
        self.meaning = meaning
    }

    static func values(_ entries: [ChartValue]) -> DocumentValue {
        .map(entries.map { (key: $0.key, value: $0.value.commented($0.meaning)) })
    }

    static func schema(_ entries: [ChartValue], title: String) -> DocumentValue {
        [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "\(title)",
            "type": "object",
            "required": .strings(entries.map(\.key)),
            "properties": .map(
                entries.map { (key: $0.key, value: $0.schema.adding(["description": "\($0.meaning)"])) }),
        ]
    }
}
