// SPDX-License-Identifier: Apache-2.0

/// What a package's plan says of its licence (`pkg_license`, a list), taken as far as it can be.
enum DeclaredLicence: Hashable, Sendable {
    /// Nothing, or nothing that names a licence.
    case unknown
    /// All of it is what SPDX knows.
    case expression(LicenceExpression)
    /// All of these together; some are in words of the plan.
    case terms([Term])

    enum Term: Hashable, Sendable {
        case listed(LicenceExpression)
        case other(String)
    }

    /// `text` is the line of the metafile MANIFEST: the list's items with spaces between. Several are read as "all of
    /// them", the reading that asks the most. Where no word of it is a known name, all words are one name.
    init(_ text: String?) {
        let text = Self.plain(text ?? "")
        if text.isEmpty || Self.nothing.contains(text.lowercased()) {
            self = .unknown
        } else if let expression = LicenceExpression(parsing: text) {
            self = .expression(expression)
        } else {
            self.init(words: text.split { $0 == " " || $0 == "," }.map(String.init), of: text)
        }
    }

    private init(words: [String], of text: String) {
        let terms = words.map { word -> Term in
            LicenceExpression(parsing: word).map { .listed($0) } ?? .other(word)
        }
        let names = terms.compactMap { if case .listed(let name) = $0 { name.text } else { nil } }
        if names.isEmpty {
            self = .terms([.other(text)])
        } else if names.count == words.count, let all = LicenceExpression(parsing: names.joined(separator: " AND ")) {
            self = .expression(all)
        } else {
            self = .terms(terms)
        }
    }

    /// What plans write where they say nothing; the same as no licence for who reads a bill of materials.
    private static let nothing: Set<String> = ["none", "n/a", "unknown", "noassertion", "todo"]

    private static let longest = 512

    /// One line of printable characters, without blanks around it.
    private static func plain(_ text: String) -> String {
        let words = text.unicodeScalars.split { $0.properties.isWhitespace || !PlainText.isPrintable($0) }
        return String(words.map { String(String.UnicodeScalarView($0)) }.joined(separator: " ").prefix(longest))
    }
}
