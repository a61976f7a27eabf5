// SPDX-License-Identifier: Apache-2.0

/// What a package's MANIFEST says of it: a Markdown page whose head is a list of `* __Name__: value`.
struct PackageManifest {
    private var values: [String: String] = [:]
    /// The paragraph between the title and the list.
    let description: String?

    init(_ text: String) {
        var prose: [Substring] = []
        for line in Self.printable(text).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            // The plan follows, which may hold anything.
            if line == "# Plan" { break }
            if let (name, value) = Self.entry(line) {
                values[name] = values[name] ?? value
            } else if values.isEmpty, !line.hasPrefix("# ") {
                prose.append(line)
            }
        }
        let words = prose.joined(separator: " ").split(whereSeparator: \.isWhitespace)
        description = words.isEmpty ? nil : String(words.joined(separator: " ").prefix(1000))
    }

    var maintainer: String? { values["Maintainer"] }
    var licenses: String? { values["License"] }
    var upstreamURL: String? { link("Upstream URL") }
    var source: String? { link("Source") }

    /// Labels are shown on terminals: without the control characters, but for white space.
    private static func printable(_ text: String) -> String {
        String(
            text.unicodeScalars.filter {
                $0.properties.generalCategory != .control || $0.properties.isWhitespace
            })
    }

    private static func entry(_ line: Substring) -> (String, String)? {
        guard line.hasPrefix("* __"), let end = line.firstRange(of: "__: ") else { return nil }
        let name = line[line.index(line.startIndex, offsetBy: 4)..<end.lowerBound]
        let value = line[end.upperBound...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return (String(name), value)
    }

    /// The address of `[address](address)`; nil when there is a sentence instead, as of what nobody filled in.
    private func link(_ name: String) -> String? {
        guard let value = values[name], value.hasPrefix("["), value.hasSuffix(")"),
            let middle = value.firstRange(of: "](")
        else { return nil }
        let address = value[value.index(after: value.startIndex)..<middle.lowerBound]
        return address.isEmpty ? nil : String(address)
    }
}
