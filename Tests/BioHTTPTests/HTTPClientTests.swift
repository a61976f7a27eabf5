// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import BioSystem
import BioTestSupport
import Testing

@Suite struct HTTPClientTests {
    private static func client(_ socket: String, stall: Int = 5) -> HTTPClient {
        HTTPClient(socket: socket, limits: .init(connect: 2, stall: stall))
    }

    @Test func saysThatNobodyIsThere() throws {
        let scratch = try Scratch()
        let path = scratch.file("none.sock")
        #expect(throws: HTTPError.notConnected(peer: path, .noSuchFile)) {
            try Self.client(path).send(HTTPRequest("GET", "http://engine/_ping"))
        }
    }
}
