// SPDX-License-Identifier: Apache-2.0

package import BioPackage
package import BioSystem

/// Why a receipt is not believed.
package enum ReceiptError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The first line is not that of a receipt this program reads.
    case unknownFormat(String)
    /// The checksum at the end is missing or another one.
    case altered
    /// A line, counted from 1, does not say what it should.
    case badLine(Int, String)
    case otherPackage(found: QualifiedIdent, expected: QualifiedIdent)
    case tooLarge(limit: Int)
    case system(SystemError)

    package var description: String {
        switch self {
        case .unknownFormat(let text): "the receipt has an unknown format: \(text.quoted)"
        case .altered: "the receipt was altered or is cut"
        case .badLine(let number, let why): "line \(number) of the receipt is wrong: \(why)"
        case .otherPackage(let found, let expected): "the receipt is of '\(found)', not of '\(expected)'"
        case .tooLarge(let limit): "the receipt is larger than \(limit) bytes"
        case .system(let error): error.description
        }
    }

    package var hint: String? {
        switch self {
        case .system: nil
        default: "install the package's artifact again: when the package is as signed, that writes a new receipt"
        }
    }
}
