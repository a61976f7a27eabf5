// SPDX-License-Identifier: Apache-2.0

import BioHTTP

/// An answer, its body in memory or still on the way.
protocol RegistryReply {
    var response: HTTPResponse { get }
    /// The answer with its body, as far as errors need it. What is on the way is ended.
    func whole() throws -> HTTPAnswer
}

extension HTTPAnswer: RegistryReply {
    func whole() -> HTTPAnswer { self }
}
