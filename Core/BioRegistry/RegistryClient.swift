// SPDX-License-Identifier: Apache-2.0

package import BioHTTP

/// One connection to a registry: requests one after the other, by one thread at a time. Several clients of one session
/// work side by side.
package final class RegistryClient {
    package let session: RegistrySession

    package init(_ session: RegistrySession) { self.session = session }

    /// A request to `/v2/<repository>/<path>`, or to an absolute URL that the registry gave (an upload's location). It is
    /// authenticated, sent again as the settings allow when that cannot do harm (`isRepeatable`), and follows
    /// redirections; credentials do not go to another host.
    package struct Request: Sendable {
        package enum Target: Hashable, Sendable {
            case path(String)
            /// As a `Location` header had it: absolute, or relative to the registry.
            case location(String)
        }

        package var method: String
        package var repository: Repository
        package var target: Target
        package var headers: [HTTPHeader] = []
        package var body: [UInt8] = []
        /// `push`, besides `pull`, of `repository`.
        package var writes = false
        /// Repositories that are read as well (mounts).
        package var alsoReads: [Repository] = []
        package var isRepeatable = true
        /// Bytes of the answer's body that are taken.
        package var limit = 4 << 20
        /// For errors: "ask for the manifest".
        package var action: String

        package init(_ method: String, _ repository: Repository, _ target: Target, action: String) {
            self.method = method
            self.repository = repository
            self.target = target
            self.action = action
        }
    }

    /// The answer, whatever its status but 401, 429 and 5xx, which have been dealt with: those throw in the end.
    package func send(_ request: Request) throws -> HTTPAnswer { fatalError() }

    /// As `send`, with a body that `push` gives piece by piece into the exchange: sent once, never repeated here. A 401
    /// or a cut connection is told to the caller as it is: only he knows what can be sent again.
    package func send(
        _ request: Request, length: Int64?, push: (HTTPExchange) throws -> Void
    ) throws -> HTTPAnswer { fatalError() }
}
