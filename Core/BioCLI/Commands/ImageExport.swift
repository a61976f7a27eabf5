// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioExport
import BioOCI
import BioPackage
import BioPluginHost
import BioSystem
import Glibc

/// The image of one export as the user wants it. What can be wrong is refused before anything is resolved.
struct ImageExport {
    private let kind: String
    private let arguments: ParsedArguments
    private let context: CommandContext
    /// Nil when the format does not name images.
    private let naming: ImageNaming?
    private let compression: Compression
    private let place: Place
    /// What the size report compares with.
    private let previous: StoredImage?

    /// Where the image goes, as far as that is known before the package is.
    private enum Place {
        /// `--to`
        case named([ImageLocation])
        /// `-o`
        case archive(OutputPlacement)
        /// Nobody said anything: the engine, unless there is a reason why not.
        case engineOrArchive(unavailable: (any Error)?)
    }

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
        naming = format.groups.contains(FormatDescription.imageNameGroup) ? try ImageOptions.naming(arguments) : nil
        compression = try ImageOptions.compression(arguments)
        if arguments.string("against") != nil && !arguments.flag("size-report") {
            throw CommandFailure(.usage, "--against says what --size-report compares with", hint: "give both")
        }
        previous = try arguments.string("against").map { try ImagePlace.source($0, context).image() }
        place = try Self.place(arguments, placement, context)
    }

    private static func place(
        _ arguments: ParsedArguments, _ placement: OutputPlacement, _ context: CommandContext
    ) throws -> Place {
        if let named = try ImagePlaces.named(arguments) {
            // An engine that is not there is no reason to work first.
            if named.contains(where: \.isEngine) { try context.engine().ping() }
            return .named(named)
        }
        if arguments.string("output") != nil { return .archive(placement) }
        // What is wrong with the variable is no reason to go elsewhere.
        _ = try EngineLimits(timeout: context.environment["BIO_ENGINE_TIMEOUT"])
        do {
            try context.engine().ping()
            return .engineOrArchive(unavailable: nil)
        } catch {
            if context.interruption.isRequested { throw error }
            return .engineOrArchive(unavailable: error)
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
    func publishing(_ job: ExportJob, progress: @escaping @Sendable (UInt64, UInt64) -> Void) throws -> ImagePublishing
    {
        let primary = job.primary.ident
        let references = try naming?.references(for: primary, channel: Self.channel) ?? []
        let locations = locations(primary)
        if arguments.flag("rm-image") && !locations.contains(where: \.isEngine) {
            context.status.warn("--rm-image: the image goes to no engine, so there is nothing to remove from one")
        }
        let keepsBlobs = locations.contains { !$0.isEngine }
        return ImagePublishing(
            ImagePublishing.Request(
                references: references, destinations: try locations.map(destination), created: job.sourceDateEpoch,
                mostLayers: arguments.integer("max-layers") ?? PackageLayers.defaultMost,
                compression: keepsBlobs ? compression : nil, kind: kind,
                layers: { scratch in layers(scratch, progress) }))
    }

    private func locations(_ primary: QualifiedIdent) -> [ImageLocation] {
        switch place {
        case .named(let locations): return locations
        case .archive(let placement): return [ImagePlaces.archive(placement, of: primary)]
        case .engineOrArchive(nil):
            context.status.info("A Docker engine answers: the image goes there")
            return [.engine(reference: nil)]
        case .engineOrArchive(let error?):
            let archive = ImagePlaces.archive(.directory(".", name: nil), of: primary)
            context.status.info("\(CommandFailure(mapping: error).message): the image goes to '\(archive.path ?? "")'")
            return [archive]
        }
    }

    private func destination(_ location: ImageLocation) throws -> any ImageDestination {
        let cancellation = context.cancellation
        switch location {
        case .engine(let reference):
            return EngineDestination(
                try context.engine(), reference: try reference.map { try ImageReference(parsing: $0) })
        case .layout(let path, let reference):
            return LayoutDestination(
                path: path, reference: reference, compression: compression, cancellation: cancellation)
        case .dockerArchive(let path, let reference):
            return DockerArchiveDestination(
                path: path, reference: reference, compression: compression, cancellation: cancellation)
        case .ociArchive("-", let reference):
            let output = FileDescriptor(owning: dup(STDOUT_FILENO))
            return try OCIArchiveDestination(
                writingTo: output, reference: reference, compression: compression, cancellation: cancellation)
        case .ociArchive(let path, let reference):
            return OCIArchiveDestination(
                path: path, reference: reference, compression: compression, cancellation: cancellation)
        }
    }

    private func layers(_ scratch: String, _ progress: @escaping @Sendable (UInt64, UInt64) -> Void) -> LayerMaker {
        LayerMaker(
            threads: arguments.exportThreads,
            cache: context.layerCachePath(arguments).map { LayerCache(path: $0, cancellation: context.cancellation) },
            scratch: scratch, progress: progress,
            isCancelled: { [interruption = context.interruption] in
                interruption.isRequested
            })
    }

    /// How large everything is; nil when nobody asked.
    func sizes(_ exported: ExportedImage?, _ job: ExportJob) -> SizeReport? {
        guard let exported, arguments.flag("size-report") else { return nil }
        return exported.sizes(job.packages, against: previous)
    }

    /// What remains once the image is in its places: to say how large it is, and to take it out of the engine again.
    func finish(_ exported: ExportedImage, _ sizes: SizeReport?) throws {
        if let sizes {
            let columns = context.terminal.errorColumns
            for line in SizeReportTable.lines(sizes, columns: columns > 0 ? columns : nil) { context.status.info(line) }
        }
        guard arguments.flag("rm-image") else { return }
        for place in exported.places where place.location.isEngine {
            let engine = try context.engine()
            for reference in place.references { try engine.remove("\(reference)") }
            context.status.info("Removed \(place.references.map { "\($0)" }.joined(separator: ", ")) from the engine")
        }
    }
}

extension CommandContext {
    /// The Docker engine of this machine.
    func engine() throws -> DockerEngine {
        DockerEngine(
            try EngineAddress(dockerHost: environment["DOCKER_HOST"]),
            limits: try EngineLimits(timeout: environment["BIO_ENGINE_TIMEOUT"]), cancellation: cancellation)
    }
}
