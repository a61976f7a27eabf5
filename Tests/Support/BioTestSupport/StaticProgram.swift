// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A program that needs nothing but a kernel: it prints the variable GREETING, its first argument and who runs it.
package enum StaticProgram {
    package struct NotCompiled: Error, CustomStringConvertible {
        package let description: String
    }

    private static let source = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <unistd.h>
        int main(int count, char **words) {
            const char *greeting = getenv("GREETING");
            printf("%s, %s: %d:%d\\n", greeting ? greeting : "hello", count > 1 ? words[1] : "nobody", getuid(), getgid());
            return 0;
        }
        """

    private static let compiled: Mutex<[UInt8]?> = Mutex(nil)

    package static func bytes() throws -> [UInt8] {
        try compiled.withLock { compiled in
            if let compiled { return compiled }
            let scratch = try Scratch()
            let file = try scratch.write(Array(source.utf8), to: "hello.c")
            let outcome = try Tool.run(["cc", "-static", "-O1", "-s", "-o", scratch.file("hello"), file])
            guard outcome.code == 0 else { throw NotCompiled(description: outcome.errorText) }
            let program = try contents(of: scratch.file("hello"))
            compiled = program
            return program
        }
    }
}
