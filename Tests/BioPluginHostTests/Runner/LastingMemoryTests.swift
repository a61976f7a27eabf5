// SPDX-License-Identifier: Apache-2.0

import CBioExport
import Testing

@testable import BioPluginHost

@Suite struct LastingMemoryTests {
    @Test(arguments: [1, 8, 64, 4096])
    func memoryIsZeroedAndAligned(_ alignment: Int) throws {
        let memory = LastingMemory()
        let block = try #require(memory.allocate(1000, alignment: alignment))
        #expect(Int(bitPattern: block) % alignment == 0)
        #expect(UnsafeRawBufferPointer(start: block, count: 1000).allSatisfy { $0 == 0 })
    }

    @Test func largeMemoryIsNotTouched() throws {
        let memory = LastingMemory()
        for alignment in [16, 4096] {
            let block = try #require(memory.allocate(1 << 34, alignment: alignment))
            #expect(block.load(fromByteOffset: 1 << 33, as: UInt8.self) == 0)
        }
        #expect(memory.allocate(.max, alignment: 4096) == nil)
    }

    @Test func moreThanThereIsIsNil() { #expect(LastingMemory().allocate(1 << 46, alignment: 16) == nil) }

    @Test func arraysHoldTheirValues() throws {
        let memory = LastingMemory()
        let array = try #require(memory.array([1, 2, 3]))
        #expect(Array(UnsafeBufferPointer(start: array, count: 3)) == [1, 2, 3])
        #expect(memory.array([Int]()) == nil)
        #expect(memory.one(UInt16(7)).pointee == 7)
    }

    @Test(arguments: ["", "text", "Grüße"])
    func stringsEndWithANul(_ text: String) throws {
        let memory = LastingMemory()
        let string = memory.string(text)
        let start = try #require(string.ptr)
        #expect(string.len == UInt64(text.utf8.count))
        #expect(start[Int(string.len)] == 0 && String(cString: start) == text)
    }
}
