// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// The ports of a service as it is configured. EXPOSES says what they were when the package was built: the values that keys
/// of EXPORTS have in its `default.toml`. Where the user's configuration gives such a key another value, that is the port.
public struct ConfiguredPorts: Sendable {
    /// Those of EXPOSES, each once.
    public let exposed: [UInt16]
    /// The exported `port`, which others bind to; nil: there is none, or what it is cannot be told.
    public let bound: UInt16?
    /// What is configured to be no port, and is left out.
    public let remarks: [String]

    /// - Parameter configuration: what the user gives over `default.toml`; nil: nothing.
    public init(_ package: Package, _ configuration: DocumentValue?, _ host: Host) throws(ExportFailure) {
        let exports = package.metadataPairs("EXPORTS")
        let defaults = exports.isEmpty ? DocumentValue.map([]) : try Self.defaults(of: package, host)
        let layers = [configuration, defaults].compactMap { $0 }
        var ports: [UInt16] = []
        var remarks: [String] = []
        for port in package.exposedPorts {
            let keys = exports.filter { Self.port(Self.value($0.value, in: [defaults])) == port }
            if keys.isEmpty { ports.append(port) }
            for (name, path) in keys {
                if let now = Self.port(Self.value(path, in: layers)) {
                    ports.append(now)
                } else {
                    remarks.append(
                        "'\(package.ident)' exposes \(port) as '\(name)', and its '\(path)' is configured to be no port: "
                            + "it is left out")
                }
            }
        }
        var seen: Set<UInt16> = []
        exposed = ports.filter { seen.insert($0).inserted }
        bound = exports.first { $0.key == "port" }.flatMap { Self.port(Self.value($0.value, in: layers)) }
        self.remarks = remarks
    }

    private static func defaults(of package: Package, _ host: Host) throws(ExportFailure) -> DocumentValue {
        let name = "default.toml"
        guard let text = try host.contents(at: Array(name.utf8), of: package) else { return .map([]) }
        return try host.read(text, as: .toml, name: name, from: .package(package.ident)).value
    }

    /// What is at a path as in `web.port`. Tables of the first layers lie over those of the next; anything else hides them.
    private static func value(_ path: String, in layers: [DocumentValue]) -> DocumentValue? {
        var layers = layers
        for key in path.split(separator: ".") {
            layers = layers.compactMap { $0[String(key)] }
            if let last = layers.firstIndex(where: { !$0.isMap }) { layers = Array(layers[...last]) }
        }
        return layers.first
    }

    /// A number, or a text of one.
    private static func port(_ value: DocumentValue?) -> UInt16? {
        let number = value?.integer.flatMap { UInt16(exactly: $0) } ?? value?.string.flatMap { UInt16($0) }
        return number == 0 ? nil : number
    }
}

extension DocumentValue {
    fileprivate var isMap: Bool { if case .map = content { true } else { false } }
}
