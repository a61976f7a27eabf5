// SPDX-License-Identifier: Apache-2.0

import BioPackage

/// Which plugins a rule or a variable is about: ids with `*` for any characters, or a word between tildes.
package struct PluginPattern: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    package let text: String

    /// Every plugin, whatever it is called.
    package static let all = "~all~"
    /// Every plugin that does not lie beside this program.
    package static let thirdParty = "~third-party~"

    /// Why a text is no pattern.
    package enum ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        case unknownWord(String)
        case badCharacter(String)

        package var description: String {
            switch self {
            case .unknownWord(let text):
                "\(text.quoted) is no pattern: the words between tildes are '\(all)' and '\(thirdParty)'"
            case .badCharacter(let text):
                "\(text.quoted) is no pattern: a plugin id has letters, digits, dots and dashes, and * stands for any"
            }
        }
    }

    package init(parsing text: String) throws(ParseError) {
        if text.hasPrefix("~") {
            guard text == Self.all || text == Self.thirdParty else { throw .unknownWord(text) }
        } else {
            let isSound = text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
                    UInt8(ascii: "*"):
                    true
                default: false
                }
            }
            guard !text.isEmpty, text.utf8.count <= 256, isSound else { throw .badCharacter(text) }
        }
        self.text = text
    }

    /// Whether it may match more than one id.
    package var isPattern: Bool { text.hasPrefix("~") || text.contains("*") }

    package func matches(_ id: String, isBundled: Bool) -> Bool {
        switch text {
        case Self.all: true
        case Self.thirdParty: !isBundled
        default: Self.matches(Array(text.utf8)[...], Array(id.utf8)[...])
        }
    }

    /// Whether `text` fits `pattern`, in a time that grows with both lengths and no faster.
    private static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        let star = UInt8(ascii: "*")
        var place = pattern.startIndex
        var at = text.startIndex
        /// Where to go on when what follows the last star does not fit: the star takes one more.
        var retry: (pattern: Int, text: Int)?
        while at < text.endIndex {
            if place < pattern.endIndex, pattern[place] == star {
                retry = (place + 1, at)
                place += 1
            } else if place < pattern.endIndex, pattern[place] == text[at] {
                place += 1
                at += 1
            } else if let last = retry {
                retry = (last.pattern, last.text + 1)
                place = last.pattern
                at = last.text + 1
            } else {
                return false
            }
        }
        return pattern[place...].allSatisfy { $0 == star }
    }

    package var description: String { text }
}
