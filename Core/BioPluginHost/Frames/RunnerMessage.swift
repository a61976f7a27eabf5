// SPDX-License-Identifier: Apache-2.0

/// What the runner says to the host. Everything in it may come from a plugin that lies.
package enum RunnerMessage: Hashable, Sendable {
    /// Descriptors: the plugin's description, as `PluginDescription` frames it.
    case described
    case loadFailed(LoadFailure)
    case log(level: LogLevel, message: String)
    case progressBegan(id: UInt64, title: String, total: UInt64)
    case progressed(id: UInt64, done: UInt64)
    case progressEnded(id: UInt64)
    case service(ServiceCall)
    case ended(phase: ExportPhase, code: Int32, failure: PluginFailure?)

    package enum LogLevel: UInt32, Sendable { case debug = 1, note, warning }

    package var bytes: [UInt8] {
        var frame = FrameWriter()
        switch self {
        case .described: frame.u8(1)
        case .loadFailed(let failure):
            frame.u8(2)
            failure.write(to: &frame)
        case .log(let level, let message):
            frame.u8(3)
            frame.u32(level.rawValue)
            frame.text(message)
        case .progressBegan(let id, let title, let total):
            frame.u8(4)
            frame.u64(id)
            frame.text(title)
            frame.u64(total)
        case .progressed(let id, let done):
            frame.u8(5)
            frame.u64(id)
            frame.u64(done)
        case .progressEnded(let id):
            frame.u8(6)
            frame.u64(id)
        case .service(let call):
            frame.u8(7)
            call.write(to: &frame)
        case .ended(let phase, let code, let failure):
            frame.u8(8)
            frame.u8(phase.rawValue)
            frame.i32(code)
            frame.bool(failure != nil)
            failure?.write(to: &frame)
        }
        return frame.bytes
    }

    package init(parsing bytes: [UInt8]) throws(FrameError) {
        var frame = FrameReader(bytes)
        let kind = try frame.u8()
        switch kind {
        case 1: self = .described
        case 2: self = .loadFailed(try LoadFailure(from: &frame))
        case 3:
            let level = try frame.u32()
            // An unknown level is shown like a note: the line may still tell the user something.
            self = .log(level: LogLevel(rawValue: level) ?? .note, message: try frame.text("log message"))
        case 4:
            self = .progressBegan(
                id: try frame.u64(), title: try frame.text("progress title"), total: try frame.u64())
        case 5: self = .progressed(id: try frame.u64(), done: try frame.u64())
        case 6: self = .progressEnded(id: try frame.u64())
        case 7: self = .service(try ServiceCall(from: &frame))
        case 8:
            let phase = try frame.u8()
            guard let phase = ExportPhase(rawValue: phase) else {
                throw .unknown(field: "phase", value: UInt64(phase))
            }
            let code = try frame.i32()
            self = .ended(
                phase: phase, code: code,
                failure: try frame.bool("failure flag") ? try PluginFailure(from: &frame) : nil)
        default: throw .unknown(field: "runner message", value: UInt64(kind))
        }
        try frame.end()
    }
}

/// Why a plugin could not be loaded or did not describe itself.
package enum LoadFailure: Hashable, Sendable {
    /// What the dynamic linker says.
    case library(String)
    /// It is for another machine, of this name.
    case machine(String)
    /// It needs this library, a shared Swift runtime or what comes with one.
    case runtime(String)
    /// There is no `bio_export_entry`.
    case noEntry
    /// The entry returned this code.
    case refused(code: Int32)
    /// The plugin speaks another ABI.
    case abi(used: ABIVersion, built: ABIVersion, needed: ABIVersion)
    /// A table of the plugin is not what the header says.
    case table(String)

    func write(to frame: inout FrameWriter) {
        switch self {
        case .library(let text):
            frame.u8(1)
            frame.text(text)
        case .noEntry: frame.u8(2)
        case .refused(let code):
            frame.u8(3)
            frame.i32(code)
        case .abi(let used, let built, let needed):
            frame.u8(4)
            for version in [used, built, needed] { frame.u32(version.rawValue) }
        case .table(let text):
            frame.u8(5)
            frame.text(text)
        case .machine(let name):
            frame.u8(6)
            frame.text(name)
        case .runtime(let name):
            frame.u8(7)
            frame.text(name)
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let kind = try frame.u8()
        switch kind {
        case 1: self = .library(try frame.text("linker message"))
        case 2: self = .noEntry
        case 3: self = .refused(code: try frame.i32())
        case 4:
            self = .abi(
                used: ABIVersion(rawValue: try frame.u32()), built: ABIVersion(rawValue: try frame.u32()),
                needed: ABIVersion(rawValue: try frame.u32()))
        case 5: self = .table(try frame.text("table"))
        case 6: self = .machine(try frame.text("machine"))
        case 7: self = .runtime(try frame.text("library"))
        default: throw .unknown(field: "load failure", value: UInt64(kind))
        }
    }
}

/// The reason a plugin gave (`bio_error`).
package struct PluginFailure: Hashable, Sendable {
    package enum Subject: UInt32, Sendable { case none = 0, option, package, path }

    package var code: Int32
    package var subjectKind: Subject
    package var subject: String
    package var message: String
    package var hint: String

    package init(code: Int32, subjectKind: Subject = .none, subject: String = "", message: String, hint: String = "") {
        self.code = code
        self.subjectKind = subjectKind
        self.subject = subject
        self.message = message
        self.hint = hint
    }

    func write(to frame: inout FrameWriter) {
        frame.i32(code)
        frame.u32(subjectKind.rawValue)
        frame.text(subject)
        frame.text(message)
        frame.text(hint)
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        code = try frame.i32()
        subjectKind = Subject(rawValue: try frame.u32()) ?? .none
        subject = try frame.text("subject of an error")
        message = try frame.text("message of an error")
        hint = try frame.text("hint of an error")
    }
}
