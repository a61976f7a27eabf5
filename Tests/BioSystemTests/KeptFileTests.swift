// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@Suite struct KeptFileTests {
    @Test func whatWasReplacedComesBack() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1], to: "file")
        do {
            let kept = try #require(KeptFile(path))
            try AtomicFile.write([2], to: path)
            #expect(try contents(of: path) == [2])
            // Nobody takes it for what a kill left.
            AtomicFile.removeAbandoned(in: scratch.path)
            try kept.restore()
        }
        #expect(try contents(of: path) == [1])
        #expect(try Directory.names(scratch.path).count == 1)
    }

    @Test func itGoesWhenItIsNotWantedBack() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1], to: "file")
        do {
            let kept = try #require(KeptFile(path))
            try AtomicFile.write([2], to: path)
            withExtendedLifetime(kept) {}
        }
        #expect(try contents(of: path) == [2])
        #expect(try Directory.names(scratch.path).count == 1)
    }

    @Test func whatIsNotThereIsNotKept() throws {
        let scratch = try Scratch()
        #expect(KeptFile(scratch.file("nothing")) == nil)
    }
}
