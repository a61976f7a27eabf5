// SPDX-License-Identifier: Apache-2.0

/// A policy file while it is changed: whole blocks are added at its end, or taken away when `bio` wrote them. Everything
/// else stays byte for byte.
package struct PolicyDraft: Hashable, Sendable {
    package let path: String
    package let authority: PolicyRule.Authority
    private var lines: [String]

    /// The file as it is; `bytes` are nil when there is none.
    package init(_ bytes: [UInt8]?, path: String, _ authority: PolicyRule.Authority) throws(PolicyFile.Refusal) {
        guard let text = String(validating: bytes ?? [], as: UTF8.self) else {
            throw PolicyFile.Refusal(path: path, line: nil, text: "it is not UTF-8")
        }
        self.path = path
        self.authority = authority
        // By bytes: to a character, a carriage return and a line feed are one.
        lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(Substring($0)) }
        if lines.last == "" { lines.removeLast() }
        _ = try rules
    }

    package var bytes: [UInt8] { Array(lines.map { "\($0)\n" }.joined().utf8) }

    /// What it says now.
    package var rules: [PolicyRule] {
        get throws(PolicyFile.Refusal) { try PolicyFile(parsing: bytes, path: path, authority).rules }
    }

    /// Puts a line before everything else.
    package mutating func begin(with line: String) { lines.insert(contentsOf: [line], at: 0) }

    /// Adds the rule at the end; its line.
    package mutating func add(_ rule: RuleText) throws(PolicyFile.Refusal) -> Int {
        let before = try rules.count
        if !lines.isEmpty { lines.append("") }
        let line = lines.count + 1
        lines += rule.lines
        // A file whose rules are written in another form takes no block: then nothing is written.
        guard try rules.count == before + 1 else {
            throw PolicyFile.Refusal(path: path, line: line, text: "a rule cannot be added at the end of this file")
        }
        return line
    }

    /// Takes the rules away that `bio` wrote and that `isMeant` names; the lines they had.
    package mutating func remove(_ isMeant: (PolicyRule) -> Bool) throws(PolicyFile.Refusal) -> [Int] {
        var removed: [Int] = []
        for rule in try rules.reversed() where isMeant(rule) {
            let block = RuleText(rule).lines
            let first = rule.line - 1
            guard first + block.count <= lines.count, Array(lines[first..<first + block.count]) == block else {
                continue
            }
            lines.removeSubrange(first..<first + block.count)
            // The empty line that came with it.
            if first > 0, lines[first - 1].isEmpty { lines.remove(at: first - 1) }
            removed.insert(rule.line, at: 0)
        }
        return removed
    }
}
