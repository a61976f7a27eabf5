// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPluginHost

@Suite struct PluginPatternTests {
    @Test(arguments: [
        ("org.example.thing", "org.example.thing", true), ("org.example.thing", "org.example.things", false),
        ("org.example.*", "org.example.thing", true), ("org.example.*", "org.examples", false),
        ("*", "anything.else", true), ("*.thing", "org.example.thing", true), ("*.thing", "org.thing.x", false),
        ("org.*.thing", "org.a.b.thing", true), ("org.*.thing", "org.thing", false), ("*a*b*", "xaxxb", true),
        ("*a*b*", "ba", false), ("a**", "a", true), ("*ab", "aab", true), ("*aab", "aaab", true),
    ])
    func aStarStandsForAnyCharacters(_ pattern: String, _ id: String, _ fits: Bool) throws {
        #expect(try PluginPattern(parsing: pattern).matches(id, isBundled: false) == fits)
    }

    @Test func wordsBetweenTildesAreAboutPlaces() throws {
        let all = try PluginPattern(parsing: "~all~")
        let thirdParty = try PluginPattern(parsing: "~third-party~")
        #expect(all.matches("a.b", isBundled: true) && all.matches("a.b", isBundled: false))
        #expect(!thirdParty.matches("a.b", isBundled: true) && thirdParty.matches("a.b", isBundled: false))
    }

    @Test(arguments: [
        ("~any~", "'~any~' is no pattern: the words between tildes are '~all~' and '~third-party~'"),
        ("~", "'~' is no pattern: the words between tildes are '~all~' and '~third-party~'"),
        ("", "'' is no pattern: a plugin id has letters, digits, dots and dashes, and * stands for any"),
        ("a b", "'a b' is no pattern: a plugin id has letters, digits, dots and dashes, and * stands for any"),
        ("a/b", "'a/b' is no pattern: a plugin id has letters, digits, dots and dashes, and * stands for any"),
    ])
    func whatNoIdCanFitIsRefused(_ text: String, _ sentence: String) {
        let error = #expect(throws: PluginPattern.ParseError.self) { try PluginPattern(parsing: text) }
        #expect(error?.description == sentence)
    }

    @Test func manyStarsTakeNoLongerThanTheyMust() throws {
        let pattern = try PluginPattern(parsing: String(repeating: "a*", count: 100) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 10_000), isBundled: false))
    }
}
