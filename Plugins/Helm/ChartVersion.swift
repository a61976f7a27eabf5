// SPDX-License-Identifier: Apache-2.0

/// A version as Helm takes it: SemVer 2.0.0 (semver.org), whose numbers fit into 64 bits.
struct ChartVersion: Equatable {
    let text: String

    /// Nil when `text` is none.
    init?(_ text: String) {
        let whole = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = whole[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, numbers.count == 3, numbers.allSatisfy(Self.isNumber) else { return nil }
        if parts.count == 2, !Self.identifiers(parts[1], areNumbersPlain: true) { return nil }
        if whole.count == 2, !Self.identifiers(whole[1], areNumbersPlain: false) { return nil }
        self.text = text
    }

    /// The nearest to the version of a package: `4.0` is 4.0.0, `1.1.1w` is 1.1.1+w, `1.2.3.4` is 1.2.3+4 and `2.0-rc1`
    /// is 2.0.0-rc1. What follows the numbers is no pre-release unless a dash says so: Helm would not install those.
    /// Without numbers it is 0.0.1, as in the original exporter.
    init(ofPackage version: String) {
        if let same = ChartVersion(version) {
            self = same
            return
        }
        var numbers: [String] = []
        var rest = Substring(version)
        if let first = rest.first, first == "v" || first == "V" { rest.removeFirst() }
        while numbers.count < 3 {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let number = UInt64(digits) else { break }
            numbers.append(String(number))
            rest = rest.dropFirst(digits.count)
            guard numbers.count < 3, rest.first == ".", rest.dropFirst().first.map(Self.isDigit) == true else { break }
            rest.removeFirst()
        }
        let isNumbered = !numbers.isEmpty
        let core = isNumbered ? (numbers + ["0", "0"]).prefix(3).joined(separator: ".") : "0.0.1"
        let isPrerelease = isNumbered && rest.first == "-"
        let remainder = Self.identifiers(of: isNumbered ? rest : Substring(version), plainNumbers: isPrerelease)
        let candidate = remainder.isEmpty ? core : core + (isPrerelease ? "-" : "+") + remainder
        self = ChartVersion(candidate) ?? ChartVersion(core) ?? Self.first
    }

    private init(known: String) { text = known }
    private static let first = ChartVersion(known: "0.0.1")

    /// As a tag of a registry, which has no `+`: Helm's own rule.
    var tag: String { String(text.map { $0 == "+" ? "_" : $0 }) }

    /// Of a tag.
    private static let longest = 128

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }

    private static func isNumber(_ text: Substring) -> Bool {
        text.allSatisfy(isDigit) && (text == "0" || text.first != "0") && UInt64(text) != nil
    }

    private static func isWordCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "-")
    }

    private static func identifiers(_ text: Substring, areNumbersPlain: Bool) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.allSatisfy(isWordCharacter)
                && (!areNumbersPlain || !word.allSatisfy(isDigit) || word == "0" || word.first != "0")
        }
    }

    /// Words of letters, digits and dashes with points between them, of any text.
    private static func identifiers(of text: Substring, plainNumbers: Bool) -> String {
        text.split { !isWordCharacter($0) }.compactMap { word in
            let bare = word.drop { $0 == "-" }
            guard plainNumbers, bare.allSatisfy(isDigit) else { return bare.isEmpty ? nil : String(bare) }
            return UInt64(bare).map(String.init)
        }.joined(separator: ".")
    }
}
