// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioExport
import BioPluginHost
import BioTemplate

/// The option groups of formats that make images: what an image is called, and where it goes
/// (docs/reference/image-options.md).
enum ImageOptions {
    private static let namingSection = "Names"
    private static let publishingSection = "Image"

    /// The rows of the groups that a format includes.
    static func rows(_ format: FormatDescription) -> [OptionSpec] {
        let hasNames = format.groups.contains(FormatDescription.imageNameGroup)
        let hasPlaces = format.groups.contains(FormatDescription.imageGroup)
        return (hasNames ? naming : []) + (hasPlaces ? publishing : []) + (hasNames && hasPlaces ? ImagePush.rows : [])
            + (hasPlaces ? RegistryOptions.rows : [])
    }

    private static let naming: [OptionSpec] =
        [
            OptionSpec(
                "image-name", short: "i", .string("TEMPLATE"), fallback: ImageNaming.standardName,
                section: namingSection,
                help: "Call the image so; the variables are \(ImageNaming.variables.joined(separator: ", "))"),
            OptionSpec(
                "registry-url", short: "G", .string("REGISTRY"), section: namingSection,
                help: "Write this registry before the name, as host or host:port"),
            OptionSpec(
                "tag-custom", .string("TEMPLATE"), section: namingSection, help: "Add a tag, with the same variables"),
        ] + ["latest", "version", "version-release"].flatMap(tag)

    /// All of the three are there by default.
    private static func tag(_ name: String) -> [OptionSpec] {
        let meaning =
            switch name {
            case "latest": "'latest'"
            case "version": "of the version"
            default: "of version and release"
            }
        return [
            OptionSpec("no-tag-\(name)", .flag, section: namingSection, help: "Leave the tag \(meaning) out"),
            OptionSpec(
                "tag-\(name)", .flag, hidden: true, section: namingSection,
                help: "Add the tag \(meaning), which is there without it too"),
        ]
    }

    private static let publishing: [OptionSpec] = [
        OptionSpec(
            "to", .string("PLACE"), repeatable: true, section: publishingSection, suggestions: kinds,
            help: "Put the image here, at several places if repeated: docker-daemon[:REF], oci:DIR[:REF], "
                + "oci-archive:FILE[:REF], docker-archive:FILE[:REF] or docker://REGISTRY/REPO[:TAG]"),
        OptionSpec(
            "compression", .string("NAME"), fallback: "gzip", section: publishingSection, suggestions: compressions,
            help: "Compress layers so; an engine always gets them as they are"),
        OptionSpec(
            "max-layers", .integer("N", 1...125), fallback: "\(PackageLayers.defaultMost)", section: publishingSection,
            help: "Merge the smallest packages when there would be more layers"),
        .layerCache,
        OptionSpec(
            "rm-image", .flag, section: publishingSection,
            help: "Remove every name of the image from the engine again, once it has taken it"),
        OptionSpec(
            "size-report", .flag, section: publishingSection, help: "Say how large every layer and package is"),
        OptionSpec(
            "against", .string("PLACE"), section: publishingSection,
            help: "With --size-report: compare with the image at this place"),
    ]

    /// Those that only make sense where an image is made.
    static func aboutOneImage(_ format: FormatDescription) -> [String] {
        guard format.groups.contains(FormatDescription.imageGroup) else { return [] }
        let push = format.groups.contains(FormatDescription.imageNameGroup) ? ["push-image"] : []
        return publishing.map(\.name) + push
    }

    private static let kinds = ["docker-daemon", "oci:", "oci-archive:", "docker-archive:", "docker://"].map {
        OptionSpec.Choice($0, "")
    }

    private static let compressions = Compression.names.filter { !$0.hasSuffix(":N") && $0 != "xz" }.map {
        OptionSpec.Choice($0, "")
    }

    /// How images are to be called; refuses what can be known to be wrong before any package is.
    static func naming(
        _ arguments: ParsedArguments, tagPrefix: String = "",
        _ templates: (functions: TemplateFunctions, rehearsal: TemplateFunctions) = (.standard, .standard)
    ) throws(ImageNamingError) -> ImageNaming {
        var tags = ImageNaming.Tags()
        tags.latest = try isWanted("latest", arguments)
        tags.version = try isWanted("version", arguments)
        tags.versionRelease = try isWanted("version-release", arguments)
        tags.custom = arguments.string("tag-custom")
        return try ImageNaming(
            name: arguments.string("image-name") ?? ImageNaming.standardName, tags: tags,
            registry: arguments.string("registry-url"), tagPrefix: tagPrefix,
            functions: templates.functions, rehearsal: templates.rehearsal)
    }

    private static func isWanted(_ tag: String, _ arguments: ParsedArguments) throws(ImageNamingError) -> Bool {
        let isLeftOut = arguments.flag("no-tag-\(tag)")
        if isLeftOut && arguments.flag("tag-\(tag)") { throw .contradiction("tag-\(tag)") }
        return !isLeftOut
    }

    /// How layers are to be packed.
    static func compression(_ arguments: ParsedArguments) throws(CommandFailure) -> Compression {
        let compression: Compression
        do throws(Compression.ParseError) {
            compression = try Compression(parsing: arguments.string("compression") ?? "gzip")
        } catch {
            throw CommandFailure(.usage, "--compression: \(error)", hint: error.hint)
        }
        guard compression != .xz else {
            throw CommandFailure(
                .usage, "--compression: no engine and no registry takes layers of the kind 'xz'",
                hint: "the smallest are those of --compression gzip:small or zstd:19")
        }
        return compression
    }
}
