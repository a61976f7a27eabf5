// SPDX-License-Identifier: Apache-2.0

/// What a phase did to the plugin's process, as the runner sees it before and after. It is the plugin's own process that
/// tells: against mistakes, not against malice.
package enum RunnerObservation: Hashable, Sendable {
    /// So many more threads than before.
    case threads(Int)
    /// Descriptors that were not open before.
    case descriptors([Int])
    case workingDirectory
    case umask
    case environment
    case locale
    /// Signals whose disposition is another.
    case signals([Int])
    /// Something was written to standard output, or standard input or output is another.
    case streams
    /// Called again, the entry says something else.
    case entryDiffers
    /// Names in out_dir or scratch_dir after a phase that makes nothing.
    case written([String])
    /// Services that the export has called so far.
    case calls(Int)
    /// Microseconds that bio_export_entry took.
    case entryTime(Int)
    /// The trial made this service fail: `files.page`.
    case faulted(String)

    private var number: UInt8 {
        switch self {
        case .threads: 1
        case .descriptors: 2
        case .workingDirectory: 3
        case .umask: 4
        case .environment: 5
        case .locale: 6
        case .signals: 7
        case .streams: 8
        case .entryDiffers: 9
        case .written: 10
        case .calls: 11
        case .entryTime: 12
        case .faulted: 13
        }
    }

    func write(to frame: inout FrameWriter) {
        frame.u8(number)
        switch self {
        case .threads(let count), .calls(let count), .entryTime(let count): frame.u32(UInt32(clamping: count))
        case .descriptors(let numbers), .signals(let numbers): frame.list(numbers) { $0.u32(UInt32(clamping: $1)) }
        case .written(let names): frame.list(names) { $0.text($1) }
        case .faulted(let service): frame.text(service)
        case .workingDirectory, .umask, .environment, .locale, .streams, .entryDiffers: break
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        func numbers(_ frame: inout FrameReader) throws(FrameError) -> [Int] {
            try frame.list("numbers", limit: 4096) { (frame) throws(FrameError) in Int(try frame.u32()) }
        }
        let number = try frame.u8()
        switch number {
        case 1: self = .threads(Int(try frame.u32()))
        case 2: self = .descriptors(try numbers(&frame))
        case 3: self = .workingDirectory
        case 4: self = .umask
        case 5: self = .environment
        case 6: self = .locale
        case 7: self = .signals(try numbers(&frame))
        case 8: self = .streams
        case 9: self = .entryDiffers
        case 10:
            self = .written(
                try frame.list("names", limit: 4096) { (frame) throws(FrameError) in try frame.text("name") })
        case 11: self = .calls(Int(try frame.u32()))
        case 12: self = .entryTime(Int(try frame.u32()))
        case 13: self = .faulted(try frame.text("service"))
        default: throw .unknown(field: "observation", value: UInt64(number))
        }
    }
}
