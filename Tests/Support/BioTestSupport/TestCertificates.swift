// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Certificate authorities and certificates made for one run of the tests (Tests/Support/registries/certificates). Paths of
/// PEM files.
package struct TestCertificates: Sendable {
    package let directory: String

    /// Whom clients are to believe.
    package var authority: String { file("authority.pem") }
    /// Another one, which has signed `foreign` only.
    package var stranger: String { file("stranger.pem") }
    package var client: String { file("client.pem") }
    package var clientKey: String { file("client.key") }

    package func file(_ name: String) -> String { "\(directory)/\(name)" }

    package struct NotMade: Error, CustomStringConvertible {
        package let description: String
    }

    /// The directory is gone when the process ends.
    package static func shared() throws -> TestCertificates {
        try made.withLock { made in
            if let made { return TestCertificates(directory: made.directory) }
            let new = try Made()
            made = new
            return TestCertificates(directory: new.directory)
        }
    }

    private static let made: Mutex<Made?> = Mutex(nil)

    private final class Made: Sendable {
        let directory: String

        init() throws {
            directory = try TestDirectory.make("certificates")
            let outcome = try Tool.run([Repository.path("Tests/Support/registries/certificates"), directory])
            guard outcome.code == 0 else { throw NotMade(description: outcome.errorText) }
            TestDirectory.removeAtExit(directory)
        }
    }
}
