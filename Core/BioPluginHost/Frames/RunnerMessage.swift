// SPDX-License-Identifier: Apache-2.0

package import BioSystem

/// What the runner says to the host. Everything in it may come from a plugin that lies.
package enum RunnerMessage: Hashable, Sendable {
    /// Descriptors: the plugin's description, as `PluginDescription` frames it.
    case described
    case loadFailed(LoadFailure)
    /// The first message of a runner with a sandbox, sent before anything of the plugin is loaded. Descriptors: that by
    /// which the host judges calls, where the kernel has one.
    case sandboxed(SandboxReport)
    /// The sandbox that the kernel offers could not be entered, and why.
    case notSandboxed(String)
    /// The runner itself cannot go on, and why: what it was doing failed, and nothing of that is the plugin's.
    case broken(String)
    case log(level: LogLevel, message: String)
    case progressBegan(id: UInt64, title: String, total: UInt64)
    case progressed(id: UInt64, done: UInt64)
    case progressEnded(id: UInt64)
    case service(ServiceCall)
    case ended(phase: ExportPhase, code: Int32, failure: PluginFailure?)
    /// Of a trial alone: what the plugin did to its process.
    case observed(ExportPhase, RunnerObservation)
    /// What a typed function returned.
    case answered(FunctionAnswer)
    /// A call that the user traces.
    case traced(TracedCall)

    /// The first byte of a frame.
    enum Kind: UInt8 {
        case described = 1, loadFailed, log, progressBegan, progressed, progressEnded, service, ended, sandboxed,
            answered, traced, notSandboxed, broken
        case observed = 30

        var isProgress: Bool { self == .progressBegan || self == .progressed || self == .progressEnded }
    }

    package enum LogLevel: UInt32, Sendable { case debug = 1, note, warning }

    private var kind: Kind {
        switch self {
        case .described: .described
        case .loadFailed: .loadFailed
        case .sandboxed: .sandboxed
        case .notSandboxed: .notSandboxed
        case .broken: .broken
        case .log: .log
        case .progressBegan: .progressBegan
        case .progressed: .progressed
        case .progressEnded: .progressEnded
        case .service: .service
        case .ended: .ended
        case .observed: .observed
        case .answered: .answered
        case .traced: .traced
        }
    }

    package var bytes: [UInt8] {
        var frame = FrameWriter()
        frame.u8(kind.rawValue)
        switch self {
        case .described: break
        case .loadFailed(let failure): failure.write(to: &frame)
        case .sandboxed(let report): report.write(to: &frame)
        case .notSandboxed(let text), .broken(let text): frame.text(text)
        case .log(let level, let message):
            frame.u32(level.rawValue)
            frame.text(message)
        case .progressBegan(let id, let title, let total):
            frame.u64(id)
            frame.text(title)
            frame.u64(total)
        case .progressed(let id, let done):
            frame.u64(id)
            frame.u64(done)
        case .progressEnded(let id): frame.u64(id)
        case .service(let call): call.write(to: &frame)
        case .ended(let phase, let code, let failure):
            frame.u8(phase.rawValue)
            frame.i32(code)
            frame.bool(failure != nil)
            failure?.write(to: &frame)
        case .observed(let phase, let observation):
            frame.u8(phase.rawValue)
            observation.write(to: &frame)
        case .answered(let answer): answer.write(to: &frame)
        case .traced(let call): call.write(to: &frame)
        }
        return frame.bytes
    }

    package init(parsing bytes: [UInt8]) throws(FrameError) {
        var frame = FrameReader(bytes)
        let number = try frame.u8()
        switch Kind(rawValue: number) {
        case .described: self = .described
        case .loadFailed: self = .loadFailed(try LoadFailure(from: &frame))
        case .log:
            let level = try frame.u32()
            // An unknown level is shown like a note: the line may still tell the user something.
            self = .log(level: LogLevel(rawValue: level) ?? .note, message: try frame.text("log message"))
        case .progressBegan:
            self = .progressBegan(
                id: try frame.u64(), title: try frame.text("progress title"), total: try frame.u64())
        case .progressed: self = .progressed(id: try frame.u64(), done: try frame.u64())
        case .progressEnded: self = .progressEnded(id: try frame.u64())
        case .service: self = .service(try ServiceCall(from: &frame))
        case .ended:
            self = .ended(
                phase: try Self.phase(&frame), code: try frame.i32(),
                failure: try frame.bool("failure flag") ? try PluginFailure(from: &frame) : nil)
        case .sandboxed: self = .sandboxed(try SandboxReport(from: &frame))
        case .notSandboxed: self = .notSandboxed(try frame.text("reason"))
        case .broken: self = .broken(try frame.text("reason"))
        case .observed: self = .observed(try Self.phase(&frame), try RunnerObservation(from: &frame))
        case .answered: self = .answered(try FunctionAnswer(from: &frame))
        case .traced: self = .traced(try TracedCall(from: &frame))
        case nil: throw .unknown(field: "runner message", value: UInt64(number))
        }
        try frame.end()
    }

    private static func phase(_ frame: inout FrameReader) throws(FrameError) -> ExportPhase {
        let number = try frame.u8()
        guard let phase = ExportPhase(rawValue: number) else { throw .unknown(field: "phase", value: UInt64(number)) }
        return phase
    }
}
