// SPDX-License-Identifier: Apache-2.0

/// The signs in front of status lines, in three alphabets (`HAB_GLYPH_STYLE`).
package enum Glyph: CaseIterable, Hashable, Sendable {
    case upArrow, downArrow, fingerPoint, elipses, checkMark, because, boxedCheckMark, rightShift, omega, star, boxedX
    case slashedZero, rightArrow, errorX, cloud

    package enum Style: String, CaseIterable, Hashable, Sendable {
        case full, limited, ascii
    }

    package func text(_ style: Style) -> String {
        let (full, limited, ascii) = row
        return switch style {
        case .full: full
        case .limited: limited
        case .ascii: ascii
        }
    }

    private var row: (String, String, String) {
        switch self {
        case .upArrow: ("↑", "↑", "/^\\")
        case .downArrow: ("↓", "↓", "  >")
        case .fingerPoint: ("☛", "→", "-->")
        case .elipses: ("…", "…", "...")
        case .checkMark: ("✓", "√", "[x]")
        case .because: ("∵", "‼", "???")
        case .boxedCheckMark: ("☑", "⌂", "[#]")
        case .rightShift: ("»", "»", " >>")
        case .omega: ("Ω", "Ω", "-->")
        case .star: ("★", "≡", "***")
        case .boxedX: ("☒", "░", "-X-")
        case .slashedZero: ("Ø", "Ø", "  0")
        case .rightArrow: ("→", "→", "-->")
        case .errorX: ("✗✗✗", "XXX", "XXX")
        case .cloud: ("☁", "⌂", "-->")
        }
    }
}
