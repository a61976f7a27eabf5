// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Several threads that do one thing together, the caller's among them.
package enum ThreadCrew {
    private final class Work {
        let body: @Sendable (Int) -> Void
        let number: Int

        init(_ number: Int, _ body: @escaping @Sendable (Int) -> Void) {
            self.number = number
            self.body = body
        }
    }

    /// Calls `body` with 0 in this thread and with 1, 2 … below `count` in others, as many as there can be, and waits
    /// for all of them. The others take no signals: those are for the program that owns the process.
    package static func run(_ count: Int, _ body: @escaping @Sendable (_ member: Int) -> Void) {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        var threads: [pthread_t] = []
        for number in 1..<max(1, count) {
            // SAFETY: retained for the thread, which releases it.
            let work = Unmanaged.passRetained(Work(number, body)).toOpaque()
            var thread = pthread_t()
            let failed = pthread_create(
                &thread, nil,
                { work in
                    if let work {
                        let work = Unmanaged<Work>.fromOpaque(work).takeRetainedValue()
                        work.body(work.number)
                    }
                    return nil
                }, work)
            guard failed == 0 else {
                Unmanaged<Work>.fromOpaque(work).release()
                break
            }
            threads.append(thread)
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        body(0)
        for thread in threads { pthread_join(thread, nil) }
    }
}
