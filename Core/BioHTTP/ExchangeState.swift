// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// What libcurl's calls see of an exchange: they come from within `push` and `finish`, on the thread that calls those.
final class ExchangeState {
    /// Bytes that wait to be taken: those of the push that goes on.
    var pending = UnsafeRawBufferPointer(start: nil, count: 0)
    /// No more bytes come.
    var isComplete = false
    /// libcurl has asked for bytes when there were none.
    var isPaused = false
    private(set) var given: Int64 = 0
    private(set) var response = HTTPResponse(status: 0)
    /// What the receiver threw.
    private(set) var thrown: (any Error)?
    /// A body that was whole from the start; libcurl reads it there.
    private let whole: UnsafeMutableRawBufferPointer?
    private let receive: (HTTPResponse, UnsafeRawBufferPointer) throws -> Void

    init(_ body: HTTPRequest.Body, receive: @escaping (HTTPResponse, UnsafeRawBufferPointer) throws -> Void) {
        switch body {
        case .none, .pushed: whole = nil
        case .bytes(let bytes):
            // One byte more: an empty body has an address too.
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 1, alignment: 1)
            copy.copyBytes(from: bytes)
            whole = copy
        }
        self.receive = receive
    }

    deinit { whole?.deallocate() }

    var wholeBody: UnsafeRawPointer? { UnsafeRawPointer(whole?.baseAddress) }

    /// Bytes of a pushed body.
    private func fill(_ room: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(room.count, pending.count)
        guard count > 0 else {
            isPaused = !isComplete
            return isComplete ? 0 : Int(BIO_BODY_LATER)
        }
        room.copyMemory(from: UnsafeRawBufferPointer(rebasing: pending[..<count]))
        pending = UnsafeRawBufferPointer(rebasing: pending[count...])
        given += Int64(count)
        return count
    }

    /// A status line begins a head: those of interim responses (1xx) and redirections go before the last one.
    private func take(line: UnsafeRawBufferPointer) {
        let text = line.prefix { $0 != 0x0D && $0 != 0x0A }
        if text.starts(with: Array("HTTP/".utf8)) {
            let words = text.split(separator: 0x20)
            let status = words.count > 1 ? Int(String(decoding: words[1], as: UTF8.self)) : nil
            response = HTTPResponse(status: status ?? 0)
        } else if let colon = text.firstIndex(of: 0x3A) {
            let name = Self.printable(text[..<colon])
            let value = Self.printable(text[(colon + 1)...])
            // Heads are bounded by libcurl: 300 KiB.
            response.headers.append(HTTPHeader(name, value))
        }
    }

    /// Without spaces around; control characters, which a server has no business to send, are taken out.
    private static func printable(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        var kept = bytes.filter { $0 >= 0x20 && $0 != 0x7F }
        while kept.last == 0x20 { kept.removeLast() }
        return String(decoding: kept.drop { $0 == 0x20 }, as: UTF8.self)
    }

    private func take(body: UnsafeRawBufferPointer) -> Bool {
        do {
            try receive(response, body)
            return true
        } catch {
            thrown = error
            return false
        }
    }

    /// SAFETY: `context` is the state, which its exchange holds as long as C may call.
    private static func of(_ context: UnsafeMutableRawPointer?) -> ExchangeState {
        guard let context else { preconditionFailure("the context goes with every call") }
        return Unmanaged<ExchangeState>.fromOpaque(context).takeUnretainedValue()
    }

    static let calls = bio_exchange_calls(
        body: { context, room, count in
            of(context).fill(UnsafeMutableRawBufferPointer(start: room, count: count))
        },
        line: { context, bytes, count in of(context).take(line: UnsafeRawBufferPointer(start: bytes, count: count)) },
        receive: { context, bytes, count in
            of(context).take(body: UnsafeRawBufferPointer(start: bytes, count: count)) ? 1 : 0
        })
}
