// SPDX-License-Identifier: Apache-2.0

/// The version of this program.
package enum BioVersion {
    package static let number = "0.1.0"
    package static let line = "bio 0.1.0"
    /// The day of the release, for manual pages.
    package static let date = "2026-11-20"
}
