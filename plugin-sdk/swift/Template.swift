// SPDX-License-Identifier: Apache-2.0

import CBioExport

/// A service that is configured once, when it is exported. The C side of it is `bio_service_call`.
public struct ServiceCall {
    public var package: Package
    /// Where binds lead, as the user writes it: `database=10.0.0.7:5432`.
    public var binds: [String]
    /// TOML over the package's `default.toml`, and what messages call it.
    public var configuration: (name: String, text: String)?
    /// Nil: default.
    public var group: String?

    public init(
        _ package: Package, binds: [String] = [], configuration: (name: String, text: String)? = nil,
        group: String? = nil
    ) {
        self.package = package
        self.binds = binds
        self.configuration = configuration
        self.group = group
    }
}

/// A service that has been rendered: what whoever starts it must know.
public struct RenderedService: Sendable {
    public struct Hook: Sendable {
        /// `init`, `run`, `post-run`, `post-stop`, `health-check`
        public let name: String
        /// In the tree.
        public let path: String
        /// Absolute, of its first line.
        public let interpreter: String
    }

    /// In the tree: `hab/svc/redis`.
    public let directory: String
    public let user: String
    public let group: String
    /// Without `SIG`.
    public let stopSignal: String
    public let stopSeconds: UInt32
    /// `run` is among them.
    public let hooks: [Hook]
    /// Of its programs, PATH too.
    public let environment: [(key: String, value: String)]
    /// Hooks of the package that only a supervisor runs.
    public let leftOut: [String]

    init(_ raw: bio_service) {
        directory = String(raw.directory)
        user = String(raw.user)
        group = String(raw.group)
        stopSignal = String(raw.stop_signal)
        stopSeconds = raw.stop_seconds
        hooks = (0..<Int(raw.hook_count)).compactMap { number in
            HostTable.copy(raw.hooks.map { UnsafeRawPointer($0[number]) }, bio_hook.self).map {
                Hook(name: String($0.name), path: String($0.path), interpreter: String($0.interpreter))
            }
        }
        environment = (0..<Int(raw.environment_count)).compactMap { number in
            raw.environment.map { (String($0[number].key), String($0[number].value)) }
        }
        leftOut = (0..<Int(raw.left_out_count)).compactMap { number in raw.left_out.map { String($0[number]) } }
    }
}

extension Host {
    /// The text of a template, with the members of `context` filled in. A name that is not there is refused, with its place
    /// below `name`.
    public func render(
        _ template: String, named name: String, _ context: DocumentValue, from subject: ExportFailure.Subject = .none
    ) throws(ExportFailure) -> String {
        guard let templates = table(.template, bio_template.self), let render = templates.render else {
            throw .lacking(.template)
        }
        var texts = CallTexts()
        defer { texts.free() }
        let (kind, shown) = subject.abi
        var source = bio_source()
        source.struct_size = UInt32(MemoryLayout<bio_source>.size)
        source.subject_kind = kind
        source.subject = texts.string(shown)
        source.name = texts.string(name)
        source.text = texts.string(template)
        var writer = NodeWriter()
        writer.add(context)
        var text = bio_str()
        let code = writer.withABI { render(raw, &source, $0.baseAddress, UInt64($0.count), &text) }
        guard code == 0 else { throw .host(code) }
        return String(text)
    }

    /// Renders the configuration and the hooks of a service into a tree, below its directory.
    public func render(_ call: ServiceCall, into tree: RootFilesystem) throws(ExportFailure) -> RenderedService {
        guard let templates = table(.template, bio_template.self), let render = templates.service else {
            throw .lacking(.template)
        }
        var texts = CallTexts()
        defer { texts.free() }
        var raw = bio_service_call()
        raw.struct_size = UInt32(MemoryLayout<bio_service_call>.size)
        raw.package = call.package.index
        (raw.binds, raw.bind_count) = texts.strings(call.binds)
        raw.configuration = texts.string(call.configuration?.text ?? "")
        raw.configuration_name = texts.string(call.configuration?.name ?? "")
        raw.group = texts.string(call.group ?? "")
        var service: UnsafePointer<bio_service>?
        let code = render(self.raw, &raw, tree.handle, &service)
        guard code == 0 else { throw .host(code) }
        guard let service = HostTable.copy(service.map { UnsafeRawPointer($0) }, bio_service.self) else {
            throw .host(BIO_E_IO)
        }
        return RenderedService(service)
    }
}
