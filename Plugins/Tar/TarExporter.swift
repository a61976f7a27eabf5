// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// Lays a closure out as upstream's tar does: every package under hab/pkgs, hab/bin, and an empty hab/cache.
final class TarExporter: Exporter {
    private let host: Host

    init(host: Host) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) {
        _ = try service(job)
        if let name = job.outputName, let suffix = Self.knownSuffix(of: name) {
            let wanted = try suffixOf(job)
            guard suffix == wanted else {
                throw ExportFailure(
                    code: 2, subject: .option("compression"),
                    "'\(name)' ends in \(suffix), but the compression makes a \(wanted)",
                    hint: "name it …\(wanted), or choose the compression that fits")
            }
        }
    }

    func plan(_ job: Job) throws(ExportFailure) {
        for remark in try service(job)?.remarks ?? [] { host.log(.note, remark) }
        try host.emit(artifact(try fileName(job)))
    }

    /// Nil unless it runs without a supervisor.
    private func service(_ job: Job) throws(ExportFailure) -> DirectService? {
        guard let service = try DirectOptions.service(try ServicePackages(job), job, host) else { return nil }
        guard !job.flag(TarOptions.noSupervisor) else {
            throw .option(
                TarOptions.noSupervisor, "with --runtime direct there is no supervisor to leave out",
                hint: "give one of the two")
        }
        // What is not among the packages is the system's that it is unpacked on.
        try service.checkInterpreters(try ServicePackages(job), host) { _ in true }
        return service
    }

    func run(_ job: Job) throws(ExportFailure) {
        let tree = try host.makeRootFilesystem()
        for package in job.packages { try tree.add(package) }
        try tree.addDirectory(at: "hab/cache")
        let service = try service(job)
        try service?.write(to: tree, host)
        if !job.flag(TarOptions.noBin) { try addPrograms(job, service, to: tree) }

        let name = try fileName(job)
        let written = try host.writeArchive(tree, path: name, compression: compression(job))
        try host.emit(artifact(name, written))
    }

    /// hab/bin: a copy of all that the `bin` of the package manager holds, or of the first process.
    private func addPrograms(
        _ job: Job, _ service: DirectService?, to tree: RootFilesystem
    ) throws(ExportFailure) {
        for package in job.packages
        where package.roles.contains(.cli) || package.index == service?.initPackage.index {
            for (number, file) in try host.files(of: package) where file.path.starts(with: "bin/".utf8) {
                try tree.addCopy(at: Array("hab/".utf8) + file.path, of: package, file: number)
            }
        }
    }

    private func artifact(_ name: String, _ written: Host.Written? = nil) -> Artifact {
        Artifact(
            .file(name), kind: "tarball", mediaType: Self.mediaType(of: name), digest: written?.digest ?? "",
            size: written?.size ?? 0)
    }

    private func compression(_ job: Job) -> String { job.text(TarOptions.compression) ?? "gzip" }

    private func suffixOf(_ job: Job) throws(ExportFailure) -> String {
        try host.archiveSuffix(compression(job))
    }

    /// origin-name-version-release of the first package, unless the user named the file.
    private func fileName(_ job: Job) throws(ExportFailure) -> String {
        if let name = job.outputName { return name }
        guard let first = job.roots.first else { throw ExportFailure("there is no package to export") }
        return "\(first.origin)-\(first.name)-\(first.version)-\(first.release)\(try suffixOf(job))"
    }

    private static let mediaTypes: [(suffix: String, type: String)] = [
        (".tar.gz", "application/gzip"), (".tgz", "application/gzip"), (".tar.zst", "application/zstd"),
        (".tar.xz", "application/x-xz"), (".tar", "application/x-tar"),
    ]

    private static func mediaType(of name: String) -> String {
        mediaTypes.first { name.hasSuffix($0.suffix) }?.type ?? "application/octet-stream"
    }

    /// The compression suffix that a file name promises, as `archiveSuffix` writes it; nil when it promises none.
    private static func knownSuffix(of name: String) -> String? {
        if name.hasSuffix(".tgz") { return ".tar.gz" }
        return mediaTypes.first { name.hasSuffix($0.suffix) }?.suffix
    }
}
