// SPDX-License-Identifier: Apache-2.0

/// The verb of a status line, with its glyph and colour as Biome shows it.
package struct StatusVerb: Hashable, Sendable {
    package let word: String
    package let glyph: Glyph
    package let colour: Colour

    package init(_ word: String, _ glyph: Glyph, _ colour: Colour = .green) {
        self.word = word
        self.glyph = glyph
        self.colour = colour
    }

    package static let cached = StatusVerb("Cached", .boxedCheckMark)
    package static let created = StatusVerb("Created", .checkMark)
    package static let creating = StatusVerb("Creating", .omega)
    package static let deleted = StatusVerb("Deleted", .checkMark)
    package static let deleting = StatusVerb("Deleting", .boxedX)
    package static let executing = StatusVerb("Executing", .fingerPoint)
    package static let found = StatusVerb("Found", .rightArrow, .cyan)
    package static let generated = StatusVerb("Generated", .rightArrow, .cyan)
    package static let imported = StatusVerb("Imported", .checkMark)
    package static let installed = StatusVerb("Installed", .checkMark)
    package static let installing = StatusVerb("Installing", .fingerPoint)
    package static let missing = StatusVerb("Missing", .because, .red)
    package static let signed = StatusVerb("Signed", .checkMark, .cyan)
    package static let signing = StatusVerb("Signing", .fingerPoint, .cyan)
    package static let skipping = StatusVerb("Skipping", .elipses)
    package static let using = StatusVerb("Using", .rightArrow)
    package static let verified = StatusVerb("Verified", .checkMark)
    package static let verifying = StatusVerb("Verifying", .fingerPoint)
    package static let waiting = StatusVerb("Waiting", .elipses, .yellow)
    package static let writing = StatusVerb("Writing", .fingerPoint)
}

/// The colours of status lines, always bold.
package enum Colour: Int, Hashable, Sendable {
    case red = 31
    case green = 32
    case yellow = 33
    case magenta = 35
    case cyan = 36
}
