// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

extension Package {
    /// Whether it is the supervisor that comes with `bio`, which is in no ring (docs/reference/supervisor.md).
    public var isLoneSupervisor: Bool { roles.contains(.supervisor) && origin == "biome" && name == "bio" }

    /// The text of a metafile; nil when there is none, or nothing in it.
    public func filledMetadata(_ name: String) -> String? {
        guard let text = metadata(name), !text.isEmpty else { return nil }
        return text
    }

    /// The lines `key=value` of a metafile, without what stands behind a second `=`.
    public func metadataPairs(_ file: String) -> [(key: String, value: String)] {
        (metadata(file) ?? "").split(whereSeparator: \.isNewline).compactMap { line in
            let parts = line.split(separator: "=", omittingEmptySubsequences: false)
            guard let key = parts.first, !key.isEmpty else { return nil }
            return (String(key), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    /// The ports of EXPOSES, each once; what is no port is left out, as upstream does.
    public var exposedPorts: [UInt16] {
        var seen: Set<UInt16> = []
        return (metadata("EXPOSES") ?? "").split(whereSeparator: \.isWhitespace).compactMap { UInt16($0) }
            .filter { $0 > 0 && seen.insert($0).inserted }
    }

    /// One line for each word of EXPOSES that is no port.
    public var portRemarks: [String] {
        (metadata("EXPOSES") ?? "").split(whereSeparator: \.isWhitespace).filter { (UInt16($0) ?? 0) == 0 }.map {
            "'\(ident)' exposes '\($0)', which is no port: it is left out"
        }
    }

    /// The binds of BINDS and BINDS_OPTIONAL, with the keys that each wants.
    public var binds: [(name: String, keys: [String], isOptional: Bool)] {
        [("BINDS", false), ("BINDS_OPTIONAL", true)].flatMap { file, isOptional in
            metadataPairs(file).map { ($0.key, $0.value.split(separator: " ").map(String.init), isOptional) }
        }
    }
}
