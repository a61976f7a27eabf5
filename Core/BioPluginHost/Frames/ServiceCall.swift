// SPDX-License-Identifier: Apache-2.0

import BioCrypto
package import BioExport

/// A call of a host service, as it travels. Numbers and bytes only: the host checks them when it serves the call.
package enum ServiceCall: Hashable, Sendable {
    case emit(EmittedArtifact)
    case filesPage(package: UInt32, first: UInt64, capacity: UInt64)
    case filesOpen(package: UInt32, file: UInt64)
    case rootfsBegin
    case rootfsAddPackage(tree: UInt64, package: UInt32)
    case rootfsAddCopy(tree: UInt64, path: [UInt8], package: UInt32, file: UInt64)
    case rootfsAddFile(tree: UInt64, path: [UInt8], mode: UInt32, content: [UInt8])
    case rootfsAddDirectory(tree: UInt64, path: [UInt8], mode: UInt32)
    case rootfsAddSymlink(tree: UInt64, path: [UInt8], target: [UInt8])
    case rootfsAddTree(tree: UInt64, path: [UInt8], other: UInt64)
    case archiveSuffix(compression: String)
    case archiveWrite(tree: UInt64, path: String, compression: String)
    case imageReference(package: UInt32, index: UInt32)
    case imageBegin
    case imageAddPackages(image: UInt64, packages: [UInt32])
    case imageAddTree(image: UInt64, tree: UInt64, title: String)
    case imageConfigure(image: UInt64, ContainerSettings)
    case imagePublish(image: UInt64)
    case secretOpen(option: String)
    case toolRun(ToolRequest)
    case registryPush(RegistryArtifact)
    case childRun(ChildRequest)
    case childImage(ChildRequest)
    case templateService(tree: UInt64, ServiceRequest)

    /// So many packages fit one call; the tables cut longer lists.
    static let mostPackages = 4096

    func write(to frame: inout FrameWriter) {
        switch self {
        case .emit(let artifact):
            frame.u8(1)
            artifact.write(to: &frame)
        case .filesPage(let package, let first, let capacity):
            frame.u8(2)
            frame.u32(package)
            frame.u64(first)
            frame.u64(capacity)
        case .filesOpen(let package, let file):
            frame.u8(3)
            frame.u32(package)
            frame.u64(file)
        case .rootfsBegin: frame.u8(4)
        case .rootfsAddPackage(let tree, let package):
            frame.u8(5)
            frame.u64(tree)
            frame.u32(package)
        case .rootfsAddCopy(let tree, let path, let package, let file):
            frame.u8(6)
            frame.u64(tree)
            frame.blob(path)
            frame.u32(package)
            frame.u64(file)
        case .rootfsAddFile(let tree, let path, let mode, let content):
            frame.u8(7)
            frame.u64(tree)
            frame.blob(path)
            frame.u32(mode)
            frame.blob(content)
        case .rootfsAddDirectory(let tree, let path, let mode):
            frame.u8(8)
            frame.u64(tree)
            frame.blob(path)
            frame.u32(mode)
        case .rootfsAddSymlink(let tree, let path, let target):
            frame.u8(9)
            frame.u64(tree)
            frame.blob(path)
            frame.blob(target)
        case .rootfsAddTree(let tree, let path, let other):
            frame.u8(40)
            frame.u64(tree)
            frame.blob(path)
            frame.u64(other)
        case .archiveSuffix(let compression):
            frame.u8(10)
            frame.text(compression)
        case .archiveWrite(let tree, let path, let compression):
            frame.u8(11)
            frame.u64(tree)
            frame.text(path)
            frame.text(compression)
        case .secretOpen(let option):
            frame.u8(20)
            frame.text(option)
        case .toolRun(let request):
            frame.u8(21)
            request.write(to: &frame)
        case .registryPush(let artifact):
            frame.u8(22)
            artifact.write(to: &frame)
        case .templateService(let tree, let request):
            frame.u8(41)
            frame.u64(tree)
            request.write(to: &frame)
        default: writeImageCall(to: &frame)
        }
    }

    private func writeImageCall(to frame: inout FrameWriter) {
        switch self {
        case .imageReference(let package, let index):
            frame.u8(12)
            frame.u32(package)
            frame.u32(index)
        case .imageBegin: frame.u8(13)
        case .imageAddPackages(let image, let packages):
            frame.u8(14)
            frame.u64(image)
            frame.list(packages) { $0.u32($1) }
        case .imageAddTree(let image, let tree, let title):
            frame.u8(15)
            frame.u64(image)
            frame.u64(tree)
            frame.text(title)
        case .imageConfigure(let image, let settings):
            frame.u8(16)
            frame.u64(image)
            settings.write(to: &frame)
        case .imagePublish(let image):
            frame.u8(17)
            frame.u64(image)
        case .childRun(let request):
            frame.u8(18)
            request.write(to: &frame)
        case .childImage(let request):
            frame.u8(19)
            request.write(to: &frame)
        default: preconditionFailure("\(self) is no image call")
        }
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let kind = try frame.u8()
        switch kind {
        case 1: self = .emit(try EmittedArtifact(from: &frame))
        case 2:
            self = .filesPage(package: try frame.u32(), first: try frame.u64(), capacity: try frame.u64())
        case 3: self = .filesOpen(package: try frame.u32(), file: try frame.u64())
        case 4: self = .rootfsBegin
        case 5: self = .rootfsAddPackage(tree: try frame.u64(), package: try frame.u32())
        case 6:
            self = .rootfsAddCopy(
                tree: try frame.u64(), path: try frame.blob(), package: try frame.u32(), file: try frame.u64())
        case 7:
            self = .rootfsAddFile(
                tree: try frame.u64(), path: try frame.blob(), mode: try frame.u32(), content: try frame.blob())
        case 8: self = .rootfsAddDirectory(tree: try frame.u64(), path: try frame.blob(), mode: try frame.u32())
        case 9: self = .rootfsAddSymlink(tree: try frame.u64(), path: try frame.blob(), target: try frame.blob())
        case 10: self = .archiveSuffix(compression: try frame.text("compression"))
        case 11:
            self = .archiveWrite(
                tree: try frame.u64(), path: try frame.text("path"), compression: try frame.text("compression"))
        case 12: self = .imageReference(package: try frame.u32(), index: try frame.u32())
        case 13: self = .imageBegin
        case 14:
            self = .imageAddPackages(
                image: try frame.u64(),
                packages: try frame.list("packages", limit: Self.mostPackages) { (frame) throws(FrameError) in
                    try frame.u32()
                })
        case 15:
            self = .imageAddTree(image: try frame.u64(), tree: try frame.u64(), title: try frame.text("layer title"))
        case 16: self = .imageConfigure(image: try frame.u64(), try ContainerSettings(from: &frame))
        case 17: self = .imagePublish(image: try frame.u64())
        case 20: self = .secretOpen(option: try frame.text("option id"))
        case 21: self = .toolRun(try ToolRequest(from: &frame))
        case 22: self = .registryPush(try RegistryArtifact(from: &frame))
        case 18: self = .childRun(try ChildRequest(from: &frame))
        case 19: self = .childImage(try ChildRequest(from: &frame))
        case 41: self = .templateService(tree: try frame.u64(), try ServiceRequest(from: &frame))
        case 40: self = .rootfsAddTree(tree: try frame.u64(), path: try frame.blob(), other: try frame.u64())
        default: throw .unknown(field: "service call", value: UInt64(kind))
        }
    }
}

