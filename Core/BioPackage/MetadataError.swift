// SPDX-License-Identifier: Apache-2.0

/// What is wrong with a package's metafiles. Lines count from 1.
package enum MetadataError: Error, Hashable, Sendable {
    case missing(MetaFile, of: QualifiedIdent)
    /// Not UTF-8, or a NUL in the text.
    case notText(MetaFile, line: Int)
    case badIdent(MetaFile, line: Int, PackageIdent.ParseError)
    /// IDENT names another package than the one whose directory it lies in.
    case identMismatch(found: QualifiedIdent, expected: QualifiedIdent)
    case badTarget(PackageTarget.ParseError)
    /// A line that lacks the `=` between name and value, or the name.
    case badLine(MetaFile, line: Int, text: String)
    /// A value out of a closed or checked set; `expected` says which.
    case badValue(MetaFile, text: String, expected: String)
}

extension MetadataError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let file, let ident): "package '\(ident)' has no \(file)"
        case .notText(let file, let line): "line \(line) of \(file) is not UTF-8 text"
        case .badIdent(let file, let line, let error): "line \(line) of \(file): \(error)"
        case .identMismatch(let found, let expected): "IDENT says '\(found)' but the package is '\(expected)'"
        case .badTarget(let error): "TARGET: \(error)"
        case .badLine(let file, let line, let text): "line \(line) of \(file) is not a name=value pair: \(text.quoted)"
        case .badValue(let file, let text, let expected): "\(file) is \(text.quoted), not \(expected)"
        }
    }

    /// What to do about it, where something can be done.
    package var hint: String? {
        switch self {
        case .missing(.target, _): "packages built before May 2016 have no TARGET and cannot be used"
        case .badTarget(let error): error.hint
        default: nil
        }
    }
}
