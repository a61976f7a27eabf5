// SPDX-License-Identifier: Apache-2.0

package import BioDocument

extension DocumentValue {
    /// Whether `{{#if}}` takes the value for true: not null, false, 0, `""`, `[]` and `{}`; 0 is true `includingZero`.
    package func isTruthy(includingZero: Bool) -> Bool {
        switch self {
        case .null: false
        case .bool(let flag): flag
        case .number(let number): includingZero || number.double != 0
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.isEmpty
        }
    }

    /// What the value prints as in a template.
    package var templateText: String {
        switch self {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .number(let number): number.text
        case .string(let text): text
        case .array(let elements): "[" + elements.map(\.templateText).joined(separator: ", ") + "]"
        case .object: "[object]"
        }
    }

    /// The kind in words, for messages.
    package var kindName: String {
        switch self {
        case .null: "nothing"
        case .bool: "a boolean"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "a table"
        }
    }
}
