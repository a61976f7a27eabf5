// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// A proxy for which every host is this machine (Tests/Support/registries/proxy). It is gone when this object is, or when the
/// test process is.
package final class TestProxy: Sendable {
    /// `http://127.0.0.1:PORT`
    package let address: String
    private let directory: String
    private let process: AttachedProcess

    /// With a status it makes no way, and answers so.
    package init(refusing status: Int? = nil) throws {
        directory = try TestDirectory.make("proxy")
        let ready = "\(directory)/ready"
        process = try AttachedProcess(
            [Repository.path("Tests/Support/registries/proxy"), directory] + (status.map { ["\($0)"] } ?? []),
            directory: directory, ready: ready)
        address = "http://127.0.0.1:\(try DocumentValue(json: contents(of: ready))["port"]?.int ?? 0)"
    }

    /// A line for every way that was asked for: `CONNECT registry.test:5000`.
    package func log() throws -> [String] {
        String(decoding: (try? contents(of: "\(directory)/log")) ?? [], as: UTF8.self).split(separator: "\n").map(
            String.init)
    }
}
