// SPDX-License-Identifier: Apache-2.0
import BioHTTP

extension RegistryError {
    static func refusal(_ answer: HTTPAnswer, registry: RegistryHost, action: String) -> RegistryError { fatalError() }
}
extension RegistryClient {
    func pause(attempt: Int, after: HTTPAnswer?, action: String) throws {}
}
