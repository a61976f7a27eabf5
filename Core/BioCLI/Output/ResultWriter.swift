// SPDX-License-Identifier: Apache-2.0

package import BioDocument
package import BioSystem

/// The result of a command on standard output: written once, whole, and every error of it counts.
package struct ResultWriter: Sendable {
    private let write: @Sendable ([UInt8]) -> Errno?
    private let isTerminal: Bool

    /// `write` writes all of the bytes and returns what went wrong; `Errno.interrupted` when the user wants to stop.
    /// `isTerminal` tells that a person reads along.
    package init(isTerminal: Bool = false, write: @escaping @Sendable ([UInt8]) -> Errno?) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Writes the lines, each ended by a newline. Programs get names as they are; a terminal must not be steered by
    /// them.
    package func lines(_ lines: [String]) throws(CommandFailure) {
        try bytes(Array(lines.map { (isTerminal ? $0.terminalSafe() : $0) + "\n" }.joined().utf8))
    }

    /// Writes a text as it is, but with a newline at its end.
    package func text(_ text: String) throws(CommandFailure) {
        // By bytes: a carriage return and the newline after it are one Character.
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { String(Substring($0)) }
        if lines.last == "" { lines.removeLast() }
        try self.lines(lines)
    }

    package func line(_ line: String) throws(CommandFailure) { try lines([line]) }

    /// Writes the value as one pretty JSON document.
    package func json(_ value: DocumentValue) throws(CommandFailure) {
        if isTerminal { return try bytes(Array((value.json(.pretty).terminalSafeJSON + "\n").utf8)) }
        try bytes(value.jsonBytes(.pretty) + [0x0A])
    }

    package func bytes(_ bytes: [UInt8]) throws(CommandFailure) {
        guard let error = write(bytes) else { return }
        if error == .interrupted { throw .interrupted }
        if error == .brokenPipe { throw CommandFailure(.outputClosed, "nobody reads the result") }
        throw CommandFailure(.failure, "cannot write the result to standard output: \(error.description)")
    }
}
