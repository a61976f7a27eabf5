// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import BioSystem
import BioTestSupport
import CSystem
import Glibc
import Testing

@Suite struct MemoryFileTests {
    @Test func comesBackFromItsStartHoweverOften() throws {
        let file = try MemoryFile.make([1, 2, 3], name: "test")
        #expect(try MemoryFile.read(file, name: "test", limit: 3) == [1, 2, 3])
        #expect(try MemoryFile.read(file, name: "test", limit: 3) == [1, 2, 3])
    }

    @Test func anEmptyOneIsEmpty() throws {
        #expect(try MemoryFile.read(try MemoryFile.make([], name: "test"), name: "test", limit: 0) == [])
    }

    @Test func nobodyCanChangeIt() throws {
        let file = try MemoryFile.make([1, 2, 3], name: "test")
        #expect(throws: Errno.self) { try file.writeAll([9]) }
        #expect(ftruncate(file.rawValue, 0) == -1)
        #expect(ftruncate(file.rawValue, 100) == -1)
    }

    @Test func moreThanTheLimitIsRefused() throws {
        let file = try MemoryFile.make([1, 2, 3], name: "the job")
        #expect(throws: SystemError("read", "the job", Errno(rawValue: EFBIG))) {
            try MemoryFile.read(file, name: "the job", limit: 2)
        }
    }

    @Test func whatIsNotSealedIsNotRead() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1, 2, 3], to: "file")
        let unsealed = FileDescriptor(owning: bio_memfd("test"))
        var ends: [CInt] = [-1, -1]
        #expect(bio_pipe(&ends) == 0)
        let pipe = FileDescriptor(owning: ends[0])
        close(ends[1])
        let refusal = SystemError("read", "test", Errno(rawValue: EPERM))
        #expect(throws: refusal) { try MemoryFile.read(try FileDescriptor.open(path), name: "test", limit: 9) }
        #expect(throws: refusal) { try MemoryFile.read(unsealed, name: "test", limit: 9) }
        #expect(throws: refusal) { try MemoryFile.read(pipe, name: "test", limit: 9) }
    }
}
