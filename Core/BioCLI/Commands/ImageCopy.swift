// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI
import BioRegistry
import BioSystem

/// `bio image copy`
enum ImageCopy {
    static let spec = CommandSpec(
        "copy", aliases: ["cp"], abstract: "Copy an image, byte for byte",
        discussion: """
            Copies an image, or a list of images for several platforms, between registries \
            (docker://REGISTRY/REPO[:TAG]), layouts (oci:DIR) and their archives (oci-archive:FILE). Nothing is \
            converted: digests stay what they are. What says something of the image, its referrers and cosign's tags, \
            goes with it.

            Without a tag in DESTINATION the image keeps the one of SOURCE; an image that was named by digest alone \
            gets none. What a registry has already is not sent again, and between repositories of one registry nothing \
            is.
            """,
        examples: [
            CommandSpec.Example(
                "bio image copy docker://registry.example/core/redis:7 docker://mirror.example/core/redis",
                "Take an image to another registry"),
            CommandSpec.Example(
                "bio image copy docker://registry.example/core/redis:7 oci-archive:redis.tar", "Carry it on a disk"),
            CommandSpec.Example(
                "bio image copy oci:images:core/redis:7 docker://registry.example/core/redis:7 --dry-run",
                "See what would be sent"),
        ],
        arguments: [
            ArgumentSpec("SOURCE", help: "where the image is"),
            ArgumentSpec("DESTINATION", help: "where it is to go"),
        ],
        options: [
            OptionSpec(
                "platform", .string("OS/ARCH"),
                help: "Of a list of images only the one for this platform, as in linux/arm64; the list stays behind"),
            OptionSpec("no-referrers", .flag, help: "Leave behind what others say of the image"),
            OptionSpec("dry-run", .flag, help: "Only say what would be copied"),
            .format,
        ] + RegistryOptions.rows, exitCodes: [.trustRefused, .remoteRefused, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let source = try ImageLocation(locating: arguments.argument("SOURCE") ?? "", cancellation: context.cancellation)
        let destination = try ImageLocation(parsing: arguments.argument("DESTINATION") ?? "")
        let platform = try ImagePlace.platform(arguments)
        let registries = RegistryAccess(try context.registries(arguments), context)
        let contents = try contents(source, registries, context)
        let target = try CopyTarget(destination, from: source, registries, context)
        context.status.begin("Copying \(source) to \(target.location)")
        let plan = try CopyPlan(contents, platform: platform, referrers: !arguments.flag("no-referrers"))
        let isDry = arguments.flag("dry-run")
        let result = try target.run(plan, contents, isDry: isDry)
        if !plan.omitted.isEmpty {
            context.status.warn("\(plan.omitted.count) layers stay where they are: they may not be distributed")
        }
        if !plan.leftBehind.isEmpty {
            context.status.warn(
                "\(plan.leftBehind.count) referrers stay behind: the source lists them, and has not got them")
        }
        try tell(result, source, target, isDry, arguments, context)
    }

    private static func contents(
        _ source: ImageLocation, _ registries: RegistryAccess, _ context: CommandContext
    ) throws -> any ImageContents {
        switch source {
        case .registry(let reference):
            return RegistryContents(reference, registries.session(for: Repository(of: reference).registry))
        case .layout, .ociArchive:
            guard let contents = try LayoutContents(source, cancellation: context.cancellation) else {
                preconditionFailure("a layout has contents")
            }
            return contents
        case .dockerArchive, .engine:
            throw CommandFailure(
                .usage, "'\(source)' keeps no manifest, so there is nothing that could stay as it is",
                hint: "export to the registry with --to, or save the image as an OCI archive first")
        }
    }

    private static func tell(
        _ result: CopyResult, _ source: ImageLocation, _ target: CopyTarget, _ isDry: Bool,
        _ arguments: ParsedArguments, _ context: CommandContext
    ) throws {
        let reference = target.digestReference(result.top.digest)
        if arguments.wantsJSON {
            try context.result.json([
                "schema_version": 1, "dry_run": .bool(isDry), "source": .string("\(source)"),
                "destination": .string("\(target.location)"),
                "digest": .string("\(result.top.digest)"), "media_type": .string("\(result.top.mediaType)"),
                "digest_reference": .optional(reference), "was_there": .bool(result.wasThere),
                "manifests": .integer(result.manifests), "referrers": .integer(result.referrers),
                "referrers_left": .integer(result.referrersLeft),
                "blobs_sent": .integer(result.blobsSent), "blobs_mounted": .integer(result.blobsMounted),
                "blobs_found": .integer(result.blobsFound), "blobs_omitted": .integer(result.blobsOmitted),
                "bytes_sent": .integer(result.bytesSent),
            ])
        } else {
            try context.result.line(reference ?? "\(result.top.digest)")
        }
        let bytes = ByteCount.text(result.bytesSent)
        if isDry {
            context.status.end("Would copy \(result.blobsSent) blobs, \(bytes)")
        } else if result.wasThere && result.blobsSent == 0 {
            context.status.end("Nothing to copy: \(target.location) is that image")
        } else {
            context.status.end(
                "Copied \(result.blobsSent) blobs, \(bytes); \(result.blobsMounted) mounted, \(result.blobsFound) there before"
            )
        }
    }
}
