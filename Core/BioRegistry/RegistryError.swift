// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
package import BioHTTP

/// Why a registry did not do what was asked of it. No case holds a credential, and no URL with a query.
package enum RegistryError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It answered with a status that says no; `detail` is what it said for people, bounded and printable.
    case refused(registry: String, action: String, status: Int, code: String?, detail: String)
    /// Nobody is let in as whoever was tried.
    case unauthorized(registry: String, action: String, anonymous: Bool)
    /// What is asked for is not there.
    case missing(what: String, place: String)
    /// It has given something else than it announced, or than was asked for.
    case otherContent(what: String, place: String, expected: Digest, found: Digest)
    /// Its answer makes no sense.
    case malformed(registry: String, problem: String)
    /// It speaks http only, or was reached by http, and that is not allowed.
    case plainHTTP(registry: String)
    /// The image is there for other platforms only.
    case noPlatform(place: String, wanted: String, known: [String])
    /// It sends elsewhere, and that is not followed.
    case redirect(registry: String, action: String, problem: String)
    case http(HTTPError)

    package var description: String {
        switch self {
        case .refused(let registry, let action, let status, let code, let detail):
            "'\(registry)' refuses to \(action): \(status)" + (code.map { " \($0)" } ?? "")
                + (detail.isEmpty ? "" : ": \(detail)")
        case .unauthorized(let registry, let action, let anonymous):
            "'\(registry)' does not let "
                + (anonymous ? "anybody \(action)" : "whoever the credentials name \(action)")
        case .missing(let what, let place): "there is no \(what) at '\(place)'"
        case .otherContent(let what, let place, let expected, let found):
            "\(what) of '\(place)' is not what was announced: \(found) instead of \(expected)"
        case .malformed(let registry, let problem): "what '\(registry)' answers makes no sense: \(problem)"
        case .plainHTTP(let registry): "'\(registry)' would be spoken to over http, where everybody can listen"
        case .noPlatform(let place, let wanted, _): "'\(place)' has no image for \(wanted)"
        case .redirect(let registry, let action, let problem):
            "'\(registry)' sends elsewhere when asked to \(action): \(problem)"
        case .http(let error): error.description
        }
    }

    package var hint: String? {
        switch self {
        case .unauthorized(let registry, _, let anonymous):
            anonymous
                ? "log in: bio registry login \(registry)" : "see who is logged in: bio registry login \(registry)"
        case .noPlatform(_, _, let known):
            known.isEmpty
                ? nil
                : "choose with --platform: "
                    + known.prefix(10).map { RegistryMessage.printable($0) }.joined(separator: ", ")
                    + (known.count > 10 ? " …" : "")
        case .redirect(_, _, RegistryClient.downgrade):
            "the registry, or the proxy before it, does not know that it is reached by https: have that put right there"
        case .plainHTTP: "if that is what you want: --registry-insecure"
        case .refused(_, _, 429, _, _): "it counts requests: log in, or try again later"
        case .refused(_, _, 413, _, _): "the registry, or a proxy before it, limits how much is sent at a time"
        case .http(let error): error.hint
        default: nil
        }
    }

    /// What an answer that says no means.
    package static func refusal(_ answer: HTTPAnswer, registry: RegistryHost, action: String) -> RegistryError {
        let said = RegistryMessage(answer.body)
        return .refused(
            registry: registry.name, action: action, status: answer.response.status, code: said.code, detail: said.text)
    }

    /// The code that the registry gave, as distribution-spec 1.1 has them.
    package var code: String? { if case .refused(_, _, _, let code, _) = self { code } else { nil } }
}
