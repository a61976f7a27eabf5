// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioPackage
import BioSupervisor
import BioSystem

/// `bio.host.template/1` in Swift, what is not done in the plugin's own process.
extension ExportServices {
    /// Bytes of one file that a service is rendered from.
    private static let longestTemplate = 4 << 20
    /// Bytes of all of them, and of what they become.
    private static let mostTemplates = 16 << 20
    private static let mostRendered = 32 << 20
    /// What a service writes to, and what lies beside it.
    private static let directories: [(name: String, mode: UInt32)] = [
        ("config", 0o770), ("data", 0o770), ("files", 0o770), ("static", 0o770), ("var", 0o770), ("logs", 0o755),
    ]

    /// Renders a service into a tree. Why it cannot be done is kept: it is the user's affair, not the plugin's.
    package func renderService(_ request: ServiceRequest, into tree: UInt64) throws(ServiceError) -> ServiceFacts {
        renderFailure = nil
        let package = try package(request.package)
        try checkLimits(of: request)
        let service = try service(package)
        let rendered: DirectFiles
        do throws(DirectError) {
            rendered = try service.render(
                DirectService.Choices(
                    configuration: request.configuration,
                    configurationName: request.configurationName.isEmpty ? "configuration" : request.configurationName,
                    addresses: request.binds, group: request.group.isEmpty ? "default" : request.group))
        } catch {
            renderFailure = error
            throw ServiceError(.invalid, "\(error)", hint: error.hint, fault: .package)
        }
        guard rendered.files.reduce(0, { $0 + $1.text.utf8.count }) <= Self.mostRendered else {
            throw ServiceError(.limit, "'\(package.ident)' is rendered to more than 32 MiB", fault: .package)
        }
        let directory = "\(flavour(of: package).rootDirectory)/svc/\(package.ident.name)"
        try change(tree) { (tree) throws(ServiceError) in
            for (name, mode) in Self.directories {
                try tree.add(Array("\(directory)/\(name)".utf8), .directory(mode: mode))
            }
            for file in rendered.files {
                let bytes = Array(file.text.utf8)
                // Configuration may hold secrets.
                try tree.add(
                    Array("\(directory)/\(file.path)".utf8), .content(bytes, mode: file.isProgram ? 0o755 : 0o640))
                guard file.path == "hooks/run" else { continue }
                // Where `pkg.svc_run` leads.
                try tree.add(Array("\(directory)/run".utf8), .content(bytes, mode: 0o755))
            }
        }
        return facts(rendered, directory)
    }

    private func checkLimits(of request: ServiceRequest) throws(ServiceError) {
        guard request.binds.count <= ServiceRequest.mostBinds,
            request.configuration.utf8.count <= ServiceRequest.longestConfiguration
        else {
            throw ServiceError(
                .limit, "a service was to be rendered with more than \(ServiceRequest.mostBinds) binds or 1 MiB of TOML"
            )
        }
    }

    private func flavour(of package: ExportPackage) -> Flavour {
        Flavour.installing(below: String(package.prefix.prefix { $0 != "/" })) ?? .biome
    }

    private func service(_ package: ExportPackage) throws(ServiceError) -> DirectService {
        let paths = Dictionary(job.packages.map { ($0.ident, $0) }) { first, _ in first }
        return DirectService(
            try metadata(of: package), files: try serviceFiles(of: package), flavour: flavour(of: package)
        ) { ident in
            paths[ident].flatMap { try? metadata(of: $0).path } ?? []
        }
    }

    private func metadata(of package: ExportPackage) throws(ServiceError) -> PackageMetadata {
        var files: [MetaFile: [UInt8]] = [:]
        for file in package.metadata {
            if let name = MetaFile(rawValue: file.name) { files[name] = Array(file.text.utf8) }
        }
        do throws(MetadataError) { return try PackageMetadata(ident: package.ident, files: files) } catch {
            throw ServiceError(.invalid, "\(error)", fault: .package)
        }
    }

    /// Read as the artifact had them: what was changed since is refused.
    private func serviceFiles(of package: ExportPackage) throws(ServiceError) -> [DirectService.File] {
        try package.readFiles()
        var found: [DirectService.File] = []
        var total: UInt64 = 0
        for file in package.files where file.kind == .regular {
            guard let path = String(validating: file.path, as: UTF8.self), DirectService.reads(path) else { continue }
            total += file.size
            guard file.size <= UInt64(Self.longestTemplate), total <= UInt64(Self.mostTemplates) else {
                throw ServiceError(
                    .limit, "'\(path)' of '\(package.ident)' is longer than 4 MiB, or all its templates than 16 MiB",
                    fault: .package)
            }
            let contents: [UInt8]
            let opened = try bytes.open(file, of: package)
            do throws(Errno) { contents = try opened.readToEnd(limit: Self.longestTemplate) } catch {
                throw ServiceError(.io, "cannot read '\(path)' of '\(package.ident)': \(error)")
            }
            guard file.digest == nil || Digest.blake2b256(of: contents) == file.digest else {
                throw PackageBytes.changed(file, package)
            }
            found.append(DirectService.File(path: path, bytes: contents))
        }
        return found
    }

    private func facts(_ rendered: DirectFiles, _ directory: String) -> ServiceFacts {
        var facts = ServiceFacts()
        facts.directory = directory
        facts.user = rendered.user
        facts.group = rendered.group
        facts.stopSignal = rendered.shutdownSignal
        facts.stopSeconds = rendered.shutdownTimeout
        facts.hooks = rendered.hooks.map {
            .init(
                name: $0.kind.rawValue, path: "\(directory)/hooks/\($0.kind.rawValue)", interpreter: $0.interpreter)
        }
        facts.environment = rendered.environment.map { .init(name: $0.name, value: $0.value) }
        facts.leftOut = rendered.leftOut.map(\.rawValue)
        return facts
    }
}
