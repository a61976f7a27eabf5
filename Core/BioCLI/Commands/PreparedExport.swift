// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioOCI
import BioPluginHost
import BioStore

/// An export with all that its options say: the user's own, or one that another export asks for.
struct PreparedExport {
    let export: PluginExport
    let status: ExportStatus
    private let images: ImageExport?

    /// - Parameters:
    ///   - job: what is exported, but for the values of the format's options.
    ///   - children: makes the exports that this one asks for.
    init(
        _ runtime: PluginExport.Runtime, _ offer: ExportFormat, _ arguments: ParsedArguments, _ context: CommandContext,
        of resolved: ExportJob,
        to placement: OutputPlacement, _ choices: ExportChoices, children: ChildExportRuns
    ) throws {
        images = choices.images
        var job = resolved
        job.values = choices.values
        job.outputName = placement.name
        if let images { job.sourceDateEpoch = images.sourceDateEpoch(of: job.roots.map(\.ident)) }
        let status = ExportStatus(plugin: offer.plugin.name, context.status)
        let publishing =
            try images?.publishing(job, choices.attestations) { done, total in status.wrote(done, of: total) }
            ?? (choices.plansImage ? ImagePublishing.plan() : nil)
        try publishing?.checkRoomForDocuments(of: job)
        export = PluginExport(
            runtime: context.hearing(of: offer.found, runtime),
            bundle: offer.bundle, description: offer.plugin, format: offer.format, job: job,
            bytes: PackageBytes(root: context.fileSystemRoot.path), placement: placement,
            temporaryDirectory: context.temporaryDirectory, images: publishing,
            imageNames: choices.imageNames,
            children: children, reach: context.reach(of: offer, arguments), attestations: choices.attestations,
            threads: arguments.exportThreads
        )
        self.status = status
    }

    /// What came to be, once it is in its places.
    var image: ExportedImage? { export.images?.exported }

    var sizes: SizeReport? { images?.sizes(image, export.job) }

    /// Says what the user asked to know of the image.
    func tellSizes() { if let sizes { images?.tell(sizes) } }

    /// Takes the image out of the engine again if the user wants that.
    func removeFromEngine() throws { try images?.removeFromEngine(image?.places ?? []) }

    /// After a failure: says what is left where.
    func abandon() { images?.abandon(export.images?.remaining ?? []) }
}

/// What the options of one export say, read before anything is resolved.
struct ExportChoices {
    let values: [OptionValue]
    let attestations: ExportAttestations?
    /// Nil when the format makes no image itself.
    let images: ImageExport?
    /// Nil when the format does not include the options of names.
    let naming: ImageNaming?
    /// Whether the image is only planned.
    let plansImage: Bool

    /// The names of an image that is about a package, those at a registry that the user chose for it; nil where there is no
    /// naming.
    var imageNames: ImageNames? {
        guard let naming else { return nil }
        return { [images] package in
            let own = try naming.references(for: package, channel: ImageExport.channel)
            return images?.names(own) ?? own
        }
    }

    /// Those of an export that says what its image would be and makes nothing.
    init(
        ofImageAlone offer: ExportFormat, below parents: [ExportFormat], _ arguments: ParsedArguments,
        _ functions: FormatFunctions
    ) throws {
        values = try ExportOptions.values(offer.format.options, arguments)
        naming =
            offer.format.groups.contains(FormatDescription.imageNameGroup)
            ? try ImageOptions.naming(
                arguments, tagPrefix: offer.format.tagPrefix, functions.templates(of: parents + [offer]))
            : nil
        plansImage = offer.format.makesImages
        attestations = nil
        images = nil
        try functions.check(offer, values)
    }

    init(
        _ offer: ExportFormat, below parents: [ExportFormat] = [], _ arguments: ParsedArguments,
        _ placement: OutputPlacement, _ functions: FormatFunctions, _ context: CommandContext
    ) throws {
        plansImage = false
        let format = offer.format
        attestations = try AttestationOptions.attestations(format, offer.plugin, arguments, placement, context)
        naming =
            format.groups.contains(FormatDescription.imageNameGroup)
            ? try ImageOptions.naming(
                arguments, tagPrefix: format.tagPrefix, functions.templates(of: parents + [offer]))
            : nil
        images = try ImageExport(format, arguments, placement, naming, context)
        values = try ExportOptions.values(format.options, arguments)
        try functions.check(offer, values)
    }
}
