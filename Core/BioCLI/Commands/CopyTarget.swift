// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioOCI
import BioRegistry
import BioSystem

/// Where `bio image copy` puts an image, and what it is called there.
struct CopyTarget {
    /// With the tag that the image gets.
    let location: ImageLocation
    private let reference: ImageReference?
    private let names: [LayoutName]
    private let registries: RegistryAccess
    private let cancellation: Cancellation

    init(
        _ location: ImageLocation, from source: ImageLocation, _ registries: RegistryAccess, _ context: CommandContext
    ) throws {
        self.registries = registries
        cancellation = context.cancellation
        switch location {
        case .registry(let wanted):
            guard wanted.digest == nil else { throw ImageLocation.ParseError.digest("\(location)") }
            let tag = wanted.tag ?? Self.tag(of: source)
            reference = tag.map { wanted.tagged($0) } ?? wanted
            self.location = reference.map { .registry($0) } ?? location
            names = []
        case .layout(_, let name), .ociArchive(_, let name):
            try ImagePlaces.checkRoom(location)
            if location.path == "-" {
                throw CommandFailure(.usage, "'\(location)' names no file", hint: "name the archive")
            }
            reference = nil
            self.location = location
            names = (name.map { [LayoutName($0)] }) ?? Self.names(of: source)
        case .dockerArchive, .engine:
            throw CommandFailure(
                .usage, "'\(location)' cannot hold an image as it is: it keeps no manifest",
                hint: "copy to oci-archive:FILE, which 'docker load' of today reads; or pull the image with the engine")
        }
    }

    func run(_ plan: CopyPlan, _ contents: any ImageContents, isDry: Bool) throws -> CopyResult {
        let report = registries.report("Copying to \(location)")
        guard let reference else {
            return try LayoutCopy(to: location, names: names, report: report, cancellation: cancellation)
                .run(plan, from: contents, isDry: isDry)
        }
        let repository = Repository(of: reference)
        return try RegistryCopy(
            to: repository, tag: reference.tag, registries.session(for: repository.registry),
            places: registries.places, report: report
        ).run(plan, from: contents, isDry: isDry)
    }

    /// As engines take it; nil where there is no registry.
    func digestReference(_ digest: Digest) -> String? { reference.map { "\($0.pinned(to: digest))" } }

    // MARK: -

    /// The tag of the source; nil when it was named by its digest alone.
    private static func tag(of source: ImageLocation) -> String? {
        switch source {
        case .registry(let reference): return reference.normalized.tag
        default:
            guard let name = source.reference else { return "latest" }
            if ImageReference.isTag(name) { return name }
            return (try? ImageReference(parsing: name)).map { $0.normalized.tag } ?? "latest"
        }
    }

    private static func names(of source: ImageLocation) -> [LayoutName] {
        switch source {
        case .registry(let reference): reference.normalized.tag == nil ? [] : [LayoutName(reference)]
        default: source.reference.map { [LayoutName($0)] } ?? []
        }
    }
}
