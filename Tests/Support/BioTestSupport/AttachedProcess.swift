// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// A program of Tests/Support that serves until its standard input ends: it is stopped by the end of this object, and by the
/// end of the test process, whatever ends that.
package final class AttachedProcess: Sendable {
    package struct NotReady: Error, CustomStringConvertible {
        package let description: String
    }

    private let lifeline: CInt
    private let running: Tool.Running

    /// Starts it, and waits until the file `ready` is there. `directory` gets the lifeline and its standard error.
    package init(
        _ arguments: [String], environment: [String: String] = [:], directory: String, ready: String,
        seconds: Int = 60
    ) throws {
        let pipe = "\(directory)/lifeline"
        guard mkfifo(pipe, 0o600) == 0 else { throw SystemError("make", pipe) }
        // Both ways, so that neither side waits for the other to open it.
        let end = try FileDescriptor.open(pipe, O_RDWR)
        running = try Tool.start(arguments, environment: environment, input: pipe, errors: "\(directory)/errors")
        lifeline = end.release()
        for _ in 0..<seconds * 50 {
            if access(ready, F_OK) == 0 { return }
            usleep(20_000)
        }
        throw NotReady(
            description: "'\(arguments.joined(separator: " "))' is not ready: "
                + String(decoding: (try? contents(of: "\(directory)/errors")) ?? [], as: UTF8.self))
    }

    deinit {
        close(lifeline)
        _ = running.wait()
    }
}
