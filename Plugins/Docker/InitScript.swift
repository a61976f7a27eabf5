// SPDX-License-Identifier: Apache-2.0

/// `/init.sh`: what a container with a supervisor starts.
enum InitScript {
    /// The words for help and version, and everything that is no option, are for the supervisor; options alone are for
    /// `run` with the first service.
    ///
    /// - Parameters:
    ///   - shell: absolute path of a POSIX shell.
    ///   - program: absolute path of the package manager.
    ///   - service: ident of the first service.
    static func text(shell: String, program: String, service: String) -> String {
        """
        #!\(shell)
        export PATH="/bin"
        case "$1" in
            -h | --help | help | -V | --version) exec \(program) sup "$@" ;;
            -*) exec \(program) sup run \(quoted(service)) "$@" ;;
            *) exec \(program) sup "$@" ;;
        esac

        """
    }

    /// As one word of a shell: versions and releases may be any printable characters.
    static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            let lower = byte | 0x20
            return UInt8(ascii: "a")...UInt8(ascii: "z") ~= lower || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || "/._+-".utf8.contains(byte)
        }
        if isPlain { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
