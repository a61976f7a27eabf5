// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc
import Synchronization
import Testing

@Suite struct ThreadCrewTests {
    @Test(arguments: [0, 1, 2, 9]) func everyMemberRunsOnceAndIsWaitedFor(count: Int) {
        let seen: Mutex<[Int]> = Mutex([])
        ThreadCrew.run(count) { member in
            usleep(1000)
            seen.withLock { $0.append(member) }
        }
        #expect(seen.withLock { $0.sorted() } == Array(0..<max(1, count)))
    }

    @Test func theFirstIsTheCaller() {
        let own = UInt(pthread_self())
        let others: Mutex<Set<UInt>> = Mutex([])
        let first: Mutex<UInt> = Mutex(0)
        ThreadCrew.run(3) { member in
            let thread = UInt(pthread_self())
            if member == 0 { first.withLock { $0 = thread } } else { others.withLock { _ = $0.insert(thread) } }
            usleep(20_000)
        }
        #expect(first.withLock { $0 } == own)
        #expect(others.withLock { $0.count == 2 && !$0.contains(own) })
    }

    @Test func theOthersTakeNoSignals() {
        let blocked: Mutex<[Bool]> = Mutex([])
        ThreadCrew.run(3) { member in
            if member == 0 { return }
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            blocked.withLock { $0.append(sigismember(&mask, SIGTERM) == 1) }
        }
        #expect(blocked.withLock { $0 } == [true, true])
    }
}
