// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// What one export is asked to do: a view of the host's `bio_job`, valid until the exporter ends.
public struct Job {
    private let raw: bio_job
    private let graph: bio_graph
    private let options: [Option]

    /// Nil when the host's tables are too short to be a job.
    init?(_ raw: UnsafePointer<bio_job>, options: [Option]) {
        guard let job = HostTable.copy(UnsafeRawPointer(raw), bio_job.self),
            let graph = HostTable.copy(UnsafeRawPointer(job.graph), bio_graph.self)
        else { return nil }
        self.raw = job
        self.graph = graph
        self.options = options
    }

    /// Absolute; the only place for artifacts, empty at first.
    public var outDirectory: String { String(raw.out_dir) }
    /// Absolute; gone after the export.
    public var scratchDirectory: String { String(raw.scratch_dir) }
    /// As in `x86_64-linux`.
    public var target: String { String(raw.target) }
    /// Seconds since 1970; the only time an artifact may show.
    public var sourceDateEpoch: Int64 { raw.source_date_epoch }

    /// Every package of the closure, in layer order: base first, dependencies before dependents.
    public var packages: [Package] {
        (0..<Int(graph.package_count)).map { Package(index: UInt32($0), graph.packages![$0]) }
    }

    /// The packages that the user named, in his order.
    public var roots: [Package] {
        (0..<Int(graph.root_count)).map {
            let index = graph.roots![$0]
            return Package(index: index, graph.packages![Int(index)])
        }
    }

    /// What a package needs: the packages of the graph, and whether DEPS names them (else TDEPS alone does).
    public func dependencies(of package: Package) -> [(package: Package, isDirect: Bool)] {
        guard let starts = graph.edge_starts, let edges = graph.edges, let packages = graph.packages else { return [] }
        return (Int(starts[Int(package.index)])..<Int(starts[Int(package.index) + 1])).map {
            let edge = edges[$0]
            return (Package(index: edge.to, packages[Int(edge.to)]), edge.kind == BIO_EDGE_DIRECT)
        }
    }

    /// The file name that the user wants for the primary artifact; nil: the format names it.
    public var outputName: String? {
        let name = String(raw.output_name)
        return name.isEmpty ? nil : name
    }

    /// Whether the user gave the option, on the command line or in a variable.
    public func isGiven(_ option: Option) -> Bool { value(option).source != BIO_SOURCE_DEFAULT }

    public func flag(_ option: Option) -> Bool { value(option, .flag).integer != 0 }

    public func integer(_ option: Option) -> Int64? {
        let value = value(option, .integer)
        return value.kind == 0 ? nil : value.integer
    }

    /// The text of a string, path, choice or compression option; nil when it has neither value nor default.
    public func text(_ option: Option) -> String? {
        let value = value(option, option.kind)
        return value.kind == 0 ? nil : String(value.text)
    }

    public func list(_ option: Option) -> [String] {
        let value = value(option, .list)
        return (0..<Int(value.item_count)).map { String(value.items![$0]) }
    }

    private func value(_ option: Option, _ kind: Option.Kind) -> bio_value {
        guard option.kind == kind else { preconditionFailure("option '\(option.id)' is not a \(kind)") }
        return value(option)
    }

    private func value(_ option: Option) -> bio_value {
        guard let index = options.firstIndex(where: { $0.id == option.id && $0.kind == option.kind }),
            index < Int(raw.value_count), let values = raw.values
        else { preconditionFailure("option '\(option.id)' is not in the format's table") }
        return values[index]
    }
}

/// A package of the closure: a view of the host's `bio_package`.
public struct Package {
    /// Its identity in the graph.
    public let index: UInt32
    private let raw: UnsafePointer<bio_package>

    init(index: UInt32, _ raw: UnsafePointer<bio_package>) {
        self.index = index
        self.raw = raw
    }

    public struct Roles: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }
        public static let root = Roles(rawValue: 1 << 0)
        public static let base = Roles(rawValue: 1 << 1)
        public static let service = Roles(rawValue: 1 << 2)
        public static let unverified = Roles(rawValue: 1 << 3)
        public static let installHook = Roles(rawValue: 1 << 4)
        public static let cli = Roles(rawValue: 1 << 8)
        public static let supervisor = Roles(rawValue: 1 << 9)
        public static let launcher = Roles(rawValue: 1 << 10)
        public static let shell = Roles(rawValue: 1 << 11)
        public static let certificates = Roles(rawValue: 1 << 12)
    }

    public var roles: Roles { Roles(rawValue: raw.pointee.flags) }
    /// `origin/name/version/release`.
    public var ident: String { String(raw.pointee.ident) }
    public var origin: String { String(raw.pointee.origin) }
    public var name: String { String(raw.pointee.name) }
    public var version: String { String(raw.pointee.version) }
    public var release: String { String(raw.pointee.release) }
    /// `hab/pkgs/origin/name/version/release`.
    public var prefix: String { String(raw.pointee.prefix) }
    /// As in `x86_64-linux`.
    public var target: String { String(raw.pointee.target) }
    /// `blake2b-256:…` of the whole artifact; empty when it is unverified.
    public var artifact: String { String(raw.pointee.artifact) }
    /// The origin key, name-revision; empty when it is unverified.
    public var signer: String { String(raw.pointee.signer) }
    /// Bytes of all regular files.
    public var installedSize: UInt64 { raw.pointee.installed_size }

    /// Of a root: the ident as the user typed it, or `origin/name` when he named a .hart file. Else empty.
    public var requested: String { String(raw.pointee.requested) }
    /// How many entries it has.
    public var fileCount: UInt64 { raw.pointee.file_count }

    /// Every metafile by name, in byte order, its text trimmed.
    public var metadata: [(name: String, text: String)] {
        (0..<Int(raw.pointee.metadata_count)).map {
            (String(raw.pointee.metadata![$0].key), String(raw.pointee.metadata![$0].value))
        }
    }

    /// The text of a metafile, trimmed; nil when the package has none of that name.
    public func metadata(_ name: String) -> String? {
        for index in 0..<Int(raw.pointee.metadata_count) where String(raw.pointee.metadata![index].key) == name {
            return String(raw.pointee.metadata![index].value)
        }
        return nil
    }
}

extension String {
    /// The UTF-8 text of an ABI string; wrong bytes become U+FFFD (the host sends none).
    init(_ text: bio_str) {
        guard let start = text.ptr, text.len > 0 else {
            self = ""
            return
        }
        self = start.withMemoryRebound(to: UInt8.self, capacity: Int(text.len)) {
            String(decoding: UnsafeBufferPointer(start: $0, count: Int(text.len)), as: UTF8.self)
        }
    }

    /// Calls `body` with this text as an ABI string that lives for the call.
    func withBioStr<R>(_ body: (UnsafePointer<bio_str>) -> R) -> R { Array(utf8).withBioStr(body) }
}

extension [UInt8] {
    func withBioStr<R>(_ body: (UnsafePointer<bio_str>) -> R) -> R {
        withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { chars in
                var text = bio_str(ptr: chars.baseAddress, len: UInt64(chars.count))
                return withUnsafePointer(to: &text) { body($0) }
            }
        }
    }

    init(_ text: bio_str) {
        guard let start = text.ptr, text.len > 0 else {
            self = []
            return
        }
        self = start.withMemoryRebound(to: UInt8.self, capacity: Int(text.len)) {
            Array(UnsafeBufferPointer(start: $0, count: Int(text.len)))
        }
    }
}
