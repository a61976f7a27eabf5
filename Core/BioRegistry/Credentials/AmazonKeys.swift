// SPDX-License-Identifier: Apache-2.0

/// Who asks Amazon. No text that shows it says who.
package struct AmazonKeys: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable
{
    let accessKey: String
    let secretKey: String
    let sessionToken: String?

    /// What is given, or else the variables `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`. `AWS_SESSION_TOKEN` belongs to
    /// the key of the variables: with another one it would make a good key a bad one.
    package init(
        accessKey: String?, secretKey: String?, lookup: (String) -> String?
    ) throws(AmazonError) {
        let known = lookup("AWS_ACCESS_KEY_ID")
        if let accessKey, let secretKey {
            self.accessKey = accessKey
            self.secretKey = secretKey
        } else {
            guard let known, let secret = lookup("AWS_SECRET_ACCESS_KEY") else { throw .noKeys }
            self.accessKey = known
            self.secretKey = secret
        }
        sessionToken = known == nil || known == self.accessKey ? lookup("AWS_SESSION_TOKEN") : nil
        let isSendable = [self.accessKey, self.secretKey, sessionToken ?? "-"].allSatisfy { text in
            !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }
        guard isSendable else { throw .unsendable }
    }

    package var description: String { "an access key" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
