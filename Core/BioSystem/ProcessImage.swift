// SPDX-License-Identifier: Apache-2.0

import CSystem
import Glibc

/// The program that this process runs.
package enum ProcessImage {
    /// Puts `program` in the place of the running one. `arguments` begin with the name it is called by. The variables
    /// are set over those of the process; signals that this program ignores for itself get their default back. Returns
    /// only by throwing, and then the process is as it was.
    package static func replace(
        with program: String, arguments: [String], setting variables: [(name: String, value: String)]
    ) throws(SystemError) -> Never {
        var argv = arguments.map { strdup($0) }
        argv.append(nil)
        var set = variables.map { strdup("\($0.name)=\($0.value)") }
        let own = set.compactMap { $0 }
        set.append(contentsOf: inherited(but: Set(variables.map(\.name))))
        set.append(nil)
        let ignored = [SIGPIPE, SIGXFSZ]
        for number in ignored { signal(number, SIG_DFL) }
        execve(program, &argv, &set)
        let error = Errno.current
        for number in ignored { signal(number, SIG_IGN) }
        for pointer in argv { free(pointer) }
        for pointer in own { free(pointer) }
        throw SystemError("run", program, error)
    }

    /// The variables of the process that have none of these names, as they stand there: they need not be UTF-8.
    private static func inherited(but names: Set<String>) -> [UnsafeMutablePointer<CChar>] {
        var found: [UnsafeMutablePointer<CChar>] = []
        var entry = environ
        while let variable = entry.pointee {
            let name = String(cString: variable).unicodeScalars.prefix { $0 != "=" }
            if !names.contains(String(name)) { found.append(variable) }
            entry += 1
        }
        return found
    }
}

extension ProcessImage {
    /// Gives the pages of the program's code back until they are needed again: for who has started, and now waits.
    package static func rest() { bio_release_code() }

    /// From here on orphans of what this process has started are its children: it has to reap them.
    package static func adoptOrphans() { _ = bio_become_subreaper() }
}
