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
            -*) exec \(program) sup run \(ShellWord.quoted(service)) "$@" ;;
            *) exec \(program) sup "$@" ;;
        esac

        """
    }
}
