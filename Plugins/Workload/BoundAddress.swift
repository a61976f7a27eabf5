// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// Where a bind of a service leads that no ring tells: `--bind-address BIND=HOST:PORT[,KEY=VALUE…]`, or a Service of
/// the same export.
public struct BoundAddress: Sendable, Equatable {
    public enum Place: Sendable, Equatable {
        /// `HOST:PORT[,KEY=VALUE…]`
        case given(String)
        /// The Service of the workload with this number, at this port.
        case workload(Int, port: UInt16)
    }

    /// What a given one must be, for schemas (`AddressText`).
    public static let pattern = AddressText.pattern
    public static let longest = Int64(AddressText.longest)

    public let name: String
    public let place: Place

    /// Whether it leads to a service of the same export.
    public var isWired: Bool { if case .workload = place { true } else { false } }

    init(name: String, place: Place) {
        self.name = name
        self.place = place
    }

    init(_ text: String) throws(ExportFailure) {
        guard let address = AddressText(text) else {
            throw ExportFailure(
                code: 2, subject: .option(WorkloadOptions.bindAddress.id), "'\(text)' is not BIND=HOST:PORT",
                hint: "as in cache=cache.example:6379")
        }
        (name, place) = (address.bind, .given(address.place))
    }
}
