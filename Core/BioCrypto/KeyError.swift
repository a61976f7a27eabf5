// SPDX-License-Identifier: Apache-2.0

import BioPackage

/// Why the text of a key cannot be used.
package enum KeyError: Error, Hashable, Sendable {
    /// Longer than any key.
    case tooLong(limit: Int)
    /// Not UTF-8, or fewer than four lines.
    case incomplete
    /// The first line is another than the ones that were looked for.
    case wrongMagic(found: String, expected: [String])
    case badName(KeyName.ParseError)
    /// Something in the third line, which must be blank, or after the fourth.
    case unexpectedText(line: Int)
    case undecodable
    case wrongSize(found: Int, expected: Int)
    /// The public half of a secret key does not belong to its seed.
    case inconsistent
    /// The system gives no random bytes.
    case noRandomness
}

extension KeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let limit): "the key file is longer than \(limit) bytes"
        case .incomplete: "the key file has fewer than four lines of text"
        case .wrongMagic(let found, let expected):
            "the key file begins with \(found.quoted), not with "
                + expected.map(\.quoted).joined(separator: " or ")
        case .badName(let error): "line 2 of the key file: \(error)"
        case .unexpectedText(let line): "line \(line) of the key file is not blank"
        case .undecodable: "line 4 of the key file is not base64"
        case .wrongSize(let found, let expected): "the key has \(found) bytes, not \(expected)"
        case .inconsistent: "the public half of the secret key does not belong to its seed"
        case .noRandomness: "the system gives no random bytes"
        }
    }
}
