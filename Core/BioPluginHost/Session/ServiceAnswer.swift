// SPDX-License-Identifier: Apache-2.0

import BioCrypto
package import BioExport
import BioSystem
import Glibc

/// The answer to one service call, as it goes back to the runner.
package struct ServiceAnswer {
    package private(set) var code: Int32 = 0
    package private(set) var payload: [UInt8] = []
    /// A file for the plugin; this side's copy is closed after sending.
    private(set) var descriptor: CInt?

    /// Bytes of a payload that fit a frame.
    private static let largest = FrameChannel.largestFrame - 64

    package init(to call: ServiceCall, _ services: ExportServices) {
        do throws(ServiceError) {
            try services.serve { () throws(ServiceError) in
                try serve(call, services)
                // It may be the plugin's own words, or a program's: no reason for the host to end.
                guard payload.count <= Self.largest else {
                    throw ServiceError(
                        .limit, "the answer to the plugin has \(payload.count) bytes, at most \(Self.largest) can go")
                }
            }
        } catch {
            code = error.code.rawValue
            payload = []
        }
    }

    package func closeDescriptor() { if let descriptor { close(descriptor) } }

    private mutating func serve(_ call: ServiceCall, _ services: ExportServices) throws(ServiceError) {
        switch call {
        case .emit(let artifact): try services.emit(artifact)
        case .filesPage(let package, let first, let capacity):
            payload = Self.page(try services.files(of: package, from: first, capacity: capacity))
        case .filesOpen(let package, let file): descriptor = try services.open(file, of: package).release()
        case .rootfsBegin:
            var frame = FrameWriter()
            frame.u64(try services.beginTree())
            payload = frame.bytes
        case .rootfsAddPackage(let tree, let package): try services.addPackage(package, to: tree)
        case .rootfsAddCopy(let tree, let path, let package, let file):
            try services.addCopy(at: path, of: package, file: file, to: tree)
        case .rootfsAddFile(let tree, let path, let mode, let content):
            try services.add(.content(content, mode: mode), at: path, to: tree)
        case .rootfsAddDirectory(let tree, let path, let mode):
            try services.add(.directory(mode: mode), at: path, to: tree)
        case .rootfsAddSymlink(let tree, let path, let target): try services.add(.symlink(target), at: path, to: tree)
        case .rootfsAddTree(let tree, let path, let other): try services.addTree(other, below: path, to: tree)
        case .archiveSuffix(let compression): payload = Array(try services.archiveSuffix(compression).utf8)
        case .archiveWrite(let tree, let path, let compression):
            let archive = try services.writeArchive(tree, path: path, compression: compression)
            var frame = FrameWriter()
            frame.u64(UInt64(archive.size))
            frame.text("\(archive.digest)")
            payload = frame.bytes
        case .secretOpen(let option):
            var frame = FrameWriter()
            frame.u64(try services.openSecret(option))
            payload = frame.bytes
        case .toolRun(let request): payload = try services.runTool(request).payload
        case .registryPush(let artifact): try services.push(artifact)
        case .templateService(let tree, let request):
            payload = try services.renderService(request, into: tree).payload
        default: try serveImage(call, services)
        }
    }

    private mutating func serveImage(_ call: ServiceCall, _ services: ExportServices) throws(ServiceError) {
        switch call {
        case .imageReference(let package, let index):
            payload = Array(try services.imageReference(of: package, index).utf8)
        case .imageBegin:
            var frame = FrameWriter()
            frame.u64(try services.beginImage())
            payload = frame.bytes
        case .imageAddPackages(let image, let packages): try services.addPackages(packages, toImage: image)
        case .imageAddTree(let image, let tree, let title): try services.addTree(tree, title: title, toImage: image)
        case .imageConfigure(let image, let settings): try services.configureImage(image, settings)
        case .imagePublish(let image): try services.publishImage(image)
        case .childRun(let request): payload = MadeArtifacts(try services.runChild(request)).bytes
        case .childImage(let request):
            var frame = FrameWriter()
            frame.u64(try services.childImage(request))
            payload = frame.bytes
        default: preconditionFailure("\(call) is no image call")
        }
    }

    /// As many of the files as fit a frame, at least one.
    private static func page(_ files: ArraySlice<PackageFile>) -> [UInt8] {
        var room = FrameChannel.largestFrame - 1024
        var fitting: [PackageFile] = []
        for file in files {
            room -= file.path.count + file.linkTarget.count + file.digestText.utf8.count + 32
            if room < 0 && !fitting.isEmpty { break }
            fitting.append(file)
        }
        var frame = FrameWriter()
        frame.list(fitting) { $1.write(to: &$0) }
        return frame.bytes
    }
}
