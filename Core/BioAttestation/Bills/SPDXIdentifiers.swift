// SPDX-License-Identifier: Apache-2.0

/// Names of elements inside one SPDX document, `SPDXRef-…`: letters, digits, dots and dashes (SPDX 2.3, clause 7.2).
struct SPDXIdentifiers {
    private var taken: Set<String> = []

    /// A name that nothing in the document has yet. Names that differ in what cannot be written get numbers.
    mutating func make(_ kind: String, _ name: String) -> String {
        let wanted = "SPDXRef-\(kind)-\(Self.plain(name))"
        if taken.insert(wanted).inserted { return wanted }
        var number = 2
        while !taken.insert("\(wanted)-\(number)").inserted { number += 1 }
        return "\(wanted)-\(number)"
    }

    /// `name` with a dash for everything that cannot be written.
    static func plain(_ name: String) -> String {
        String(
            decoding: name.utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
                    byte
                default: UInt8(ascii: "-")
                }
            }, as: UTF8.self)
    }
}
