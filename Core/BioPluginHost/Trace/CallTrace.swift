// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// Tells the host of calls across the boundary while they happen; does nothing unless the user traces.
struct CallTrace: Sendable {
    /// Nil: nobody traces.
    private let channel: FrameChannel?

    init(_ channel: FrameChannel?) { self.channel = channel }

    /// A call of the host's side by the plugin.
    @discardableResult
    func service<R: ~Copyable>(
        _ name: @autoclosure () -> String, _ arguments: @autoclosure () -> String, _ result: (borrowing R) -> String,
        _ body: () -> R
    ) -> R {
        guard channel != nil else { return body() }
        let (name, arguments, began) = (name(), arguments(), UInt64(MonotonicClock.nanoseconds))
        let made = body()
        tell(.init(moment: .ended, name: name, arguments: arguments, result: result(made), nanoseconds: since(began)))
        return made
    }

    /// A call of the plugin by the host: said before it, too, because it may not come back.
    func plugin<R>(
        _ name: @autoclosure () -> String, _ arguments: @autoclosure () -> String, _ result: (R) -> String,
        _ body: () -> R
    ) -> R {
        guard channel != nil else { return body() }
        let (name, arguments) = ("plugin.\(name())", arguments())
        tell(.init(moment: .entered, name: name, arguments: arguments))
        return service(name, arguments, result, body)
    }

    /// A call whose arguments could not be read.
    func refused(_ why: @autoclosure () -> String) {
        guard channel != nil else { return }
        tell(.init(moment: .ended, name: "a service", arguments: "", result: "refused: \(why())"))
    }

    private func tell(_ call: TracedCall) { try? channel?.send(RunnerMessage.traced(call).bytes) }

    private func since(_ began: UInt64) -> UInt64 { UInt64(MonotonicClock.nanoseconds) - began }
}

extension FunctionValue {
    var traced: String {
        switch self {
        case .bool(let value): "\(value)"
        case .signed(let value): "\(value)"
        case .unsigned(let value): "\(value)"
        case .double(let value): "\(value)"
        case .text(let text): TraceText.quoted(text)
        }
    }
}

extension FunctionAnswer {
    var traced: String {
        switch self {
        case .value(let value): value.traced
        case .accepted: "0"
        case .refused(let code, let why): "\(code), \(TraceText.quoted(why))"
        case .wrong(let text), .unavailable(let text): text
        }
    }
}

/// How values look in a trace.
enum TraceText {
    static func quoted(_ text: String) -> String {
        let shown = text.utf8.count <= 256 ? text : String(decoding: text.utf8.prefix(253), as: UTF8.self) + "..."
        return "\"\(shown.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
    }

    static func quoted(_ bytes: [UInt8]) -> String { quoted(String(decoding: bytes.prefix(1024), as: UTF8.self)) }

    static func mode(_ mode: UInt32) -> String { "0" + String(mode, radix: 8) }

    static func bytes(_ count: some BinaryInteger) -> String { "\(count) bytes" }

    static func list(_ texts: [String]) -> String { "[\(texts.map { quoted($0) }.joined(separator: ", "))]" }

    static func value(_ value: some CustomStringConvertible) -> String { "\(value)" }
}
