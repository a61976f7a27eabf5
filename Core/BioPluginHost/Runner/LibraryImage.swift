// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// What an ELF library says before it is loaded: its machine, and the libraries it needs (gABI, "ELF Header" and
/// "Dynamic Section"). The file may be hostile: every offset is checked and every length bounded. This is for a good
/// message, not for safety: what cannot be read here is left to the dynamic linker, which says what is wrong with it.
struct LibraryImage {
    struct Machine: Hashable {
        let number: UInt16
        var isWide = true

        var name: String {
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
        static let hostMachine = Machine(number: 62)
    #elseif arch(arm64)
        static let hostMachine = Machine(number: 183)
    #endif

    let machine: Machine
    /// Empty when they cannot be read.
    private(set) var needed: [String] = []

    private static let mostHeaders = 1024
    private static let mostDynamicBytes: UInt64 = 1 << 18
    private static let mostNeeded = 4096
    private static let longestName = 256

    /// Why a library must not be loaded; nil when nothing speaks against it, or it cannot be read as one.
    static func refusal(of path: String) -> LoadFailure? {
        guard let image = LibraryImage(path) else { return nil }
        guard image.machine == hostMachine else { return .machine(image.machine.name) }
        return image.needed.first(where: isSharedRuntime).map { .runtime($0) }
    }

    /// Two Swift runtimes in one process, one of them of another compiler, crash in ways that name nobody.
    static func isSharedRuntime(_ name: String) -> Bool {
        let file = name.utf8.split(separator: 0x2F).last.map { Array($0) } ?? []
        return ["libswift", "libFoundation", "lib_Foundation"].contains { file.starts(with: $0.utf8) }
    }

    init?(_ path: String) {
        guard let file = try? FileDescriptor.open(path, O_RDONLY | O_NONBLOCK),
            (try? file.status())?.kind == .file,
            let header = Self.bytes(of: file, at: 0, count: 64), header.starts(with: [0x7F, 0x45, 0x4C, 0x46])
        else { return nil }
        // The other byte order would make another machine of this number; none that we run on has it.
        let number = header[5] == 1 ? Self.number(header, 18, as: UInt16.self) : 0
        machine = Machine(number: number, isWide: header[4] == 2)
        if machine == Self.hostMachine { needed = Self.needed(file, header) ?? [] }
    }

    private static func needed(_ file: borrowing FileDescriptor, _ header: [UInt8]) -> [String]? {
        let count = Int(number(header, 56, as: UInt16.self))
        guard number(header, 54, as: UInt16.self) == 56, count <= mostHeaders,
            let table = bytes(of: file, at: number(header, 32, as: UInt64.self), count: count * 56)
        else { return nil }
        let segments = (0..<count).map { Segment(table, $0 * 56) }
        guard let dynamic = segments.first(where: { $0.kind == 2 }), dynamic.size <= mostDynamicBytes,
            let entries = bytes(of: file, at: dynamic.offset, count: Int(dynamic.size) / 16 * 16)
        else { return nil }
        var names: [UInt64] = []
        var (strings, size) = (UInt64(0), UInt64(0))
        for start in stride(from: 0, to: entries.count, by: 16) {
            let value = number(entries, start + 8, as: UInt64.self)
            switch number(entries, start, as: UInt64.self) {
            case 1: names.append(value)
            case 5: strings = value
            case 10: size = value
            default: continue
            }
        }
        guard names.count <= mostNeeded, let base = segments.lazy.compactMap({ $0.offset(of: strings) }).first else {
            return nil
        }
        return names.compactMap { name in
            guard name < size else { return nil }
            let (offset, overflow) = base.addingReportingOverflow(name)
            guard !overflow else { return nil }
            let room = Int(min(UInt64(longestName), size - name))
            return bytes(of: file, at: offset, count: room).map {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
        }
    }

    /// A program header.
    private struct Segment {
        let kind: UInt32
        let offset: UInt64
        let address: UInt64
        let size: UInt64

        init(_ table: [UInt8], _ start: Int) {
            kind = number(table, start, as: UInt32.self)
            offset = number(table, start + 8, as: UInt64.self)
            address = number(table, start + 16, as: UInt64.self)
            size = number(table, start + 32, as: UInt64.self)
        }

        /// Where in the file that lies which is loaded at `place`; nil when this segment does not load it.
        func offset(of place: UInt64) -> UInt64? {
            guard kind == 1, place >= address, place - address < size else { return nil }
            let (sum, overflow) = offset.addingReportingOverflow(place - address)
            return overflow ? nil : sum
        }
    }

    private static func number<T: FixedWidthInteger>(_ bytes: [UInt8], _ offset: Int, as: T.Type) -> T {
        T(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: T.self) })
    }

    /// So many bytes of the file, or nil when it does not have them.
    private static func bytes(of file: borrowing FileDescriptor, at offset: UInt64, count: Int) -> [UInt8]? {
        guard let offset = Int64(exactly: offset), offset <= Int64.max - Int64(count) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let read = bytes.withUnsafeMutableBytes { buffer in
                pread(file.rawValue, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset) + off_t(done))
            }
            if read < 0 && errno == EINTR { continue }
            guard read > 0 else { return nil }
            done += read
        }
        return bytes
    }
}
