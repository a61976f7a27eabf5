// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// `--bind BIND:SERVICE.GROUP`
public struct Bind: Sendable, Equatable {
    public let name: String
    public let service: String
    public let group: String

    public init(name: String, service: String, group: String) {
        self.name = name
        self.service = service
        self.group = group
    }

    init(_ text: String) throws(ExportFailure) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let target =
            parts.count == 2 ? parts[1].split(separator: ".", omittingEmptySubsequences: false).map(String.init) : []
        guard target.count == 2, ([parts[0]] + target).allSatisfy(Self.isName) else {
            throw .option(
                WorkloadOptions.bind, "'\(text)' is not BIND:SERVICE.GROUP", hint: "as in cache:redis.default")
        }
        (name, service, group) = (parts[0], target[0], target[1])
    }

    /// Of a bind, a service, a group.
    static func isName(_ text: String) -> Bool { !text.isEmpty && text.isMade(of: "-_") }
}
