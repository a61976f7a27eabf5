// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@Suite struct ByteLocksTests {
    @Test func eachByteIsALockOfItsOwn() throws {
        let scratch = try Scratch()
        let (one, two) = (try ByteLocks(scratch.file("locks")), try ByteLocks(scratch.file("locks")))
        let last = Int64.max >> 1
        for offset in [0, 1, 1 << 40, last] as [Int64] { #expect(try one.tryLock(offset, .exclusive)) }
        #expect(try two.tryLock(0, .exclusive) == false)
        #expect(try two.tryLock(last, .shared) == false)
        #expect(try two.tryLock(2, .exclusive))
        #expect(try FileStatus.of(scratch.file("locks"))?.size == 0)
    }

    @Test func sharedOnesAreShared() throws {
        let scratch = try Scratch()
        let (one, two) = (try ByteLocks(scratch.file("locks")), try ByteLocks(scratch.file("locks")))
        #expect(try one.tryLock(7, .shared) && two.tryLock(7, .shared))
        #expect(try one.tryLock(7, .exclusive) == false)
        two.unlock(7)
        #expect(try one.tryLock(7, .exclusive))
        #expect(try two.tryLock(7, .shared) == false)
        #expect(try one.tryLock(7, .shared))
        #expect(try two.tryLock(7, .shared))
    }

    @Test func givingUpWhatIsNotHeldIsFine() throws {
        let scratch = try Scratch()
        let locks = try ByteLocks(scratch.file("locks"))
        locks.unlock(3)
        #expect(try locks.tryLock(3, .exclusive))
    }
}
