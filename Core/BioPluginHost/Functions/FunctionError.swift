// SPDX-License-Identifier: Apache-2.0

/// Why a typed function gave no result, though the plugin is not at fault.
package enum FunctionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// So many bytes of text.
    case tooLong(Int)
    /// The values are not what this signature takes.
    case otherTypes(String)
    /// Without libffi; what the dynamic linker says.
    case unavailable(String)

    package var description: String {
        switch self {
        case .tooLong(let count): "its \(count) bytes are more than a function takes, \(FunctionValue.mostBytes)"
        case .otherTypes(let signature): "the values are not those of \(signature)"
        case .unavailable(let text): "typed functions cannot be called: \(text)"
        }
    }

    package var hint: String? {
        switch self {
        case .tooLong, .otherTypes: nil
        case .unavailable: "install libffi (Debian: libffi8)"
        }
    }
}
