// SPDX-License-Identifier: Apache-2.0

/// ASCII alone: names are no other text.
extension UInt8 {
    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }
    var isLowerLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self }
    var isLetter: Bool { isLowerLetter || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self }
    var isAlphanumeric: Bool { isLetter || isDigit }
}

extension String {
    /// Letters, digits, and these characters.
    func isMade(of others: String) -> Bool { utf8.allSatisfy { $0.isAlphanumeric || others.utf8.contains($0) } }
}
