// SPDX-License-Identifier: Apache-2.0
enum ShellWord {
    static func quoted(_ word: String) -> String {
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
