// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// Makes an App Container Image: a manifest, and the root of a service below `rootfs`.
final class ACIExporter: Exporter {
    private let host: Host

    init(host: Host) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) {
        let packages = try ServicePackages(job)
        let service = try DirectOptions.service(packages, job, host, saysWords: true)
        if service != nil { try SupervisorWords.checkUnused(job) }
        let root = try ServiceRoot(packages, host, isSupervised: service == nil)
        try service?.checkInterpreters(packages, host, in: root)
        _ = try ImageManifest(job, packages, service, host)
        _ = try ImageSignature(job)
        _ = try fileName(job, packages)
    }

    func plan(_ job: Job) throws(ExportFailure) {
        let packages = try ServicePackages(job)
        let service = try DirectOptions.service(packages, job, host, saysWords: true)
        let remarks = try ImageManifest(job, packages, service, host).portRemarks
        for remark in packages.services.flatMap(\.portRemarks) + remarks { host.log(.warning, remark) }
        for remark in service?.remarks ?? [] { host.log(.note, remark) }
        if service == nil { for remark in SupervisorWords.remarks(packages, job) { host.log(.warning, remark) } }
        if job.text(ACIOptions.signArguments) != nil, !job.flag(ACIOptions.sign) {
            host.log(.warning, "--sign-args (SIGN_ARGS) is not used: the image is not signed without --sign (SIGN)")
        }
        try emit(try fileName(job, packages), job)
    }

    func run(_ job: Job) throws(ExportFailure) {
        let packages = try ServicePackages(job)
        let name = try fileName(job, packages)
        let root = try host.makeRootFilesystem()
        for package in packages.all { try root.add(package) }
        let service = try DirectOptions.service(packages, job, host, saysWords: true)
        try ServiceRoot(packages, host, isSupervised: service == nil).write(to: root)
        try service?.write(to: root, host)
        let image = try host.makeRootFilesystem()
        try image.add(root, below: "rootfs")
        let manifest = try host.text(of: try ImageManifest(job, packages, service, host).document, as: .json)
        try image.addFile(at: "manifest", mode: 0o644, Array(manifest.utf8))
        let written = try host.writeArchive(image, path: name, compression: "gzip")
        try ImageSignature(job)?.write(of: name, host)
        try emit(name, job, written)
    }

    private func emit(_ name: String, _ job: Job, _ written: Host.Written? = nil) throws(ExportFailure) {
        try host.emit(
            Artifact(
                .file(name), kind: "image", mediaType: "application/x-gzip", digest: written?.digest ?? "",
                size: written?.size ?? 0))
        guard try ImageSignature(job) != nil else { return }
        try host.emit(
            Artifact(
                .file(ImageSignature.fileName(name)), role: .sidecar, kind: "signature",
                mediaType: "application/pgp-signature", isReproducible: false))
    }

    private func fileName(_ job: Job, _ packages: ServicePackages) throws(ExportFailure) -> String {
        let package = packages.primary
        guard let name = job.outputName else {
            return "\(package.origin)-\(package.name)-\(package.version)-\(package.release).aci"
        }
        guard name.hasSuffix(".aci") else {
            throw ExportFailure(code: 2, "'\(name)' is no name of an App Container Image", hint: "name it ….aci")
        }
        return name
    }
}
