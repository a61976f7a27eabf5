// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The program that this process runs.
package enum ProcessImage {
    /// Puts `program` in the place of the running one. `arguments` begin with the name it is called by. The variables
    /// are set over those of the process; signals that this program ignores for itself get their default back. Returns
    /// only by throwing, and then the process is as it was, but for the variables.
    package static func replace(
        with program: String, arguments: [String], setting variables: [(name: String, value: String)]
    ) throws(SystemError) -> Never {
        for (name, value) in variables where setenv(name, value, 1) != 0 {
            throw SystemError("set the variable", name)
        }
        var pointers = arguments.map { strdup($0) }
        pointers.append(nil)
        let ignored = [SIGPIPE, SIGXFSZ]
        for number in ignored { signal(number, SIG_DFL) }
        execv(program, &pointers)
        let error = Errno.current
        for number in ignored { signal(number, SIG_IGN) }
        for pointer in pointers { free(pointer) }
        throw SystemError("run", program, error)
    }
}
