// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioExport
import BioOCI
import BioPackage
import BioPluginHost
import BioRegistry
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
    /// Nil when the format does not name images.
    private let push: ImagePush?
    /// Nil when the image goes to no registry.
    private let registrySettings: RegistrySettings?

    /// Where the image goes, as far as that is known before the package is.
    private enum Place {
        /// `--to`
        case named([ImageLocation])
        /// `-o`
        case archive(OutputPlacement)
        /// Nobody said anything: the engine, unless there is a reason why not.
        case engineOrArchive(unavailable: (any Error)?, else: OutputPlacement)
        /// `--push-image` and nothing else, and the image is to be in no engine.
        case nowhereElse
    }

    /// Packages come from nowhere but here yet: `{{channel}}` is what Builder gives when nobody says another.
    static let channel = "stable"

    /// Nil when the format makes no images itself.
    init?(
        _ format: FormatDescription, _ arguments: ParsedArguments, _ placement: OutputPlacement,
        _ naming: ImageNaming?, _ context: CommandContext
    ) throws {
        guard format.makesImages else { return nil }
        kind = format.artifactKinds[0]
        self.arguments = arguments
        self.context = context
        self.naming = naming
        compression = try ImageOptions.compression(arguments)
        if arguments.string("against") != nil && !arguments.flag("size-report") {
            throw CommandFailure(.usage, "--against says what --size-report compares with", hint: "give both")
        }
        if arguments.flag("size-report") && arguments.flag("dry-run") {
            context.status.warn("--size-report: a dry run makes no layers, so there are no sizes to report")
        }
        previous = try arguments.string("against").map { try ImagePlace.source($0, arguments, context).image() }
        let named = try ImagePlaces.named(arguments)
        push = try naming.map { _ in try ImagePush(arguments, named: named ?? [], context) }
        let goesToRegistry = push?.isWanted == true || named?.contains(where: \.isRegistry) == true
        registrySettings = goesToRegistry ? try context.registries(arguments) : nil
        place =
            named == nil && push?.isWanted == true && arguments.string("output") == nil && arguments.flag("rm-image")
            ? .nowhereElse : try Self.place(arguments, named, placement, compression, context)
    }

    private static func place(
        _ arguments: ParsedArguments, _ named: [ImageLocation]?, _ placement: OutputPlacement,
        _ compression: Compression, _ context: CommandContext
    ) throws -> Place {
        if let named {
            for case .dockerArchive(let path, _) in named where !compression.isInDockerImages {
                let error = ImageError.compression(compression, place: path)
                throw CommandFailure(.usage, error.description, hint: error.hint)
            }
            // An engine that is not there is no reason to work first.
            if named.contains(where: \.isEngine) {
                let engine = try context.engine()
                try engine.ping(seconds: engine.limits.answer)
            }
            return .named(named)
        }
        if arguments.string("output") != nil {
            if case .directory(let directory, let name?) = placement {
                try ImagePlaces.checkRoom(.ociArchive(path: ImagePlaces.path(name, in: directory), reference: nil))
            }
            return .archive(placement)
        }
        // What is wrong with the variable is no reason to go elsewhere.
        _ = try EngineLimits(timeout: context.environment["BIO_ENGINE_TIMEOUT"])
        do {
            try context.engine().ping()
            return .engineOrArchive(unavailable: nil, else: placement)
        } catch {
            if context.interruption.isRequested { throw error }
            return .engineOrArchive(unavailable: error, else: placement)
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
    func publishing(
        _ job: ExportJob, _ attestations: ExportAttestations?,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void
    ) throws -> ImagePublishing {
        let primary = job.primary.ident
        let references = try naming?.references(for: primary, channel: Self.channel) ?? []
        let locations = try locations(primary, references)
        let registries = try registryAccess(locations)
        if arguments.flag("rm-image") && !pushesAlone && !locations.contains(where: \.isEngine) {
            context.status.warn("--rm-image: the image goes to no engine, so there is nothing to remove from one")
        }
        // The name of an archive is known now only.
        for location in locations { try ImagePlaces.checkRoom(location) }
        let keepsBlobs = locations.contains { !$0.isEngine }
        if !keepsBlobs && arguments.source("compression") == .commandLine {
            context.status.warn("--compression: an engine gets layers as they are, and the image goes nowhere else")
        }
        return ImagePublishing(
            ImagePublishing.Request(
                references: references, destinations: try locations.map { try destination($0, registries) },
                created: job.sourceDateEpoch,
                mostLayers: arguments.integer("max-layers") ?? PackageLayers.defaultMost,
                compression: keepsBlobs ? compression : nil, kind: kind,
                layers: { scratch in layers(scratch, progress) }, attestations: attestations))
    }

    /// Whether the registry of `--push-image` is the only place because nobody wants another.
    private var pushesAlone: Bool { if case .nowhereElse = place { true } else { false } }

    /// What all registries that the image goes to are spoken to with; nil when there are none.
    private func registryAccess(_ locations: [ImageLocation]) throws -> RegistryAccess? {
        guard var settings = registrySettings else { return nil }
        try push?.claim(locations)
        // A dry run asks nobody for anything.
        if !arguments.flag("dry-run"), let given = try push?.credential(for: locations, settings) {
            settings = try context.registries(arguments, given: [given])
        }
        return RegistryAccess(settings, context)
    }

    private func locations(_ primary: QualifiedIdent, _ references: [ImageReference]) throws -> [ImageLocation] {
        let pushed = try push?.location(references)
        let others = locations(primary, isPushed: pushed != nil)
        return others + [pushed].compactMap { $0 }.filter { !others.contains($0) }
    }

    private func locations(_ primary: QualifiedIdent, isPushed: Bool) -> [ImageLocation] {
        switch place {
        case .named(let locations): return locations
        case .archive(let placement): return [ImagePlaces.archive(placement, of: primary)]
        case .nowhereElse,
            .engineOrArchive(.some, _) where isPushed:
            return []
        case .engineOrArchive(nil, _):
            context.status.info("A Docker engine answers: the image goes there" + (isPushed ? " too" : ""))
            return [.engine(reference: nil)]
        case .engineOrArchive(let error?, let placement):
            let archive = ImagePlaces.archive(placement, of: primary)
            context.status.info("\(CommandFailure(mapping: error).message): the image goes to '\(archive.path ?? "")'")
            return [archive]
        }
    }

    /// What others get the image by: its own names where it is pushed under them, or goes to no registry, else those at the
    /// first registry of `--to`.
    func names(_ own: [ImageReference]) -> [ImageReference] {
        guard case .named(let locations) = place, push?.isWanted != true else { return own }
        for case .registry(let reference) in locations {
            return reference.tag != nil ? [reference] : own.map { reference.tagged($0.tag ?? "latest") }
        }
        return own
    }

    private func destination(_ location: ImageLocation, _ registries: RegistryAccess?) throws -> any ImageDestination {
        let cancellation = context.cancellation
        switch location {
        case .engine(let reference):
            return EngineDestination(
                try context.engine(), reference: try reference.map { try ImageReference(parsing: $0) })
        case .registry(let reference):
            guard let registries else { preconditionFailure("whoever names a registry is known to") }
            return registries.destination(reference, compression)
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

    /// For people.
    func tell(_ sizes: SizeReport) {
        let columns = context.terminal.errorColumns
        for line in SizeReportTable.lines(sizes, columns: columns > 0 ? columns : nil) { context.status.info(line) }
    }

    /// Takes the image out of the engine again if the user wants that.
    func removeFromEngine(_ places: [PublishedImage]) throws {
        guard arguments.flag("rm-image") else { return }
        for place in places where place.location.isEngine {
            let engine = try context.engine()
            for reference in place.references { try engine.remove("\(reference)") }
            context.status.info("Removed \(Self.names(of: place)) from the engine")
        }
    }

    /// After a failure: what an engine has loaded by then stays there, unless it was to be removed anyway.
    func abandon(_ places: [PublishedImage]) {
        do {
            try removeFromEngine(places)
            guard !arguments.flag("rm-image") else { return }
        } catch {
            context.status.warn("the image was not removed again: \(CommandFailure(mapping: error).message)")
        }
        for place in places {
            switch place.location {
            case .engine: context.status.warn("the Docker engine has the image as \(Self.names(of: place))")
            case .registry: context.status.warn("the registry has the image as \(Self.names(of: place))")
            case .layout, .ociArchive, .dockerArchive: break
            }
        }
    }

    private static func names(of place: PublishedImage) -> String {
        place.references.isEmpty ? "\(place.imageID)" : place.references.map { "\($0)" }.joined(separator: ", ")
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
