// SPDX-License-Identifier: Apache-2.0

/// What tags say about values, by the core schema of YAML 1.2 (section 10.3): nothing outside of it is made.
enum YAMLTag {
    private static let prefix = "tag:yaml.org,2002:"

    /// The value of a scalar, by its tag or by its looks.
    static func scalar(_ event: YAMLEvents.Event) throws(DocumentError) -> DocumentValue {
        guard let tag = event.tag else {
            return event.isPlain ? try resolved(event) : .string(event.text)
        }
        if tag == "!" || tag == prefix + "str" { return .string(event.text) }
        // A merge key is looked at by the table it stands in; elsewhere it is the text that it looks like.
        if tag == prefix + "merge", event.text == "<<" { return .string(event.text) }
        let value = try resolved(event)
        switch (value, tag) {
        case (.null, prefix + "null"), (.bool, prefix + "bool"), (.number, prefix + "float"): return value
        case (.number(let number), prefix + "int")
        where number.text.utf8.allSatisfy({
            $0 == UInt8(ascii: "-") || $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9")
        }):
            return value
        default: throw DocumentError(.badTag(shown(tag)), at: event.position)
        }
    }

    /// Refuses another tag than that of a `kind` of collection.
    static func check(_ event: YAMLEvents.Event, is kind: String) throws(DocumentError) {
        guard let tag = event.tag, tag != "!", tag != prefix + kind else { return }
        throw DocumentError(.badTag(shown(tag)), at: event.position)
    }

    private static func resolved(_ event: YAMLEvents.Event) throws(DocumentError) -> DocumentValue {
        do throws(YAMLScalar.Problem) { return try YAMLScalar(event.text).resolved() } catch {
            let text = String(event.text.prefix(40))
            switch error {
            case .notRepresentable: throw DocumentError(.notRepresentable(text), at: event.position)
            case .badNumber: throw DocumentError(.badNumber(text), at: event.position)
            }
        }
    }

    /// As people write it: `!!binary`.
    private static func shown(_ tag: String) -> String {
        String((tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.utf8.count) : tag[...]).prefix(100))
    }
}
