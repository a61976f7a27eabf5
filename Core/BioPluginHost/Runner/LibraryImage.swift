// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// What an ELF library says before it is loaded: its machine, what it needs, what it shows, what it asks for. What cannot
/// be read here is left to the dynamic linker, which says what is wrong with it.
package struct LibraryImage {
    package struct Machine: Hashable, Sendable {
        let number: UInt16
        var isWide = true

        package var name: String {
            let names: [UInt16: String] = [
                3: "x86", 8: "mips", 20: "ppc", 21: "ppc64", 22: "s390x", 40: "arm", 62: "x86_64", 183: "aarch64",
                243: "riscv", 258: "loongarch",
            ]
            let name = names[number] ?? "machine \(number)"
            return isWide == Self.isUsuallyWide(number) ? name : name + (isWide ? " (64 bits)" : " (32 bits)")
        }

        private static func isUsuallyWide(_ number: UInt16) -> Bool { ![3, 8, 20, 40].contains(number) }
    }

    #if arch(x86_64)
        package static let hostMachine = Machine(number: 62)
    #elseif arch(arm64)
        package static let hostMachine = Machine(number: 183)
    #endif

    package let machine: Machine
    /// Empty when they cannot be read.
    package private(set) var needed: [String] = []
    /// Nil when they cannot be read.
    private(set) var exports: [ELFFile.Symbol]?
    /// Whether it can be said what it shows.
    package var hasReadableSymbols: Bool { exports != nil }
    /// A Go runtime is in it.
    package private(set) var hasGoRuntime = false
    private var flawsOfItself: [LibraryFlaw] = []

    private static let mostExports = 4096

    /// Why a library must not be loaded; nil when nothing speaks against it, or it cannot be read as one.
    static func refusal(of path: String, isAlone: Bool = true) -> LoadFailure? {
        LibraryImage(path)?.refusals(isAlone: isAlone).first
    }

    /// Everything that keeps it from being loaded, the worst first.
    ///
    /// - Parameter isAlone: it gets a process to itself.
    package func refusals(isAlone: Bool) -> [LoadFailure] {
        guard machine == Self.hostMachine else { return [.machine(machine.name)] }
        var all = needed.filter(Self.isSharedRuntime).prefix(1).map { LoadFailure.runtime($0) }
        if let exports, !exports.contains(where: { $0.name == Self.entry }) { all.append(.noEntry) }
        all += flawsOfItself.map { .flaw($0) }
        if hasGoRuntime && !isAlone { all.append(.flaw(.goRuntimeBesideOthers)) }
        return all
    }

    private static let entry = "bio_export_entry"

    /// Two Swift runtimes in one process, one of them of another compiler, crash in ways that name nobody.
    static func isSharedRuntime(_ name: String) -> Bool {
        let file = name.utf8.split(separator: 0x2F).last.map { Array($0) } ?? []
        return ["libswift", "libFoundation", "lib_Foundation"].contains { file.starts(with: $0.utf8) }
    }

    package init?(_ path: String) {
        guard let file = try? FileDescriptor.open(path, O_RDONLY | O_NONBLOCK),
            (try? file.status())?.kind == .file,
            let header = ELFFile.bytes(of: file, at: 0, count: 64), header.starts(with: [0x7F, 0x45, 0x4C, 0x46])
        else { return nil }
        // The other byte order would make another machine of this number; none that we run on has it.
        let number = header[5] == 1 ? ELFFile.number(header, 18, as: UInt16.self) : 0
        machine = Machine(number: number, isWide: header[4] == 2)
        guard machine == Self.hostMachine, let elf = ELFFile(file, header: header) else { return }
        needed = elf.texts(1)
        exports = elf.exports(limit: Self.mostExports)
        hasGoRuntime = elf.noteNames.contains("Go")
        flawsOfItself = Self.flaws(elf, exports ?? [])
    }

    private static func flaws(_ elf: ELFFile, _ exports: [ELFFile.Symbol]) -> [LibraryFlaw] {
        var flaws: [LibraryFlaw] = []
        let unique = exports.filter(\.isUnique).map(\.name)
        if !unique.isEmpty { flaws.append(.uniqueSymbols(unique.count, first: unique[0])) }
        let others = exports.filter { !$0.isUnique && $0.name != entry }.map(\.name)
        if !others.isEmpty { flaws.append(.moreSymbols(others.count, first: others[0])) }
        // Without the header the linker makes it executable, too.
        let stack = elf.segments.first { $0.kind == ELFFile.Segment.stack }
        if stack.map({ $0.flags & ELFFile.Segment.isExecutable != 0 }) ?? true { flaws.append(.executableStack) }
        // DT_TEXTREL, or DF_TEXTREL in DT_FLAGS.
        if elf.value(22) != nil || (elf.value(30) ?? 0) & 4 != 0 { flaws.append(.textRelocations) }
        // DT_RPATH and DT_RUNPATH.
        let paths = (elf.texts(15) + elf.texts(29)).flatMap {
            $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        }
        if let path = paths.first(where: { !isPlaceForAll($0) }) { flaws.append(.searchPath(path)) }
        return flaws
    }

    /// Whether a search path leads below the library's own directory, or where the system looks anyway.
    private static func isPlaceForAll(_ path: String) -> Bool {
        let pieces = path.split(separator: "/", omittingEmptySubsequences: true)
        if pieces.contains("..") { return false }
        if pieces.first == "$ORIGIN" || pieces.first == "${ORIGIN}" { return !path.hasPrefix("/") }
        return ["/lib", "/lib64", "/usr/lib", "/usr/lib64"].contains { path == $0 || path.hasPrefix($0 + "/") }
    }
}
