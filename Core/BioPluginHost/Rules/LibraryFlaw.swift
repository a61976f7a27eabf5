// SPDX-License-Identifier: Apache-2.0

/// What a library's bytes say against loading it.
package enum LibraryFlaw: Hashable, Sendable {
    case moreSymbols(Int, first: String)
    case uniqueSymbols(Int, first: String)
    case executableStack
    case textRelocations
    /// A directory of whoever built it.
    case searchPath(String)
    /// It has a Go runtime, and would not have the process to itself.
    case goRuntimeBesideOthers

    package var rule: PluginRule {
        switch self {
        case .moreSymbols: .oneSymbol
        case .uniqueSymbols: .noUniqueSymbols
        case .executableStack: .noExecutableStack
        case .textRelocations: .noTextRelocations
        case .searchPath: .noBuilderPath
        case .goRuntimeBesideOthers: .oneGoRuntime
        }
    }

    /// A predicate of the library.
    var sentence: String {
        func shown(_ text: String) -> String { PluginLog.printable(Array(text.utf8)) }
        return switch self {
        case .moreSymbols(let count, let first):
            "it exports \(count == 1 ? "'\(shown(first))'" : "\(count) symbols, '\(shown(first))' among them,") "
                + "besides bio_export_entry"
        case .uniqueSymbols(let count, let first):
            "it exports \(count == 1 ? "the GNU_UNIQUE symbol" : "\(count) GNU_UNIQUE symbols, among them") "
                + "'\(shown(first))', which all libraries of a process share"
        case .executableStack: "it asks for an executable stack"
        case .textRelocations: "its code must be changed to be loaded (text relocations)"
        case .searchPath(let path): "it looks for libraries in '\(shown(path))', a directory of whoever built it"
        case .goRuntimeBesideOthers: "its Go runtime needs a process to itself"
        }
    }

    package var hint: String {
        switch self {
        case .moreSymbols, .uniqueSymbols:
            "link it with -Wl,--version-script=exports.map of the plugin SDK"
        case .executableStack: "link it with -Wl,-z,noexecstack; assembler files need '.section .note.GNU-stack'"
        case .textRelocations: "compile all of it with -fPIC and link it with -Wl,-z,text"
        case .searchPath: "link it without -rpath, or with -rpath '$ORIGIN'"
        case .goRuntimeBesideOthers: "leave --in-process out"
        }
    }

    func write(to frame: inout FrameWriter) {
        switch self {
        case .moreSymbols(let count, let first):
            frame.u8(1)
            frame.u32(UInt32(clamping: count))
            frame.text(first)
        case .uniqueSymbols(let count, let first):
            frame.u8(2)
            frame.u32(UInt32(clamping: count))
            frame.text(first)
        case .executableStack: frame.u8(3)
        case .textRelocations: frame.u8(4)
        case .searchPath(let path):
            frame.u8(5)
            frame.text(path)
        case .goRuntimeBesideOthers: frame.u8(6)
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let kind = try frame.u8()
        switch kind {
        case 1: self = .moreSymbols(Int(try frame.u32()), first: try frame.text("symbol"))
        case 2: self = .uniqueSymbols(Int(try frame.u32()), first: try frame.text("symbol"))
        case 3: self = .executableStack
        case 4: self = .textRelocations
        case 5: self = .searchPath(try frame.text("search path"))
        case 6: self = .goRuntimeBesideOthers
        default: throw .unknown(field: "library flaw", value: UInt64(kind))
        }
    }
}
