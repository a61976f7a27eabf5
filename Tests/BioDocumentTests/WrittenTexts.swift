// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// Texts that writers get wrong, and values made of them, the same ones on every run.
struct WrittenTexts {
    static let hard = [
        "", " ", "a", " a", "a ", "yes", "No", "ON", "off", "y", "N", "true", "NULL", "null", "~", "12", "-1", "+1",
        "0x1f", "0o17",
        "0b1", "1_000", "0777", "1e3", "-.5", "1.", "0x", "\u{9F}", "\u{2029}", "a\u{2028}b\nc", "{{ .Values.x }}",
        "${x}", "%{x}",
        "a{{b}}", "\\x", "\\u{41}", "\u{E000}", "\u{1F468}\u{200D}\u{1F469}", "e\u{301}", "a\n---", "a\n...\nb",
        "...\na", "1e5", "1.5", ".5", ".inf", "-.inf", ".nan", "nan", "inf", "1:30", "12:30:45", "1.2.3",
        "10.0.0.1", "2001-01-01",
        "2001-01-01T00:00:00Z", "=", "<<", "!x", "&x", "*x", "|", "> x", "%x", "@x", "`x", "?", "? x", ": x", ":",
        "a: b", "a:b", "a:",
        "a #b", "a#b", "#a", "- a", "-", "--- a", "---\n", "...", "[a]", "{a}", "{{x}}", "'q'", "\"q\"", "\\n", "\t",
        "\ta", "a\tb", "a,b",
        "a\nb", "a\nb\n", "a\n\n", "\na", " a\nb\n", "a \nb", "a\n\tb\n", "a\n  b\n c\n", "a\n\n\nb\n", "a\nb: c\n#d\n",
        "a\n---\nb\n",
        "a\r\nb", "\r", "\u{0}", "\u{1B}[m", "\u{7F}", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{FFFE}", "\u{FFFF}",
        "\u{A0}#x", "é", "日本", "😀",
        "\u{10FFFF}", "/hab/x", "$x", "(a)", "key with space", String(repeating: "a", count: 2000),
        String(repeating: "é ", count: 700) + "!",
    ]

    private static let floats = [1.5, -0.25, 1e300, 1e-7, .leastNonzeroMagnitude, 100000, 1e22]
        .compactMap { DocumentNumber($0 as Double) }

    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    mutating func text() -> String {
        if next(5) < 3 { return Self.hard[next(Self.hard.count)] }
        let letters = Array("ab 01:#-'\"\\\n\t{}[],&*!|>%@`~=?.é\u{A0}")
        return String((0..<next(12)).map { _ in letters[next(letters.count)] })
    }

    mutating func value(depth: Int, nulls: Bool) -> DocumentValue {
        let kind = next(10)
        if depth == 0 || kind < 5 { return scalar(nulls: nulls) }
        if kind < 7 { return .array((0..<next(4)).map { _ in value(depth: depth - 1, nulls: nulls) }) }
        return .object(table(depth: depth, nulls: nulls))
    }

    mutating func table(depth: Int, nulls: Bool) -> DocumentObject {
        var object = DocumentObject()
        for _ in 0..<next(5) { object[text()] = value(depth: depth - 1, nulls: nulls) }
        return object
    }

    private mutating func scalar(nulls: Bool) -> DocumentValue {
        switch next(8) {
        case 0: .integer([0, -1, 12, 1 << 53, Int.min, Int.max][next(6)])
        case 1: .number(Self.floats[next(Self.floats.count)])
        case 2: .bool(next(2) == 0)
        case 3 where nulls: .null
        default: .string(text())
        }
    }
}
