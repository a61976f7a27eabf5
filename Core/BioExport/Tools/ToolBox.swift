// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Which programs of this machine a plugin may have run, and what they are run with.
package struct ToolBox: Sendable {
    /// Names that the plugin's manifest lists.
    package var listed: Set<String>
    /// Those of them that a policy denies, with what the user is told.
    package var denied: [String: String]
    /// Directories, colon-separated, as in `PATH`.
    package var searchPath: String
    /// `NAME=VALUE`; a program has these and no others.
    package var variables: [String]

    package init(
        listed: Set<String> = [], denied: [String: String] = [:], searchPath: String = "", variables: [String] = []
    ) {
        self.listed = listed
        self.denied = denied
        self.searchPath = searchPath
        self.variables = variables
    }

    /// Those directories of a `PATH` that do not depend on where somebody stands.
    package static func absoluteDirectories(of searchPath: String) -> [String] {
        searchPath.utf8.split(separator: 0x3A).filter { $0.first == 0x2F }.map { String(Substring($0)) }
    }

    /// A name, never a path: letters, digits and `._+-`, the first a letter or digit.
    package static func isName(_ text: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: false
            }
        }
        guard let first = text.utf8.first, isPlain(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { isPlain($0) || "._+-".utf8.contains($0) }
    }

    /// The file to execute. Only absolute directories are looked into: what a program is must not depend on where the
    /// user stands.
    func path(of program: String) throws(ServiceError) -> String {
        guard listed.contains(program) else {
            throw ServiceError(
                .unsupported, "the plugin wants to run '\(program)', which its manifest does not list",
                hint: "its author adds it to 'tools' in plugin.toml")
        }
        if let reason = denied[program] {
            throw ServiceError(
                .unsupported, "the plugin may not run '\(program)': \(reason)",
                hint: "leave out the option that asks for it, or have the policy changed", fault: .machine)
        }
        for directory in Self.absoluteDirectories(of: searchPath) {
            let path = "\(directory)/\(program)"
            var status = stat()
            // What anybody may write is nobody's program.
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & S_IWOTH == 0,
                access(path, X_OK) == 0
            {
                return path
            }
        }
        throw ServiceError(
            .unsupported, "'\(program)' is not on this machine, and the plugin needs it",
            hint: "install it, or leave out the option that asks for it", fault: .machine)
    }
}

/// One run of a program as a plugin asks for it (`bio_tool_call`).
package struct ToolRequest: Hashable, Sendable {
    package var program: String
    package var arguments: [String] = []
    /// 0: as long as is usual.
    package var seconds: UInt32 = 0
    /// Relative to the output directory; empty: none.
    package var input = ""
    package var output = ""
    /// A handle; 0: none.
    package var secret: UInt64 = 0

    package init(program: String) { self.program = program }
}

/// How it ended (`bio_tool_result`).
package struct ToolOutcome: Hashable, Sendable {
    /// 128 and the signal's number of what was killed.
    package var exitCode: Int32
    package var output: String
    package var errors: String

    package init(exitCode: Int32, output: String, errors: String) {
        self.exitCode = exitCode
        self.output = output
        self.errors = errors
    }
}
