// SPDX-License-Identifier: Apache-2.0

import BioSystem
import CSystem
import Glibc
import Testing

@testable import BioPluginHost

@Suite struct PluginLogTests {
    /// A log that took `text`, in as many writes as a pipe needs.
    private func log(_ text: String, isFinished: Bool = true) throws -> PluginLog {
        var ends: [CInt] = [-1, -1]
        #expect(bio_pipe(&ends) == 0)
        let reading = FileDescriptor(owning: ends[0])
        let writing = FileDescriptor(owning: ends[1])
        _ = bio_set_nonblocking(reading.rawValue, 1)
        var log = PluginLog()
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            try writing.writeAll(Array(rest.prefix(10_000)))
            rest = rest.dropFirst(10_000)
            let isOpen = log.drain(reading.rawValue)
            #expect(isOpen)
        }
        if isFinished { log.finish() }
        return log
    }

    @Test func theLastLinesAreKept() throws {
        let log = try log((1...50_000).map { "line \($0)\n" }.joined())
        #expect(log.lines == (49_981...50_000).map { "line \($0)" })
    }

    @Test func emptyLinesDoNotCount() throws { #expect(try log("a\n\n\nb\n").lines == ["a", "b"]) }

    @Test func theEndWithoutALineFeedCountsOnce() throws {
        #expect(try log("a\nb", isFinished: false).lines == ["a"])
        #expect(try log("a\nb").lines == ["a", "b"])
    }

    @Test(arguments: [100, 512, 513, 30_000, 200_000])
    func aLongLineIsCut(_ length: Int) throws {
        let lines = try log(String(repeating: "x", count: length) + "\nnext\n").lines
        #expect(lines == [String(repeating: "x", count: min(length, 512)), "next"])
    }

    @Test func nothingInItSteersATerminal() throws {
        #expect(try log("\u{1B}[2J\r\t\u{7F}\u{9B}ok\n").lines == ["\u{FFFD}[2J\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}ok"])
        #expect(PluginLog.printable([0xFF, 0x41]) == "\u{FFFD}A")
    }

    @Test func theEndOfThePipeIsSeen() throws {
        var ends: [CInt] = [-1, -1]
        #expect(bio_pipe(&ends) == 0)
        let reading = FileDescriptor(owning: ends[0])
        close(ends[1])
        var log = PluginLog()
        let isOpen = log.drain(reading.rawValue)
        let isThere = log.drain(-1)
        #expect(!isOpen && !isThere)
    }
}
