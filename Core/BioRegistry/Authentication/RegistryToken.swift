// SPDX-License-Identifier: Apache-2.0

/// What a token server gave. No text that shows it says what it is.
struct RegistryToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Printable ASCII.
    let value: String
    /// What it was asked for; it may allow less.
    let scopes: RegistryScopes
    let ends: ContinuousClock.Instant

    var description: String { "a token" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }

    /// Whether it can be sent with a request that begins now.
    var isFresh: Bool { ContinuousClock.now < ends }

    /// Tokens without a word about it live so long (distribution token specification).
    private static let standardSeconds = 60
    private static let secondsLimit = 24 * 3600

    /// Counted from when it was asked for, on this machine's clock: the server's may be another. The end is put before the
    /// real one, so that a request that takes a while still arrives in time.
    init(value: String, scopes: RegistryScopes, asked: ContinuousClock.Instant, seconds: Int?) {
        self.value = value
        self.scopes = scopes
        let life = min(max(seconds ?? Self.standardSeconds, 1), Self.secondsLimit)
        ends = asked + .seconds(life) - .seconds(min(Double(life) / 4, 30))
    }
}
