// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The clients of one session that wait to be used: their connections are open already.
final class ClientPool: Sendable {
    /// SAFETY: a client goes to one thread at a time, which is what it asks for.
    struct Held: @unchecked Sendable {
        let client: RegistryClient
    }

    let session: RegistrySession
    private let idle: Mutex<[Held]> = Mutex([])

    init(_ session: RegistrySession) { self.session = session }

    func take() -> Held { idle.withLock { $0.popLast() } ?? Held(client: RegistryClient(session)) }

    func give(back held: Held) { idle.withLock { $0.append(held) } }

    func with<R>(_ body: (RegistryClient) throws -> R) rethrows -> R {
        let held = take()
        defer { give(back: held) }
        return try body(held.client)
    }
}
