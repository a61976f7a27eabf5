// SPDX-License-Identifier: Apache-2.0

import BioCrypto

/// What the metafile MANIFEST says in lines for people: where the software comes from, and under which licence.
struct ManifestFacts: Hashable, Sendable {
    /// The line below the title; nil when it is empty.
    let summary: String?
    /// The project's own site.
    let homepage: String?
    /// What the package was built from, and its SHA-256; one goes without the other.
    let source: String?
    let sourceDigest: Digest?
    /// The items of `pkg_license`, with spaces between.
    let licence: String?

    /// `text` is nil, or short, or foreign in packages of other builders: what is not there is not said.
    init(_ text: String?) {
        var values: [Substring: Substring] = [:]
        let lines = Self.lines(text ?? "")
        for line in lines where line.hasPrefix("* __") {
            guard let end = line.firstRange(of: "__: ") else { continue }
            values[line[line.index(line.startIndex, offsetBy: 4)..<end.lowerBound]] = line[end.upperBound...]
        }
        summary = Self.summary(lines)
        homepage = Self.link(values["Upstream URL"])
        source = Self.link(values["Source"])
        sourceDigest = Digest(.sha256, hex: Self.withoutTicks(values["SHA"] ?? "").lowercased())
        licence = values["License"].map(String.init)
    }

    /// Those before the plan itself, which may hold such lines too, and is much longer than they are.
    private static func lines(_ text: String) -> ArraySlice<Substring> {
        text.utf8.split(separator: UInt8(ascii: "\n"), maxSplits: mostLines, omittingEmptySubsequences: false)
            .prefix(mostLines).map { Substring($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0) }
            .prefix { $0 != "# Plan" }
    }

    private static let mostLines = 64
    private static let longestSummary = 1024

    private static func summary(_ lines: ArraySlice<Substring>) -> String? {
        guard lines.count > 1, lines[0].hasPrefix("# ") else { return nil }
        let text = String(String.UnicodeScalarView(lines[1].unicodeScalars.filter(PlainText.isPrintable)))
        return text.isEmpty || text.hasPrefix("* __") ? nil : String(text.prefix(longestSummary))
    }

    private static func withoutTicks(_ text: Substring) -> Substring {
        text.count > 2 && text.first == "`" && text.last == "`" ? text.dropFirst().dropLast() : text
    }

    /// The address of `[text](address)`; nil for a sentence that says there is none, and for what is no address.
    private static func link(_ value: Substring?) -> String? {
        guard let value, value.first == "[", value.last == ")", let middle = value.firstRange(of: "](") else {
            return nil
        }
        let address = String(value[middle.upperBound...].dropLast())
        return WebAddress.isPlain(address) ? address : nil
    }
}
