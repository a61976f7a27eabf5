// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioPackage
import BioStore
import BioTemplate

/// A service that is configured once, when it is exported, and then runs without a supervisor.
///
/// Its configuration is the package's `default.toml` and what the user gives; nothing of the machine that exports has any
/// influence.
package struct DirectService: Sendable {
    package struct File: Hashable, Sendable {
        /// In the package: `default.toml`, `config/redis.conf`, `hooks/run`.
        package let path: String
        package let bytes: [UInt8]

        package init(path: String, bytes: [UInt8]) {
            self.path = path
            self.bytes = bytes
        }
    }

    /// What the user wants.
    package struct Choices: Hashable, Sendable {
        /// TOML over `default.toml`; empty: nothing.
        package var configuration: String
        /// What errors call that.
        package var configurationName: String
        /// `NAME=HOST:PORT`
        package var addresses: [String]
        package var group: String

        package init(
            configuration: String = "", configurationName: String = "", addresses: [String] = [],
            group: String = "default"
        ) {
            self.configuration = configuration
            self.configurationName = configurationName
            self.addresses = addresses
            self.group = group
        }
    }

    let metadata: PackageMetadata
    let files: [File]
    let root: FileSystemRoot
    /// The variables of the package's programs.
    let environment: PackageEnvironment

    /// Whether a file of the package is one that a service is rendered from.
    package static func reads(_ path: String) -> Bool {
        path == "default.toml" || path == "run"
            || path.hasPrefix("config/") || path.hasPrefix("hooks/")
    }

    /// - Parameters:
    ///   - files: those of the package that `reads` wants.
    ///   - pathOf: the PATH of a dependency, by its metafile.
    package init(
        _ metadata: PackageMetadata, files: [File], flavour: Flavour, pathOf: (QualifiedIdent) -> [String]
    ) {
        self.metadata = metadata
        self.files = files
        // Where it will run, whatever the root of this machine's packages is.
        root = FileSystemRoot(flavour: flavour)
        environment = PackageEnvironment(metadata, root: root, pathOf: pathOf)
    }

    /// Renders all of it. The same service and choices give the same bytes always.
    package func render(_ choices: Choices) throws(DirectError) -> DirectFiles {
        let binding = try binding(choices)
        let functions = TemplateFunctions.standard.addingPackagePaths(metadata.tdeps, root)
        let judge = DirectJudge(metadata: metadata, addresses: binding.spec.addresses, functions: functions)
        var templates: [(path: String, template: Template)] = []
        for (path, file) in hooks + configurations {
            do throws(TemplateError) {
                templates.append((path, try Template(parsing: file.bytes, name: file.path)))
            } catch { throw .template(error, of: metadata.ident) }
        }
        // With a place in a template first.
        for (_, template) in templates { try judge.check(template) }
        try check(binding)
        let context = try context(choices, binding)
        var rendered: [DirectFiles.File] = []
        for (path, template) in templates {
            do throws(TemplateError) {
                let text = try template.render(context, functions: functions)
                rendered.append(DirectFiles.File(path: path, text: text, isProgram: path.hasPrefix("hooks/")))
            } catch { throw .template(error, of: metadata.ident) }
        }
        return try DirectFiles(self, rendered)
    }

    // MARK: - Templates

    /// The hooks that there is somebody for, by their place in the service's directory.
    private var hooks: [(path: String, file: File)] {
        DirectFiles.runnable.compactMap { kind in file("hooks/\(kind.rawValue)").map { ($0.path, $0) } }
    }

    private var configurations: [(path: String, file: File)] {
        files.filter { $0.path.hasPrefix("config/") }.map { ($0.path, $0) }
    }

    func file(_ path: String) -> File? { files.first { $0.path == path } }

    // MARK: - Binds

    private func binding(_ choices: Choices) throws(DirectError) -> ServiceBinding {
        do throws(ServiceRefusal) {
            var spec = ServiceSpec(metadata.ident.ident)
            for text in choices.addresses { spec.addresses.append(try BoundAddress(parsing: text)) }
            return ServiceBinding(spec, of: metadata)
        } catch { throw .refused(error) }
    }

    private func check(_ binding: ServiceBinding) throws(DirectError) {
        do throws(ServiceRefusal) { try binding.check() } catch {
            if case .unbound(let names, let ident) = error { throw .notBound(names, of: ident) }
            throw .refused(error)
        }
    }

    // MARK: - Context

    private func context(_ choices: Choices, _ binding: ServiceBinding) throws(DirectError) -> DocumentValue {
        let configuration = try ServiceConfiguration(
            defaults: file("default.toml")?.bytes,
            given: (choices.configurationName, Array(choices.configuration.utf8)))
        let host = HostFacts(effectiveUserID: 0, hostName: "", version: "")
        let full = RenderContext(
            RenderContext.Package(
                metadata, path: root.packagePath(metadata.ident), environment: environment.variables,
                directory: ServiceDirectory(metadata.ident.name, in: root),
                user: ServiceUser(of: metadata, root.flavour)),
            configuration: configuration, host: host, group: choices.group,
            binds: binding.context({ _ in nil }, host))
        var context = full.value.object ?? DocumentObject()
        // What is not so is not there: a template that reaches it by a way that nobody foresaw finds nothing.
        context["sys"] = [:]
        var service = context["svc"]?.object ?? DocumentObject()
        for name in ["members", "first", "leader"] { service[name] = nil }
        if var me = service["me"]?.object {
            me["sys"] = [:]
            service["me"] = .object(me)
        }
        context["svc"] = .object(service)
        return .object(context)
    }
}

extension ServiceConfiguration {
    /// The package's own and what is given over it; nothing of this machine.
    fileprivate init(defaults: [UInt8]?, given: (name: String, bytes: [UInt8])) throws(DirectError) {
        var merged = DocumentObject()
        for (name, bytes) in [("default.toml", defaults ?? []), given] where !bytes.isEmpty {
            let value: DocumentValue
            do throws(DocumentError) { value = try TOMLDocument(parsing: bytes).value } catch {
                throw .badConfiguration(name: name, error)
            }
            do throws(SupervisorError) {
                merged = try Self.merge(value.object ?? DocumentObject(), over: merged, origin: name, depth: 0)
            } catch { throw .tooDeep(name: name, limit: Self.mergeDepth) }
        }
        value = .object(merged)
        oldUserConfiguration = nil
    }
}

extension ServiceUser {
    /// By name alone: the accounts are those of where the service will run.
    init(of package: PackageMetadata, _ flavour: Flavour) {
        user = package.serviceUser ?? flavour.serviceUser
        group = package.serviceGroup ?? flavour.serviceGroup
        identity = nil
    }
}
