// SPDX-License-Identifier: Apache-2.0

import BioExport

extension ServiceCall {
    /// The table and its member in `bio_export.h`.
    var traceName: String {
        switch self {
        case .emit: "host.emit"
        case .filesPage: "files.page"
        case .filesOpen: "files.open"
        case .rootfsBegin: "rootfs.begin"
        case .rootfsAddPackage: "rootfs.add_package"
        case .rootfsAddCopy: "rootfs.add_copy"
        case .rootfsAddFile: "rootfs.add_file"
        case .rootfsAddDirectory: "rootfs.add_directory"
        case .rootfsAddSymlink: "rootfs.add_symlink"
        case .rootfsAddTree: "rootfs.add_tree"
        case .archiveSuffix: "archive.suffix"
        case .archiveWrite: "archive.write"
        case .imageReference: "oci.reference"
        case .imageBegin: "oci.begin"
        case .imageAddPackages: "oci.add_packages"
        case .imageAddTree: "oci.add_tree"
        case .imageConfigure: "oci.configure"
        case .imagePublish: "oci.publish"
        case .secretOpen: "secret.open"
        case .toolRun: "tool.run"
        case .registryPush: "registry.push"
        case .childRun: "chain.run"
        case .childImage: "chain.image"
        case .templateService: "template.service"
        }
    }

    var traceArguments: String {
        switch self {
        case .emit(let artifact): Self.text(artifact)
        case .filesPage(let package, let first, let capacity):
            "package \(package), first \(first), capacity \(capacity)"
        case .filesOpen(let package, let file): "package \(package), file \(file)"
        case .rootfsBegin, .imageBegin: ""
        case .rootfsAddPackage(let tree, let package): "tree \(tree), package \(package)"
        case .rootfsAddCopy(let tree, let path, let package, let file):
            "tree \(tree), \(TraceText.quoted(path)), package \(package), file \(file)"
        case .rootfsAddFile(let tree, let path, let mode, let content):
            "tree \(tree), \(TraceText.quoted(path)), \(TraceText.mode(mode)), \(TraceText.bytes(content.count))"
        case .rootfsAddDirectory(let tree, let path, let mode):
            "tree \(tree), \(TraceText.quoted(path)), \(TraceText.mode(mode))"
        case .rootfsAddSymlink(let tree, let path, let target):
            "tree \(tree), \(TraceText.quoted(path)), \(TraceText.quoted(target))"
        case .rootfsAddTree(let tree, let path, let other): "tree \(tree), \(TraceText.quoted(path)), tree \(other)"
        case .archiveSuffix(let compression): TraceText.quoted(compression)
        case .archiveWrite(let tree, let path, let compression):
            "tree \(tree), \(TraceText.quoted(path)), \(TraceText.quoted(compression))"
        case .imageReference(let package, let index): "package \(package), index \(index)"
        case .imageAddPackages(let image, let packages): "image \(image), \(packages.count) packages"
        case .imageAddTree(let image, let tree, let title):
            "image \(image), tree \(tree), \(TraceText.quoted(title))"
        case .imageConfigure(let image, let settings):
            "image \(image), entrypoint \(TraceText.list(settings.entrypoint)), \(settings.environment.count) variables"
        case .imagePublish(let image): "image \(image)"
        case .secretOpen(let option): TraceText.quoted(option)
        case .toolRun(let request): "\(TraceText.quoted(request.program)), \(TraceText.list(request.arguments))"
        case .registryPush(let artifact):
            "\(TraceText.quoted(artifact.name)), \(TraceText.quoted(artifact.tag)), \(TraceText.quoted(artifact.layer))"
        case .templateService(let tree, let request):
            "tree \(tree), package \(request.package), \(request.binds.count) binds"
        case .childRun(let request), .childImage(let request):
            "\(TraceText.quoted(request.format)), \(request.options.count) options"
        }
    }

    /// What the host answered: the code, and a handle or a text that came with it.
    func traceResult(_ code: Int32, _ payload: [UInt8]) -> String {
        if payload.isEmpty { return "\(code)" }
        switch self {
        case .rootfsBegin, .imageBegin, .secretOpen, .childImage:
            var frame = FrameReader(payload)
            return "\(code), handle \((try? frame.u64()) ?? 0)"
        case .archiveSuffix, .imageReference: return "\(code), \(TraceText.quoted(payload))"
        default: return "\(code), \(TraceText.bytes(payload.count))"
        }
    }

    private static func text(_ artifact: EmittedArtifact) -> String {
        "\(artifact.form) \(artifact.role) \(TraceText.quoted(artifact.kind)), "
            + TraceText.quoted(artifact.form == .reference ? artifact.reference : artifact.path)
    }
}
