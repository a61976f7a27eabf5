// SPDX-License-Identifier: Apache-2.0

/// An SPDX licence expression (SPDX 2.3, annex D), in the list's spelling.
struct LicenceExpression: Hashable, Sendable {
    let text: String

    /// Whether it is one name of the list and nothing else.
    let isOneName: Bool

    /// Reads an expression of names that the list has; nil for anything else. `LicenseRef-…` is not taken: what it
    /// refers to would be missing.
    init?(parsing text: String) {
        guard text.utf8.count <= Self.longest else { return nil }
        var words = Self.words(text)[...]
        guard let read = Self.alternatives(&words, depth: 0), words.isEmpty else { return nil }
        self.text = read
        isOneName = LicenceList.licence(read) != nil
    }

    private static let longest = 1024
    private static let deepest = 16

    /// Brackets are words of their own.
    private static func words(_ text: String) -> [Substring] {
        var words: [Substring] = []
        for part in text.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
            var rest = part
            while let bracket = rest.firstIndex(where: { $0 == "(" || $0 == ")" }) {
                if bracket > rest.startIndex { words.append(rest[..<bracket]) }
                words.append(rest[bracket...bracket])
                rest = rest[rest.index(after: bracket)...]
            }
            if !rest.isEmpty { words.append(rest) }
        }
        return words
    }

    private static func alternatives(_ words: inout ArraySlice<Substring>, depth: Int) -> String? {
        list(&words, "OR") { conjunction(&$0, depth: depth) }
    }

    private static func conjunction(_ words: inout ArraySlice<Substring>, depth: Int) -> String? {
        list(&words, "AND") { term(&$0, depth: depth) }
    }

    /// What `element` reads, once or several times with `word` between.
    private static func list(
        _ words: inout ArraySlice<Substring>, _ word: String, _ element: (inout ArraySlice<Substring>) -> String?
    ) -> String? {
        guard var text = element(&words) else { return nil }
        while words.first?.uppercased() == word {
            words.removeFirst()
            guard let next = element(&words) else { return nil }
            text += " \(word) \(next)"
        }
        return text
    }

    private static func term(_ words: inout ArraySlice<Substring>, depth: Int) -> String? {
        guard let word = words.popFirst() else { return nil }
        if word == "(" {
            guard depth < deepest, let inner = alternatives(&words, depth: depth + 1), words.popFirst() == ")" else {
                return nil
            }
            return "(\(inner))"
        }
        guard let name = name(word) else { return nil }
        guard words.first?.uppercased() == "WITH" else { return name }
        words.removeFirst()
        guard let exception = words.popFirst().flatMap({ LicenceList.exception($0) }) else { return nil }
        return "\(name) WITH \(exception)"
    }

    /// A name of the list, or one with `+` behind it: or any later version.
    private static func name(_ word: Substring) -> String? {
        if let name = LicenceList.licence(word) { return name }
        guard word.last == "+" else { return nil }
        return LicenceList.licence(word.dropLast()).map { $0 + "+" }
    }
}
