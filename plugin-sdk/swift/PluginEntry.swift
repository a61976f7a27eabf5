// SPDX-License-Identifier: Apache-2.0

public import CBioExport

/// What stands behind `bio_export_entry`: the C tables of a `PluginDescription`, built once, kept for ever.
///
///     private let entry = PluginEntry(PluginDescription(…))
///
///     @c(bio_export_entry) @implementation
///     public func bio_export_entry(
///         _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
///     ) -> Int32 { entry.answer(negotiation, out) }
public struct PluginEntry: @unchecked Sendable {
    // SAFETY: the tables are written here and never again.
    private let plugin: UnsafePointer<bio_plugin>
    /// What the tables below use.
    private static let needed = BIO_ABI_1_0

    public init(_ description: PluginDescription) {
        let plugin = UnsafeMutablePointer<bio_plugin>.allocate(capacity: 1)
        plugin.initialize(to: bio_plugin())
        plugin.pointee.struct_size = UInt32(MemoryLayout<bio_plugin>.size)
        plugin.pointee.abi = Self.needed
        plugin.pointee.abi_built = BIO_ABI_VERSION
        plugin.pointee.abi_needed = Self.needed
        plugin.pointee.id = .lasting(description.id)
        plugin.pointee.name = .lasting(description.name)
        plugin.pointee.version = .lasting(description.version)
        plugin.pointee.vendor = .lasting(description.vendor)
        plugin.pointee.license = .lasting(description.license)
        plugin.pointee.url = .lasting(description.url)
        plugin.pointee.format_count = UInt32(description.formats.count)
        plugin.pointee.formats = lasting(description.formats.map { FormatRecord.make($0) })
        plugin.pointee.function_count = UInt32(description.functions.count)
        plugin.pointee.functions = lasting(description.functions.map { lastingFunction($0) })
        self.plugin = UnsafePointer(plugin)
    }

    public func answer(
        _ negotiation: UnsafePointer<bio_negotiation>, _ out: UnsafeMutablePointer<UnsafePointer<bio_plugin>?>
    ) -> Int32 {
        let range = HostTable.copy(UnsafeRawPointer(negotiation), bio_negotiation.self)
        guard let range, range.abi_min <= BIO_ABI_VERSION, Self.needed <= range.abi_max else { return BIO_E_NEWER }
        out.pointee = plugin
        return BIO_OK
    }
}

/// A `bio_format` with the Swift description behind it, in one piece of memory that is never freed.
private struct FormatRecord {
    var format: bio_format
    var description: Unmanaged<Box>

    final class Box {
        let description: FormatDescription
        init(_ description: FormatDescription) { self.description = description }
    }

    static func make(_ description: FormatDescription) -> UnsafePointer<bio_format> {
        let record = UnsafeMutablePointer<FormatRecord>.allocate(capacity: 1)
        record.initialize(to: FormatRecord(format: bio_format(), description: .passRetained(Box(description))))
        withUnsafeMutablePointer(to: &record.pointee.format) { fill($0, description) }
        return UnsafeRawPointer(record).assumingMemoryBound(to: bio_format.self)
    }

    private static func fill(_ format: UnsafeMutablePointer<bio_format>, _ description: FormatDescription) {
        format.pointee.struct_size = UInt32(MemoryLayout<bio_format>.size)
        format.pointee.flags =
            (description.isReproducible ? 1 : 0) | (description.isStreamable ? 2 : 0)
            | (description.isStreamed ? 4 : 0)
        format.pointee.id = .lasting(description.id)
        format.pointee.summary = .lasting(description.summary)
        format.pointee.doc = .lasting(description.doc)
        format.pointee.alias_count = UInt32(description.aliases.count)
        format.pointee.aliases = lasting(description.aliases.map { .lasting($0) })
        format.pointee.tag_prefix = .lasting(description.tagPrefix)
        format.pointee.option_count = UInt32(description.options.count)
        format.pointee.options = lasting(description.options.map { lastingOption($0) })
        format.pointee.group_count = UInt32(description.groups.count)
        format.pointee.groups = lasting(description.groups.map { .lasting($0.rawValue) })
        format.pointee.base_count = UInt32(description.basePackages.count)
        format.pointee.bases = lasting(description.basePackages.map { lastingBase($0) })
        format.pointee.artifact_kind_count = UInt32(description.artifactKinds.count)
        format.pointee.artifact_kinds = lasting(description.artifactKinds.map { .lasting($0) })
        format.pointee.need_count = UInt32(description.needs.count)
        format.pointee.needs = lasting(description.needs.map { .lasting($0.rawValue) })
        format.pointee.create = { format, host, out in
            let record = UnsafeRawPointer(format).assumingMemoryBound(to: FormatRecord.self)
            return ExporterRecord.create(record.pointee.description.takeUnretainedValue().description, host, out)
        }
    }
}

/// A `bio_exporter` whose context is the Swift exporter.
private final class ExporterRecord {
    let exporter: any Exporter
    let host: Host
    let options: [Option]

    init(_ exporter: any Exporter, host: Host, options: [Option]) {
        self.exporter = exporter
        self.host = host
        self.options = options
    }

