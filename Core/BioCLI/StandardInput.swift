// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc
import Synchronization

/// Standard input, read so that Ctrl-C is heard while waiting.
package struct StandardInput: Sendable {
    /// Waits for and returns the next bytes; empty at the end.
    private let next: @Sendable () throws -> [UInt8]
    /// Called before somebody reads all of it.
    private let begin: @Sendable () -> Void

    package init(
        begin: @escaping @Sendable () -> Void = {}, next: @escaping @Sendable () throws -> [UInt8]
    ) {
        self.begin = begin
        self.next = next
    }

    /// Input that is there already.
    package init(bytes: [UInt8]) {
        let rest = Mutex(bytes)
        self.init {
            rest.withLock { rest in
                defer { rest = [] }
                return rest
            }
        }
    }

    /// The same for several readers, each of whom gets it from the beginning to the end, wherever the one before stopped.
    package var shared: StandardInput {
        struct Heard: Sendable {
            var pieces: [[UInt8]] = []
            var position = 0
            var hasEnded = false
        }
        let state = Mutex(Heard())
        return StandardInput(begin: { state.withLock { $0.position = 0 } }) {
            try state.withLock { heard in
                if heard.position == heard.pieces.count {
                    let piece = heard.hasEnded ? [] : try next()
                    guard !piece.isEmpty else {
                        heard.hasEnded = true
                        return []
                    }
                    heard.pieces.append(piece)
                }
                heard.position += 1
                return heard.pieces[heard.position - 1]
            }
        }
    }

    /// The process's standard input.
    package static func process(interruption: Interruption) -> StandardInput {
        StandardInput {
            var entries = [
                pollfd(fd: 0, events: Int16(POLLIN), revents: 0),
                pollfd(fd: interruption.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            while poll(&entries, 2, -1) < 0 && errno == EINTR { try interruption.check() }
            try interruption.check()
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(0, &buffer, buffer.count)
            guard count >= 0 else {
                throw CommandFailure(.failure, "cannot read standard input: \(Errno.current)")
            }
            return Array(buffer[..<count])
        }
    }

    /// Everything up to the end, refused when longer than `limit` bytes.
    package func readToEnd(limit: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        begin()
        while true {
            let bytes = try next()
            if bytes.isEmpty { return result }
            result += bytes
            if result.count > limit {
                throw CommandFailure(.failure, "standard input is longer than \(limit) bytes")
            }
        }
    }

    /// The next line, without its line end; nil at the end. For a terminal, which gives one at a time: what came with it
    /// is lost.
    package func line(limit: Int) throws -> String? {
        var pending: [UInt8] = []
        while true {
            let bytes = try next()
            pending += bytes
            if let end = pending.firstIndex(of: 0x0A) { return try Self.text(pending[..<end]) }
            if pending.count > limit {
                throw CommandFailure(.failure, "a line of standard input is longer than \(limit) bytes")
            }
            if bytes.isEmpty { return pending.isEmpty ? nil : try Self.text(pending[...]) }
        }
    }

    /// Calls `body` with every line, without its line end. A line must be UTF-8 and at most `limit` bytes long.
    package func forEachLine(limit: Int = 1 << 16, _ body: (String) throws -> Void) throws {
        var pending: [UInt8] = []
        begin()
        while true {
            let bytes = try next()
            pending += bytes
            while let end = pending.firstIndex(of: 0x0A) {
                try body(Self.text(pending[..<end]))
                pending.removeSubrange(...end)
            }
            if pending.count > limit {
                throw CommandFailure(.failure, "a line of standard input is longer than \(limit) bytes")
            }
            guard bytes.isEmpty else { continue }
            if !pending.isEmpty { try body(Self.text(pending[...])) }
            return
        }
    }

    private static func text(_ line: ArraySlice<UInt8>) throws -> String {
        guard let text = String(validating: line, as: UTF8.self) else {
            throw CommandFailure(.failure, "a line of standard input is not UTF-8")
        }
        return text.last == "\r" ? String(text.dropLast()) : text
    }
}
