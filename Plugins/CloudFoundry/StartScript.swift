// SPDX-License-Identifier: Apache-2.0

import ServiceRoot

/// `/cf-init.sh`: what a container starts.
enum StartScript {
    /// Fills the mapping into the file that the supervisor reads, then goes on as docker's image would. There may be
    /// passwords in that file: nobody else reads it.
    ///
    /// - Parameters:
    ///   - shell: absolute path of a POSIX shell.
    ///   - directory: absolute path of the directory of `user.toml`.
    static func text(shell: String, directory: String) -> String {
        """
        #!\(shell)
        export PATH="${PATH:-/bin}"
        if ! { mkdir -p \(ShellWord.quoted(directory)) && cd \(ShellWord.quoted(directory)) && rm -f .user.toml &&
            (umask 077 && : > .user.toml); }; then
            echo 'cf: settings cannot be written: run as root or in group 0, and not read-only' >&2
            exit 1
        fi
        if (cd / && exec /cf-render.sh) > .user.toml; then
            mv -f .user.toml user.toml || exit
        else
            rm -f .user.toml
            exit 1
        fi
        cd / && exec /init.sh "$@"

        """
    }
}
