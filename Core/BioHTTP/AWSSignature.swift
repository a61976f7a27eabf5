// SPDX-License-Identifier: Apache-2.0

/// How a request to Amazon is signed (AWS signature version 4). A session token is a header of the request.
package struct AWSSignature: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package let region: String
    package let service: String
    package let accessKey: String
    package let secretKey: String

    /// None of them may have a NUL, and region and service no colon.
    package init(region: String, service: String, accessKey: String, secretKey: String) {
        precondition(!(region + service).utf8.contains(UInt8(ascii: ":")), "the scope's parts are cut by colons")
        self.region = region
        self.service = service
        self.accessKey = accessKey
        self.secretKey = secretKey
    }

    package var description: String { "a signature for \(service) in \(region)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// As libcurl wants it.
    var scope: String { "aws:amz:\(region):\(service)" }
}