extension EmittedArtifact {
    func write(to frame: inout FrameWriter) {
        frame.u32(form.rawValue)
        frame.u32(role.rawValue)
        frame.bool(isReproducible)
        frame.bool(isShown)
        for text in [kind, mediaType, path, reference, digest] { frame.text(text) }
        frame.u64(size)
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let form = try frame.u32()
        let role = try frame.u32()
        guard let form = Form(rawValue: form) else { throw .unknown(field: "artifact form", value: UInt64(form)) }
        guard let role = Role(rawValue: role) else { throw .unknown(field: "artifact role", value: UInt64(role)) }
        self.init(form: form, role: role)
        isReproducible = try frame.bool("reproducible flag")
        isShown = try frame.bool("shown flag")
        kind = try frame.text("artifact kind")
        mediaType = try frame.text("artifact media type")
        path = try frame.text("artifact path")
        reference = try frame.text("artifact reference")
        digest = try frame.text("artifact digest")
        size = try frame.u64()
    }
}

/// One entry of a package as `bio.host.files/1` pages it.
extension PackageFile {
    /// `blake2b-256:…`; empty when it is no regular file.
    var digestText: String { digest.map(\.description) ?? "" }

    func write(to frame: inout FrameWriter) {
        frame.blob(path)
        frame.blob(linkTarget)
        frame.text(digestText)
        frame.u64(size)
        frame.u32(kind.rawValue)
        frame.u32(mode)
    }

    init(from frame: inout FrameReader) throws(FrameError) {
        let path = try frame.blob()
        let linkTarget = try frame.blob()
        let digestText = try frame.text("file digest")
        let digest = digestText.isEmpty ? nil : try? Digest(parsing: digestText)
        guard digestText.isEmpty == (digest == nil) else { throw .notDigest("file digest") }
        let size = try frame.u64()
        let kind = try frame.u32()
        guard let kind = Kind(rawValue: kind) else { throw .unknown(field: "file kind", value: UInt64(kind)) }
        self.init(
            path: path, kind: kind, mode: try frame.u32(), size: size, linkTarget: linkTarget, digest: digest)
    }
}
