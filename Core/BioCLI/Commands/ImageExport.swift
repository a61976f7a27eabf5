// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioExport
import BioOCI
import BioPackage
import BioPluginHost

/// The image of one export as the user wants it. What can be wrong is refused before anything is resolved.
struct ImageExport {
    private let kind: String
    private let arguments: ParsedArguments
    private let context: CommandContext
    private let placement: OutputPlacement
    /// Nil when the format does not name images.
    private let naming: ImageNaming?
    private let compression: Compression
    /// Nil: the user named no place with `--to`.
    private let places: [ImageLocation]?

    /// Packages come from nowhere but here yet: `{{channel}}` is what Builder gives when nobody says another.
    private static let channel = "stable"

    /// Nil when the format makes no images.
    init?(
        _ format: FormatDescription, _ arguments: ParsedArguments, _ placement: OutputPlacement,
        _ context: CommandContext
    ) throws {
        guard format.groups.contains(FormatDescription.imageGroup) else { return nil }
        kind = format.artifactKinds[0]
        self.arguments = arguments
        self.context = context
        self.placement = placement
        naming = format.groups.contains(FormatDescription.imageNameGroup) ? try ImageOptions.naming(arguments) : nil
        compression = try ImageOptions.compression(arguments)
        places = try ImagePlaces.named(arguments, placement)
        if arguments.string("against") != nil && !arguments.flag("size-report") {
            throw CommandFailure(.usage, "--against says what --size-report compares with", hint: "give both")
        }
    }

    /// The one time of the image and everything with it: what the user says, else when its packages were made.
    func sourceDateEpoch(of roots: [QualifiedIdent]) -> Int64 {
        switch arguments.source("source-date-epoch") {
        case .commandLine, .environment: Int64(arguments.integer("source-date-epoch") ?? 1)
        case .fallback, nil: ImageTime.newest(of: roots)
        }
    }

    /// Everything for publishing, with names and places checked.
    func publishing(_ job: ExportJob) throws -> ImagePublishing {
        let primary = job.primary.ident
        let references = try naming?.references(for: primary, channel: Self.channel) ?? []
        let locations = try places ?? [defaultPlace(of: primary)]
        if arguments.flag("rm-image") && !locations.contains(where: \.isEngine) {
            context.status.warn("--rm-image: the image goes to no engine, so there is nothing to remove from one")
        }
        return ImagePublishing(
            ImagePublishing.Request(
                references: references, destinations: try locations.map(destination), created: job.sourceDateEpoch,
                mostLayers: arguments.integer("max-layers") ?? ImageOptions.standardLayers, kind: kind,
                layers: layers))
    }

    private func defaultPlace(of package: QualifiedIdent) throws -> ImageLocation {
        let archive = ImagePlaces.archive(placement, of: package)
        guard arguments.string("output") == nil else { return archive }
        context.status.info("No engine answers: the image is written to '\(archive.path ?? "")'")
        return archive
    }

    private func destination(_ location: ImageLocation) throws -> any ImageDestination {
        throw CommandFailure(.failure, "images cannot go to '\(location)' yet", hint: nil)
    }

    private func layers(scratch: String) throws -> any LayerProvider {
        throw CommandFailure(.failure, "layers cannot be made yet", hint: nil)
    }
}
