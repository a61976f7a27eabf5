// SPDX-License-Identifier: Apache-2.0

/// What is asked of a server.
package struct HTTPRequest: Sendable {
    package enum Body: Hashable, Sendable {
        case none
        case bytes([UInt8])
        /// Comes through `HTTPExchange.push`. Without a length it is sent in chunks.
        case pushed(length: Int64?)
    }

    package var method: String
    package var url: String
    package var headers: [HTTPHeader]
    package var body: Body
    package var tls = TLSSettings()
    package var signing: AWSSignature?

    package init(_ method: String, _ url: String, headers: [HTTPHeader] = [], body: Body = .none) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// A field of a head. Neither part may have line ends or NUL.
package struct HTTPHeader: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(_ name: String, _ value: String) {
        precondition(!(name + value).utf8.contains { $0 < 0x20 && $0 != 0x09 }, "a header is one line")
        self.name = name
        self.value = value
    }
}

/// The head of what a server answered.
package struct HTTPResponse: Hashable, Sendable {
    package var status: Int
    package var headers: [HTTPHeader]

    package init(status: Int, headers: [HTTPHeader] = []) {
        self.status = status
        self.headers = headers
    }

    package var isSuccess: Bool { 200..<300 ~= status }

    /// The first field of that name, in whatever case the server writes it.
    package subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased().utf8.elementsEqual(name.lowercased().utf8) }?.value
    }
}

/// A response with its whole body.
package struct HTTPAnswer: Hashable, Sendable {
    package let response: HTTPResponse
    package let body: [UInt8]

    package init(_ response: HTTPResponse, body: [UInt8]) {
        self.response = response
        self.body = body
    }
}
