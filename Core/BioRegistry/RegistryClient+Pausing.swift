// SPDX-License-Identifier: Apache-2.0

package import BioHTTP

extension RegistryClient {
    /// Asks `/v2/` as whoever the credentials of the registry name.
    /// - Throws: `.unauthorized` when he is not let in.
    package func ping() throws {
        let nowhere = Repository(session.registry, path: "")
        let answer = try send(Request("GET", nowhere, .location("/v2/"), action: "let anybody in"))
        guard answer.response.isSuccess else {
            throw RegistryError.refusal(answer, registry: session.registry, action: "let anybody in")
        }
    }

    /// Waits before something is tried for the time `attempt`, 1 being the first after a failure: as long as the answer
    /// wants, or a bit longer each time. For what is not repeated here (`send` with `push`).
    /// - Throws: what the answer says, or `.http(.cut)` without one, when there were as many as the settings allow or the
    ///   registry wants to be left alone for long; `.http(.cancelled)`.
    package func pause(attempt: Int, after answer: HTTPAnswer?, action: String) throws {
        var plan = RetryPlan(retries: session.settings.retries, failures: attempt - 1)
        guard let seconds = plan.wait(RetryAfter.seconds(answer?.response["Retry-After"])) else {
            throw answer.map { RegistryError.refusal($0, registry: session.registry, action: action) }
                ?? RegistryError.http(.cut(peer: session.registry.name))
        }
        try sleep(seconds)
    }
}
