// SPDX-License-Identifier: Apache-2.0

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
    /// Its bytes say that it must not be loaded.
    case flaw(LibraryFlaw)

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
        case .flaw(let flaw):
            frame.u8(8)
            flaw.write(to: &frame)
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
        case 8: self = .flaw(try LibraryFlaw(from: &frame))
        default: throw .unknown(field: "load failure", value: UInt64(kind))
        }
    }
}
