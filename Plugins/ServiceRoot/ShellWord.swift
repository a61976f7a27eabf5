// SPDX-License-Identifier: Apache-2.0

/// A word of a POSIX shell's command line.
public enum ShellWord {
    /// Any text as one word; what a shell leaves alone anyway stays as it is.
    public static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            let lower = byte | 0x20
            return UInt8(ascii: "a")...UInt8(ascii: "z") ~= lower || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || "/._+-:".utf8.contains(byte)
        }
        if isPlain && !word.isEmpty { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
