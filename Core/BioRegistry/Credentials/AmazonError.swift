// SPDX-License-Identifier: Apache-2.0

/// Why Amazon's registry gives no credential. No case holds a key, a token, or what Amazon says at length: its complaints
/// about signatures repeat what was sent.
package enum AmazonError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody gave an access key.
    case noKeys
    /// A key or token has characters that none has.
    case unsendable
    /// The registry's name tells no region, nor does anybody else.
    case noRegion(registry: String)
    case region(String)
    /// An address of the service that is none.
    case endpoint(variable: String)
    /// `type` is Amazon's word for it, when it gave one.
    case refused(region: String, status: Int, type: String?)
    /// Its answer has no credential.
    case malformed(region: String)

    package var description: String {
        switch self {
        case .noKeys: "there is no access key for Amazon's registry"
        case .unsendable: "the access key for Amazon's registry has characters that no key has"
        case .noRegion(let registry): "nobody says in which region of Amazon '\(registry)' is"
        case .region(let text):
            "'\(text.unicodeScalars.filter { $0.isASCII && $0.value > 0x1F })' is no region of Amazon"
        case .endpoint(let variable): "the variable \(variable) is no address of a service"
        case .refused(let region, let status, let type):
            "Amazon's registry in '\(region)' gives no credential: \(status)" + (type.map { " \($0)" } ?? "")
        case .malformed(let region): "what Amazon's registry in '\(region)' answers makes no sense"
        }
    }

    package var hint: String? {
        switch self {
        case .noKeys:
            "give --username ACCESS-KEY --password-stdin, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case .unsendable: "look at what is given for a blank or a line end"
        case .noRegion, .region: "give one: --registry-region eu-west-1"
        case .endpoint: "it begins with https://"
        case .refused: "see if the key holds: aws ecr get-login-password --region REGION"
        case .malformed: nil
        }
    }
}
