// SPDX-License-Identifier: Apache-2.0

/// The standards of bills of materials.
package enum BillFormat: String, Hashable, Sendable, CaseIterable {
    /// SPDX 2.3.
    case spdx
    /// CycloneDX 1.6.
    case cyclonedx

    /// Of the JSON text.
    package var mediaType: String {
        switch self {
        case .spdx: "application/spdx+json"
        case .cyclonedx: "application/vnd.cyclonedx+json"
        }
    }

    /// What an in-toto statement calls the bill inside it.
    package var predicateType: String {
        switch self {
        case .spdx: "https://spdx.dev/Document/v2.3"
        case .cyclonedx: "https://cyclonedx.org/bom/v1.6"
        }
    }
}
