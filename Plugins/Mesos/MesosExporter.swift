// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// Makes a tarball that holds the whole root of a service, or an image through the docker format, and the Marathon
/// application that runs it.
final class MesosExporter: Exporter {
    private let host: Host

    init(host: Host) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) {
        let packages = try ServicePackages(job)
        try packages.checkService()
        let service = try DirectOptions.service(packages, job, host, saysWords: true)
        if service != nil { try SupervisorWords.checkUnused(job) }
        _ = try MarathonApplication(job, packages, service, host)
        if job.flag(MesosOptions.docker) {
            guard job.text(MesosOptions.uri) == nil else {
                throw .option(MesosOptions.uri, "there is no tarball with --docker", hint: "give one of the two")
            }
        } else {
            let root = try ServiceRoot(packages, host, isSupervised: service == nil)
            try service?.checkInterpreters(packages, host, in: root)
            _ = try url(job, try names(job, packages).tarball)
        }
    }

    func plan(_ job: Job) throws(ExportFailure) {
        for remark in try ServicePackages(job).services.flatMap(\.portRemarks) { host.log(.warning, remark) }
        try export(job, isPlan: true)
    }

    func run(_ job: Job) throws(ExportFailure) { try export(job, isPlan: false) }

    private func export(_ job: Job, isPlan: Bool) throws(ExportFailure) {
        let packages = try ServicePackages(job)
        let names = try names(job, packages)
        let service = try DirectOptions.service(packages, job, host, saysWords: true)
        let application = try MarathonApplication(job, packages, service, host)
        if isPlan {
            for remark in application.portRemarks { host.log(.warning, remark) }
            for remark in service?.remarks ?? [] { host.log(.note, remark) }
            if service == nil { for remark in SupervisorWords.remarks(packages, job) { host.log(.warning, remark) } }
        }
        if job.flag(MesosOptions.docker) {
            let reference = try image(job, isPlan: isPlan)
            if !isPlan { try write(application, from: .image(reference), to: names.application, job) }
            return try emit(names.application, role: .primary)
        }
        let written = isPlan ? nil : try writeTarball(packages, service, to: names.tarball)
        if !isPlan {
            try write(application, from: .tarball(try url(job, names.tarball)), to: names.application, job)
        }
        try host.emit(
            Artifact(
                .file(names.tarball), kind: "tarball", mediaType: "application/gzip", digest: written?.digest ?? "",
                size: written?.size ?? 0))
        try emit(names.application, role: .sidecar)
    }

    private func emit(_ name: String, role: Artifact.Role) throws(ExportFailure) {
        var artifact = Artifact(.file(name), role: role, kind: "application", mediaType: "application/json")
        artifact.isShown = true
        try host.emit(artifact)
    }

    private func write(
        _ application: MarathonApplication, from source: MarathonApplication.Source, to name: String, _ job: Job
    ) throws(ExportFailure) {
        try job.write(try host.text(of: application.document(from: source), as: .json), to: name)
    }

    private func writeTarball(
        _ packages: ServicePackages, _ service: DirectService?, to name: String
    ) throws(ExportFailure) -> Host.Written {
        let tree = try host.makeRootFilesystem()
        for package in packages.all { try tree.add(package) }
        try ServiceRoot(packages, host, isSupervised: service == nil).write(to: tree)
        try service?.write(to: tree, host)
        // What is mounted in a task, and what is copied there from the agent.
        for directory in ["dev", "proc", "sys"] { try tree.addDirectory(at: directory) }
        return try host.writeArchive(tree, path: name, compression: "gzip")
    }

    /// The image as agents pull it, by digest when it is made.
    private func image(_ job: Job, isPlan: Bool) throws(ExportFailure) -> String {
        for artifact in try host.run(ChildExport("docker", options: DirectOptions.forDocker(job))) {
            if case .reference(let reference) = artifact.place, isPlan || reference.contains("@sha256:") {
                return reference
            }
        }
        throw .option(
            MesosOptions.docker, "agents cannot pull the image: it goes to no registry",
            hint: "add --to docker://REGISTRY/NAME")
    }

    // MARK: - Names

    private func names(_ job: Job, _ packages: ServicePackages) throws(ExportFailure) -> (
        tarball: String, application: String
    ) {
        let package = packages.primary
        let stem = "\(package.origin)-\(package.name)-\(package.version)-\(package.release)"
        guard let name = job.outputName else { return ("\(stem).tgz", "\(stem).json") }
        if job.flag(MesosOptions.docker) { return (name, name) }
        guard Self.isArchive(name) else {
            throw ExportFailure(
                code: 2, "'\(name)' would not be unpacked: Mesos looks at the end of a name",
                hint: "name it ….tgz or ….tar.gz")
        }
        return (name, "\(name).json")
    }

    /// Where Mesos fetches the tarball; a placeholder when the user does not say.
    private func url(_ job: Job, _ name: String) throws(ExportFailure) -> String {
        guard let given = job.text(MesosOptions.uri) else { return "URL_TO_\(name)" }
        let whole = given.hasSuffix("/") ? given + name : given
        guard Self.isFetchable(whole) else {
            throw .option(
                MesosOptions.uri, "Mesos does not fetch and unpack '\(given)'",
                hint: "write SCHEME://HOST/PATH, plain ASCII without quotes and backslashes, up to 1024 bytes, with "
                    + ".tgz or .tar.gz at the very end, or / and the file's name is added")
        }
        return whole
    }

    /// Marathon takes up to 1024 bytes. Mesos hands the text to programs and refuses what a shell would take apart; what
    /// it unpacks it knows by the end of the whole URL.
    private static func isFetchable(_ url: String) -> Bool {
        let scheme = url.prefix { $0 != ":" }
        let place = url.dropFirst(scheme.count)
        return url.utf8.count <= 1024 && url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x27 && $0 != 0x5C }
            && scheme.first?.isLetter == true && !scheme.contains("/") && place.hasPrefix("://")
            && place.dropFirst(3).contains("/") && isArchive(url)
    }

    private static func isArchive(_ name: String) -> Bool { name.hasSuffix(".tgz") || name.hasSuffix(".tar.gz") }
}
