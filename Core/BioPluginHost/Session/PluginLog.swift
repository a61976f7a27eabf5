// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// What a plugin's process writes to standard output and error: kept as its last lines, never more.
struct PluginLog {
    static let mostLines = 20
    static let longestLine = 512

    private(set) var lines: [String] = []
    private var partial: [UInt8] = []

    /// Takes what is readable now; false at the end.
    mutating func drain(_ descriptor: CInt) -> Bool {
        guard descriptor >= 0 else { return false }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        // A bounded number of reads: a plugin that floods must not keep the host from serving.
        for _ in 0..<16 {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            if count == 0 { return false }
            take(buffer[..<count])
        }
        return true
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            keep(partial + rest[..<end].prefix(Self.longestLine - partial.count))
            partial = []
            rest = rest[(end + 1)...]
        }
        partial += rest.prefix(Self.longestLine - partial.count)
    }

    private mutating func keep(_ line: [UInt8]) {
        guard !line.isEmpty else { return }
        if lines.count == Self.mostLines { lines.removeFirst() }
        lines.append(Self.printable(line))
    }

    /// A line that the plugin gave the host to show, where nobody is there to see it.
    mutating func add(_ line: String) { keep(Array(line.utf8.prefix(Self.longestLine))) }

    /// A last line without its line feed counts too.
    mutating func finish() {
        keep(partial)
        partial = []
    }

    /// A text of the plugin's within a sentence.
    static func shown(_ text: String, longest: Int = 512) -> String { printable(Array(text.utf8.prefix(longest))) }

    /// Text that cannot play with the user's terminal.
    static func printable(_ bytes: [UInt8]) -> String {
        String(
            String.UnicodeScalarView(
                String(decoding: bytes, as: UTF8.self).unicodeScalars.map { scalar in
                    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : scalar
                }))
    }
}
