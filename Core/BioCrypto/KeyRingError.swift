// SPDX-License-Identifier: Apache-2.0

import BioPackage
package import BioSystem

/// Why a key ring cannot give or take a key.
package enum KeyRingError: Error, Hashable, Sendable {
    /// The file of this key is not there.
    case missing(KeyName, KeyKind, path: String)
    /// The ring has no key of this kind for the name.
    case noKey(name: String, KeyKind, directory: String)
    /// The file does not hold a usable key.
    case unusable(path: String, KeyError)
    /// The key in the file is another than the file's name says.
    case otherName(path: String, found: KeyName)
    /// Not a regular file.
    case notAFile(path: String)
    /// A different key is there already under that name.
    case conflict(path: String)
    /// A key of another kind has that file name: public signing and encryption keys share one ending.
    case otherKind(path: String, found: KeyKind, wanted: KeyKind)
    /// A key text that was to be imported.
    case importRefused(KeyError)
    case system(SystemError)
}

extension KeyRingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let name, let kind, let path): "the \(kind.noun) '\(name)' is missing: there is no '\(path)'"
        case .noKey(let name, let kind, let directory): "there is no \(kind.noun) of '\(name)' in '\(directory)'"
        case .unusable(let path, let error): "cannot use '\(path)': \(error)"
        case .otherName(let path, let found): "'\(path)' holds another key than its name says: '\(found)'"
        case .notAFile(let path): "'\(path)' is not a regular file"
        case .conflict(let path): "a different key is already in '\(path)'"
        case .otherKind(let path, let found, let wanted):
            "'\(path)' holds a \(found.noun) of the same name and second, so no \(wanted.noun) can be put there"
        case .importRefused(let error): error.description
        case .system(let error): error.description
        }
    }

    /// The command that helps, where one does.
    package var hint: String? {
        switch self {
        case .missing(let name, .signingPublic, _):
            "get '\(name).pub' from the origin and import it: bio origin key import"
        case .missing(_, .signingSecret, _): "only the origin's members have its secret keys"
        case .noKey(let name, .signingSecret, _): "make a key pair: bio origin key generate \(name)"
        case .noKey(_, .signingPublic, _): "import the origin's public key: bio origin key import"
        case .noKey(let name, .symmetric, _): "make one: bio ring key generate \(name)"
        case .otherKind: "make the key again: a second later it has another name"
        case .conflict: "keys are never replaced; remove the file first if it is the wrong one"
        case .system(let error): error.hint
        default: nil
        }
    }
}
