// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioOCI

extension FuzzTarget {
    /// Manifests, indices and configurations: what is read and written again reads the same.
    static let imageDocuments = FuzzTarget("image-documents", seeds: { ImageSeeds.documents }) { bytes in
        do throws(ImageError) {
            let manifest = try ImageManifest(parsing: bytes, place: "x")
            promise(manifest.layers.allSatisfy { $0.size >= 0 }, "a negative size")
            promise(
                again { () throws(ImageError) in try ImageManifest(parsing: manifest.bytes, place: "x") } == manifest,
                "a manifest reads otherwise when it is written anew")
        } catch { checkMessage(error.description) }
        do throws(ImageError) {
            let index = try ImageIndex(parsing: bytes, place: "x")
            promise(
                again { () throws(ImageError) in try ImageIndex(parsing: index.bytes, place: "x") } == index,
                "an index reads otherwise when it is written anew")
        } catch { checkMessage(error.description) }
        do throws(ImageError) {
            // Sets are written in order, so that the bytes are what must stay.
            let written = try ImageConfiguration(parsing: bytes, place: "x").bytes
            let configuration = again { () throws(ImageError) in try ImageConfiguration(parsing: written, place: "x") }
            promise(configuration.bytes == written, "a configuration reads otherwise when it is written anew")
        } catch { checkMessage(error.description) }
    }

    /// Names of images, and places.
    static let imageNames = FuzzTarget("image-names", seeds: { ImageSeeds.names }) { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        do throws(ImageReference.ParseError) {
            let reference = try ImageReference(parsing: text)
            promise(reference.description.utf8.elementsEqual(text.utf8), "a reference that is not what was written")
            let full = reference.normalized
            promise((try? ImageReference(parsing: full.description)) == full, "a full name that is none")
            promise(full.normalized == full, "a full name that is not full")
        } catch {
            checkMessage(error.description)
            if let hint = error.hint { checkMessage(hint) }
        }
        do throws(ImageLocation.ParseError) {
            let location = try ImageLocation(parsing: text)
            promise((try? ImageLocation(parsing: location.description)) == location, "a place that moves")
            promise(location.path?.isEmpty != true, "a place without a path")
        } catch {
            checkMessage(error.description)
            if let hint = error.hint { checkMessage(hint) }
        }
    }

    private static func again<Value>(_ read: () throws(ImageError) -> Value) -> Value {
        do throws(ImageError) { return try read() } catch { broken("what was written is refused: \(error)") }
    }
}

enum ImageSeeds {
    private static let digest = Digest.sha256(of: [1])

    static var documents: [[UInt8]] {
        var process = ProcessConfiguration()
        process.user = "42:42"
        process.environment = ["PATH=/bin"]
        process.entrypoint = ["/init.sh"]
        process.exposedPorts = ["80/tcp", "443/tcp"]
        process.labels = ["a": "b"]
        process.healthCheck = .init(test: ["CMD", "true"], interval: 30, timeout: 3, startPeriod: 1, retries: 2)
        let configuration = ImageConfiguration(
            created: "2026-01-01T00:00:00Z", author: "x", platform: Platform(os: "linux", architecture: "arm64"),
            process: process, diffIDs: [digest], history: [.init(createdBy: "bio: a", isEmptyLayer: true)])
        let layer = Descriptor(
            mediaType: .ociLayerGzip, digest: digest, size: 9, annotations: [Annotations.packages: "a/b/1/2"])
        let manifests = [ImageFormat.oci, .docker].map { format in
            ImageManifest(
                format: format, configuration: Descriptor(mediaType: format.configuration, digest: digest, size: 3),
                layers: [layer], annotations: format == .oci ? ["x": "y"] : [:])
        }
        let index = ImageIndex(
            format: .oci,
            manifests: [
                Descriptor(
                    mediaType: .ociManifest, digest: digest, size: 1,
                    platform: Platform(os: "linux", architecture: "arm64", variant: "v8"),
                    annotations: [Annotations.referenceName: "1.0"])
            ])
        return manifests.map(\.bytes) + [index.bytes, configuration.bytes]
    }

    static var names: [[UInt8]] {
        [
            "redis", "core/redis:7.0", "localhost:5000/a/b_c__d.e-f:x", "registry.example/a@\(digest)",
            "docker-archive:a/b.tar:core/redis:1", "oci:dir:tag", "oci:a:b:", "oci-archive:/x/y:z.tar:",
            "docker-daemon:core/redis", "docker-daemon", "[::1]:5000/a",
        ].map { Array($0.utf8) }
    }
}
