// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import BioOCI

/// An answer whose body is still on the way.
final class BlobReply: RegistryReply {
    let response: HTTPResponse
    private let exchange: HTTPExchange
    private let arrived: Arrived
    private var isOver: Bool
    /// Bytes at the start that nobody asked for: the registry gave the whole blob instead of the rest.
    var unwanted: Int64 = 0

    /// Bytes that came in one step and wait to be taken.
    private final class Arrived {
        var response = HTTPResponse(status: 0)
        var bytes: [UInt8] = []
        var start = 0
        var count: Int { bytes.count - start }
    }

    /// Returns when the head and the first bytes are there.
    init(_ request: HTTPRequest, _ http: HTTPClient) throws {
        let arrived = Arrived()
        exchange = try http.begin(request) { response, bytes in
            arrived.response = response
            arrived.bytes.append(contentsOf: bytes)
        }
        self.arrived = arrived
        isOver = try !exchange.advance { arrived.count > 0 }
        response = isOver ? try exchange.finish() : arrived.response
    }

    /// Puts the next bytes at the start of `buffer`; 0: the body has ended.
    func take(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            if arrived.count == 0 { try advance() }
            let skipped = Int(min(unwanted, Int64(arrived.count)))
            unwanted -= Int64(skipped)
            arrived.start += skipped
            let count = min(arrived.count, buffer.count)
            if count == 0 {
                if isOver { return 0 }
                continue
            }
            buffer.copyBytes(from: arrived.bytes[arrived.start..<arrived.start + count])
            arrived.start += count
            return count
        }
    }

    private func advance() throws {
        arrived.bytes.removeAll(keepingCapacity: true)
        arrived.start = 0
        guard !isOver else { return }
        if try exchange.advance(until: { [arrived] in arrived.count > 0 }) { return }
        isOver = true
        _ = try exchange.finish()
    }

    /// Bytes of a refusal that are read.
    private static let limit = 64 << 10

    func whole() throws -> HTTPAnswer {
        var body: [UInt8] = []
        try withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
            while body.count < Self.limit {
                let count = try take(into: buffer)
                if count == 0 { return }
                body.append(contentsOf: buffer[..<count])
            }
        }
        return HTTPAnswer(response, body: body)
    }
}
