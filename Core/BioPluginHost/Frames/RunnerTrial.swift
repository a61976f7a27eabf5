// SPDX-License-Identifier: Apache-2.0

/// What is made different in a runner to see how a plugin takes it (`bio plugin check`). An export of a user's has none.
package struct RunnerTrial: Hashable, Sendable {
    /// A host service that fails: the `call`th of the export, from 1, with `code`.
    package struct Fault: Hashable, Sendable {
        package var call: UInt32
        package var code: Int32

        package init(call: UInt32, code: Int32) {
            self.call = call
            self.code = code
        }
    }

    /// The only ABI that the host says it speaks; nil: what it does.
    package var abi: ABIVersion?
    /// So many bytes are behind every struct of the host, and counted in its size.
    package var growth: UInt32 = 0
    /// Services that the host does not have.
    package var withheld: [String] = []
    package var fault: Fault?
    /// Where the runner begins, and where it may write, so that somebody sees what it writes there; empty: where it does,
    /// and where it may not.
    package var workingDirectory = ""
    /// `NAME=VALUE`, set besides the runner's own.
    package var environment: [String] = []
    package var umask: UInt32?
    /// A second exporter lives beside the first.
    package var hasTwin = false
    /// The user stops the export when this phase …
    package var cancelPhase: ExportPhase?
    /// … calls its service of this number; 0: when it begins.
    package var cancelCall: UInt32 = 0

    package init() {}

    func write(to frame: inout FrameWriter) {
        frame.u32(abi?.rawValue ?? 0)
        frame.u32(growth)
        frame.list(withheld) { $0.text($1) }
        frame.u32(fault?.call ?? 0)
        frame.i32(fault?.code ?? 0)
        frame.text(workingDirectory)
        frame.list(environment) { $0.text($1) }
        frame.u32(umask ?? .max)
        frame.bool(hasTwin)
    }

    /// When the user stops is the host's affair: it does not travel.
    init(from frame: inout FrameReader) throws(FrameError) {
        let abi = try frame.u32()
        self.abi = abi == 0 ? nil : ABIVersion(rawValue: abi)
        growth = min(try frame.u32(), 1 << 12)
        withheld = try frame.list("services") { (frame) throws(FrameError) in try frame.text("service") }
        let fault = Fault(call: try frame.u32(), code: try frame.i32())
        self.fault = fault.call == 0 ? nil : fault
        workingDirectory = try frame.text("working directory")
        environment = try frame.list("variables") { (frame) throws(FrameError) in try frame.text("variable") }
        let mask = try frame.u32()
        umask = mask == .max ? nil : mask & 0o777
        hasTwin = try frame.bool("twin flag")
    }
}
