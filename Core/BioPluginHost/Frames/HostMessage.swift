// SPDX-License-Identifier: Apache-2.0

/// The steps of an exporter's life, in order.
package enum ExportPhase: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    case describe = 0, create, validate, plan, run, destroy
    /// A call of a typed function, between `describe` and `create` or without an export.
    case function

    package var description: String {
        switch self {
        case .describe: "describe"
        case .create: "create"
        case .validate: "validate"
        case .plan: "plan"
        case .run: "run"
        case .destroy: "destroy"
        case .function: "a typed function"
        }
    }
}

/// What the host says to the runner.
package enum HostMessage: Hashable, Sendable {
    /// Load this library and describe it. Descriptors: the event that is readable once the user asks to stop, and
    /// the library, if it is sent.
    case start(RunnerStart)
    /// The job of an export. Descriptors: its `JobSnapshot`.
    case job(format: String)
    /// Enter the plugin. `create` is the first, `destroy` the last.
    case call(ExportPhase)
    /// The answer to a service call. Descriptors: for an opened file, the file.
    case reply(code: Int32, payload: [UInt8])
    /// Call a typed function.
    case invoke(function: String, values: [FunctionValue])

    package var bytes: [UInt8] {
        var frame = FrameWriter()
        switch self {
        case .start(let start):
            frame.u8(1)
            start.write(to: &frame)
        case .job(let format):
            frame.u8(2)
            frame.text(format)
        case .call(let phase):
            frame.u8(3)
            frame.u8(phase.rawValue)
        case .reply(let code, let payload):
            frame.u8(4)
            frame.i32(code)
            frame.blob(payload)
        case .invoke(let function, let values):
            frame.u8(5)
            frame.text(function)
            frame.list(values) { $1.write(to: &$0) }
        }
        return frame.bytes
    }

    package init(parsing bytes: [UInt8]) throws(FrameError) {
        var frame = FrameReader(bytes)
        let kind = try frame.u8()
        switch kind {
        case 1: self = .start(try RunnerStart(from: &frame))
        case 2: self = .job(format: try frame.text("format"))
        case 3:
            let phase = try frame.u8()
            guard let phase = ExportPhase(rawValue: phase) else {
                throw .unknown(field: "phase", value: UInt64(phase))
            }
            self = .call(phase)
        case 4: self = .reply(code: try frame.i32(), payload: try frame.blob())
        case 5:
            self = .invoke(
                function: try frame.text("function name"),
                values: try frame.list("values", limit: FunctionSignature.mostArguments) { (frame) throws(FrameError) in
                    try FunctionValue(from: &frame)
                })
        default: throw .unknown(field: "host message", value: UInt64(kind))
        }
        try frame.end()
    }
}