    static func create(
        _ description: FormatDescription, _ raw: UnsafePointer<bio_host>,
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<bio_exporter>?>
    ) -> Int32 {
        let host = Host(raw)
        let record: ExporterRecord
        do throws(ExportFailure) {
            if let missing = description.needs.first(where: { !host.offers($0) }) {
                throw ExportFailure(
                    code: BIO_E_UNSUPPORTED, "this host does not offer \(missing.rawValue)", hint: "use a newer bio")
            }
            record = ExporterRecord(try description.exporter.init(host: host), host: host, options: description.options)
        } catch { return host.fail(error) }
        let exporter = UnsafeMutablePointer<bio_exporter>.allocate(capacity: 1)
        exporter.initialize(to: bio_exporter())
        exporter.pointee.struct_size = UInt32(MemoryLayout<bio_exporter>.size)
        exporter.pointee.context = Unmanaged.passRetained(record).toOpaque()
        exporter.pointee.validate = { exporter, job in
            ExporterRecord.call(exporter, job) { (exporter, job) throws(ExportFailure) in try exporter.validate(job) }
        }
        exporter.pointee.plan = { exporter, job in
            ExporterRecord.call(exporter, job) { (exporter, job) throws(ExportFailure) in try exporter.plan(job) }
        }
        exporter.pointee.run = { exporter, job in
            ExporterRecord.call(exporter, job) { (exporter, job) throws(ExportFailure) in try exporter.run(job) }
        }
        exporter.pointee.destroy = { exporter in
            Unmanaged<ExporterRecord>.fromOpaque(exporter.pointee.context!).release()
            exporter.deallocate()
        }
        out.pointee = exporter
        return BIO_OK
    }

    private static func call(
        _ exporter: UnsafeMutablePointer<bio_exporter>, _ job: UnsafePointer<bio_job>,
        _ phase: (any Exporter, Job) throws(ExportFailure) -> Void
    ) -> Int32 {
        let record = Unmanaged<ExporterRecord>.fromOpaque(exporter.pointee.context!).takeUnretainedValue()
        do throws(ExportFailure) {
            guard let job = Job(job, options: record.options) else { return BIO_E_SIZE }
            try phase(record.exporter, job)
            return BIO_OK
        } catch { return record.host.fail(error) }
    }
}

// ---- Memory that lasts ----

private func lasting<T>(_ values: [T]) -> UnsafePointer<T>? {
    guard !values.isEmpty else { return nil }
    let copy = UnsafeMutablePointer<T>.allocate(capacity: values.count)
    copy.initialize(from: values, count: values.count)
    return UnsafePointer(copy)
}

private func lasting<T>(one value: T) -> UnsafePointer<T> {
    let copy = UnsafeMutablePointer<T>.allocate(capacity: 1)
    copy.initialize(to: value)
    return UnsafePointer(copy)
}

extension bio_str {
    fileprivate static func lasting(_ text: String?) -> bio_str {
        guard let text, !text.isEmpty else { return bio_str() }
        var bytes = Array(text.utf8CString)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        copy.initialize(from: &bytes, count: bytes.count)
        return bio_str(ptr: copy, len: UInt64(bytes.count - 1))
    }
}

private func lastingOption(_ option: Option) -> UnsafePointer<bio_option> {
    var raw = bio_option()
    raw.struct_size = UInt32(MemoryLayout<bio_option>.size)
    raw.flags =
        (option.isHidden ? 1 : 0) | (option.isDeprecated ? 2 : 0) | (option.isRequired ? 1 << 16 : 0)
        | (option.isOperand ? 1 << 17 : 0)
    raw.kind = option.kind.rawValue
    raw.id = .lasting(option.id)
    raw.summary = .lasting(option.summary)
    raw.doc = .lasting(option.doc)
    raw.value_name = .lasting(option.valueName)
    raw.default_value = .lasting(option.defaultValue)
    raw.environment = .lasting(option.environment)
    raw.choice_count = UInt32(option.choices.count)
    raw.choices = lasting(option.choices.map { bio_kv(key: .lasting($0.value), value: .lasting($0.meaning)) })
    raw.alias_count = UInt32(option.aliases.count)
    raw.aliases = lasting(option.aliases.map { .lasting($0) })
    raw.minimum = option.range?.lowerBound ?? 0
    raw.maximum = option.range?.upperBound ?? 0
    raw.check = .lasting(option.check)
    return lasting(one: raw)
}

private func lastingFunction(_ function: Function) -> UnsafePointer<bio_function> {
    var raw = bio_function()
    raw.struct_size = UInt32(MemoryLayout<bio_function>.size)
    raw.name = .lasting(function.name)
    raw.signature = .lasting(function.signature)
    raw.doc = .lasting(function.doc)
    raw.function = function.address
    return lasting(one: raw)
}

private func lastingBase(_ base: BasePackage) -> UnsafePointer<bio_base_package> {
    var raw = bio_base_package()
    raw.struct_size = UInt32(MemoryLayout<bio_base_package>.size)
    raw.role = base.role.rawValue
    raw.omit_when = .lasting(base.omitWhen)
    raw.name = .lasting(base.name)
    raw.package = .lasting(base.package)
    return lasting(one: raw)
}
