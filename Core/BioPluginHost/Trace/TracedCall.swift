// SPDX-License-Identifier: Apache-2.0

/// Gets every call across the boundary, with the plugin's id or path.
package typealias CallObserver = @Sendable (_ plugin: String, _ call: TracedCall) -> Void

/// One call across the boundary between host and plugin, as the runner saw it (`--trace-plugin`).
package struct TracedCall: Hashable, Sendable, CustomStringConvertible {
    package enum Moment: UInt8, Hashable, Sendable {
        /// The host entered the plugin; when that call ends, another record says so.
        case entered = 0
        case ended
    }

    package var moment: Moment
    /// `plugin.run`, `rootfs.add_file`: who is called, and what.
    package var name: String
    package var arguments: String
    /// Of one that has ended.
    package var result: String
    package var nanoseconds: UInt64

    static let longestName = 64
    static let longestArguments = 2048
    static let longestResult = 512

    /// `rootfs.begin() = 0, 1 <0.000034>`, with the seconds it took.
    package var description: String {
        let call = "\(PluginLog.shown(name))(\(PluginLog.shown(arguments, longest: Self.longestArguments)))"
        guard moment == .ended else { return "\(call) ..." }
        return "\(call) = \(PluginLog.shown(result)) <\(Self.seconds(nanoseconds))>"
    }

    /// With six digits behind the point.
    package static func seconds(_ nanoseconds: UInt64) -> String {
        let micro = nanoseconds / 1000
        let digits = String(micro % 1_000_000)
        return "\(micro / 1_000_000)." + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }

    func write(to frame: inout FrameWriter) {
        frame.u8(moment.rawValue)
        frame.text(name.cut(Self.longestName))
        frame.text(arguments.cut(Self.longestArguments))
        frame.text(result.cut(Self.longestResult))
        frame.u64(nanoseconds)
    }

    package init(moment: Moment, name: String, arguments: String, result: String = "", nanoseconds: UInt64 = 0) {
        self.moment = moment
        self.name = name
        self.arguments = arguments
        self.result = result
        self.nanoseconds = nanoseconds
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let moment = try frame.u8()
        guard let moment = Moment(rawValue: moment) else {
            throw .unknown(field: "moment of a call", value: UInt64(moment))
        }
        self.moment = moment
        name = try Self.text("name of a call", Self.longestName, &frame)
        arguments = try Self.text("arguments of a call", Self.longestArguments, &frame)
        result = try Self.text("result of a call", Self.longestResult, &frame)
        nanoseconds = try frame.u64()
    }

    private static func text(_ field: String, _ longest: Int, _ frame: inout FrameReader) throws(FrameError) -> String {
        let text = try frame.text(field)
        guard text.utf8.count <= longest else { throw .tooMany(field: field, count: UInt64(text.utf8.count)) }
        return text
    }
}

extension String {
    /// The first `longest` bytes, and a sign that there were more.
    fileprivate func cut(_ longest: Int) -> String {
        guard utf8.count > longest else { return self }
        // What ends in the middle of a character would grow when it is made whole.
        var end = utf8.index(utf8.startIndex, offsetBy: longest - 3)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end]) + "..."
    }
}
