// SPDX-License-Identifier: Apache-2.0

/// Something to be written: a value, with what only YAML has. Comments; and the parts of a template for Go's
/// text/template that yields YAML, as Helm's charts are.
package indirect enum DocumentDraft: Hashable, Sendable {
    case value(DocumentValue)
    case list([DocumentItem])
    case map([DocumentItem])
    /// `{{ text }}`: one scalar, which the expression itself must quote.
    case expression(String)
    /// `{{- text | nindent N }}`: lines of YAML, moved to where they stand.
    case lines(String)

    /// The value without comments; nil when a part of it is one of a template.
    package var plainValue: DocumentValue? {
        switch self {
        case .value(let value): return value
        case .list(let items):
            var elements: [DocumentValue] = []
            for item in items {
                if case .comment = item { continue }
                guard case .element(let draft) = item, let value = draft.plainValue else { return nil }
                elements.append(value)
            }
            return .array(elements)
        case .map(let items):
            var members: [DocumentObject.Member] = []
            for item in items {
                if case .comment = item { continue }
                guard case .member(let key, let draft) = item, let value = draft.plainValue else { return nil }
                members.append(DocumentObject.Member(key: key, value: value))
            }
            return .object(DocumentObject(distinct: members))
        case .expression, .lines: return nil
        }
    }

    /// What it is made of when it is a list or a table; nil else.
    var items: [DocumentItem]? {
        switch self {
        case .list(let items), .map(let items): items
        case .value(.array(let elements)): elements.map { .element(.value($0)) }
        case .value(.object(let object)): object.members.map { .member($0.key, .value($0.value)) }
        default: nil
        }
    }
}

/// What stands in a list, in a table, or in a stream of documents.
package enum DocumentItem: Hashable, Sendable {
    /// In a table.
    case member(String, DocumentDraft)
    /// In a list; in a stream it is a document.
    case element(DocumentDraft)
    /// Lines that begin with `#`.
    case comment(String)
    /// `{{- text | nindent N }}` in place of members or elements.
    case lines(String)
    /// `{{- text }}`, items, `{{- end }}`; the text begins with `if`, `range`, `with` or `define`.
    case section(String, [DocumentItem])

    /// Whether a text may stand between the braces: one line that does not leave them.
    package static func isExpression(_ text: String) -> Bool {
        // By bytes, as Go reads them: a Character may be a brace with an accent on it.
        !text.isEmpty && text.unicodeScalars.allSatisfy { YAMLText.isPrintable($0) }
            && !zip(text.utf8, text.utf8.dropFirst()).contains { $0 == $1 && ($0 == 0x7B || $0 == 0x7D) }
    }

    /// Whether a text may open a section.
    package static func isOpener(_ text: String) -> Bool {
        isExpression(text) && ["if ", "range ", "with ", "define "].contains { text.hasPrefix($0) }
    }
}
