// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioSystem

/// Why credentials cannot be read or kept. No case holds one, nor anything that a helper printed.
package enum CredentialError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file of credentials is no such file; what is wrong is told without its contents.
    case file(path: String, problem: String, DocumentPosition?)
    case missingFile(String)
    /// A name of a helper that is none: it would be looked for elsewhere.
    case helperName(String, path: String)
    case helperMissing(String)
    /// It ended with that, and said nothing that is known.
    case helperFailed(String, action: String, code: Int32)
    case helperKilled(String, action: String, signal: String)
    case helperSlow(String, action: String, seconds: Int)
    /// What it printed is not what the protocol has.
    case helperNonsense(String, action: String)
    /// Text that cannot be sent in a header.
    case unsendable(place: String)
    /// A variable without the one that it belongs to.
    case variableAlone(String, missing: String)
    case variableUnknown(String)
    case variableHost(String)
    case system(SystemError)
    case cancelled

    package var description: String {
        switch self {
        case .file(let path, let problem, let position):
            "'\(path)' is no file of credentials: \(problem)" + (position.map { " at \($0)" } ?? "")
        case .missingFile(let path): "there is no file of credentials '\(path)'"
        case .helperName(let name, let path): "'\(path)' names a credential helper that cannot be one: \(name.quoted)"
        case .helperMissing(let name): "the credential helper '\(Self.program(name))' is not installed"
        case .helperFailed(let name, let action, let code):
            "the credential helper '\(Self.program(name))' could not \(action): it ended with \(code)"
        case .helperKilled(let name, let action, let signal):
            "the credential helper '\(Self.program(name))' could not \(action): it was killed by \(signal)"
        case .helperSlow(let name, let action, let seconds):
            "the credential helper '\(Self.program(name))' did not \(action) within \(seconds) s"
        case .helperNonsense(let name, let action):
            "what the credential helper '\(Self.program(name))' answers to \(action) makes no sense"
        case .unsendable(let place): "the credentials of \(place) have characters that no header can have"
        case .variableAlone(let name, let missing): "the variable \(name) is set, but \(missing) is not"
        case .variableUnknown(let name): "the variable \(name) is none that bio knows"
        case .variableHost(let name): "the variable \(name) names no registry"
        case .system(let error): error.description
        case .cancelled: "interrupted"
        }
    }

    package var hint: String? {
        switch self {
        case .file: "mend or remove it, and log in again: bio registry login REGISTRY"
        case .missingFile: "make it: bio registry login --authfile FILE REGISTRY"
        case .helperName: "a helper is named by what follows 'docker-credential-' in the name of its program"
        case .helperMissing(let name):
            "put \(Self.program(name)) into a directory of PATH, or take it out of the configuration of docker"
        case .helperFailed(let name, _, _), .helperKilled(let name, _, _), .helperNonsense(let name, _):
            "see what it says: echo REGISTRY | \(Self.program(name)) get"
        case .helperSlow: "give it more time with BIO_CREDENTIAL_HELPER_TIMEOUT=SECONDS"
        case .unsendable: "log in again: bio registry login REGISTRY"
        case .variableAlone(let name, _): "set both, or unset \(name)"
        case .variableUnknown: "the variables are \(EnvironmentCredentials.names.joined(separator: ", "))"
        case .variableHost: "a registry is written as host, host:port or host/path"
        case .system(let error): error.hint
        case .cancelled: nil
        }
    }

    private static func program(_ name: String) -> String { CredentialProgram.prefix + name }
}

extension String {
    /// In quotes, bounded, and harmless to a terminal.
    fileprivate var quoted: String {
        let plain = unicodeScalars.prefix(64).map { $0.value < 0x20 || $0.value == 0x7F ? "?" : String($0) }
        return "'\(plain.joined())'"
    }
}
