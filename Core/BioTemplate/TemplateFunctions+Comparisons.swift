// SPDX-License-Identifier: Apache-2.0

import BioDocument

extension TemplateFunctions {
    /// Those that are blocks, too: `{{#eq cfg.role "leader"}}…{{else}}…{{/eq}}`.
    static let conditions: Set<String> = ["eq", "ne", "gt", "gte", "lt", "lte", "and", "or", "not"]

    /// The same and the comparisons that upstream's engine has had since Habitat 2.0: `{{#if (eq cfg.role "leader")}}`.
    func addingComparisons() -> TemplateFunctions {
        let pair = TemplateSignature(.init("left", .any), .init("right", .any))
        let many = TemplateSignature(.init("value", .any), repeatsLast: true)
        let one = TemplateSignature(.init("value", .any))
        return adding("eq", pair) { .bool($0[0] == $0[1]) }
            .adding("ne", pair) { .bool($0[0] != $0[1]) }
            .adding("gt", pair) { .bool(Self.order($0[0], $0[1]).map { $0 > 0 } ?? false) }
            .adding("gte", pair) { .bool(Self.order($0[0], $0[1]).map { $0 >= 0 } ?? false) }
            .adding("lt", pair) { .bool(Self.order($0[0], $0[1]).map { $0 < 0 } ?? false) }
            .adding("lte", pair) { .bool(Self.order($0[0], $0[1]).map { $0 <= 0 } ?? false) }
            .adding("and", many) { .bool($0.allSatisfy { $0.isTruthy(includingZero: false) }) }
            .adding("or", many) { .bool($0.contains { $0.isTruthy(includingZero: false) }) }
            .adding("not", one) { .bool(!$0[0].isTruthy(includingZero: false)) }
            .adding("len", one) { .integer(Self.length(of: $0[0])) }
    }

    /// Below, at or above 0 as `left` is less than, equal to or greater than `right`; nil when they cannot be compared.
    /// Texts go by their bytes, and a text with a number counts as one beside a number.
    private static func order(_ left: DocumentValue, _ right: DocumentValue) -> Int? {
        switch (left, right) {
        case (.number(let left), .number(let right)): order(left, right)
        case (.number(let left), .string(let text)): number(text).flatMap { order(left, $0) }
        case (.string(let text), .number(let right)): number(text).flatMap { order($0, right) }
        case (.string(let left), .string(let right)):
            left.utf8.elementsEqual(right.utf8) ? 0 : left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
        case (.bool(let left), .bool(let right)): (left ? 1 : 0) - (right ? 1 : 0)
        default: nil
        }
    }

    private static func order(_ left: DocumentNumber, _ right: DocumentNumber) -> Int? {
        if let left = left.int, let right = right.int { return left < right ? -1 : left > right ? 1 : 0 }
        return left.double < right.double ? -1 : left.double > right.double ? 1 : 0
    }

    /// The number that a text is, as JSON writes it.
    private static func number(_ text: String) -> DocumentNumber? {
        guard case .number(let number)? = try? DocumentValue(json: Array(text.utf8)) else { return nil }
        return number
    }

    /// Elements of a list, members of a table, bytes of a text, 0 of anything else.
    private static func length(of value: DocumentValue) -> Int {
        switch value {
        case .array(let elements): elements.count
        case .object(let members): members.count
        case .string(let text): text.utf8.count
        default: 0
        }
    }
}
