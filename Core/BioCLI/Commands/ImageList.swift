// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioOCI

/// `bio image ls`
enum ImageList {
    static let spec = CommandSpec(
        "ls", aliases: ["list"], abstract: "List the images of a place",
        discussion: """
            Lists the images of a layout (oci:DIR), of an archive (oci-archive:FILE, docker-archive:FILE), of a registry's \
            repository (docker://REGISTRY/REPO: all its tags) or, without PLACE, of the Docker engine, one line for \
            every name. Of a path alone, what is there tells what it is. Sizes are those of all layers as they are \
            stored.
            """,
        examples: [
            CommandSpec.Example("bio image ls oci:images", "List what a layout holds"),
            CommandSpec.Example("bio image ls", "List what the Docker engine holds"),
        ],
        arguments: [ArgumentSpec("PLACE", .optional, help: "where to look [default: docker-daemon]")],
        options: ImagePlace.rows + [.format], exitCodes: [.trustRefused, .remoteRefused, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let source = try ImagePlace.source(arguments.argument("PLACE") ?? "docker-daemon", arguments, context)
        try show(source, asJSON: arguments.wantsJSON, context)
    }

    static func show(_ source: any ImageSource, asJSON: Bool, _ context: CommandContext) throws {
        let images = try source.images()
        guard asJSON else { return try context.result.lines(table(images).lines(width: context.terminal.outputWidth)) }
        try context.result.json([
            "schema_version": 1, "location": .string("\(source.location)"),
            "images": .array(
                images.map { image in
                    var object = DocumentObject()
                    for member in ImageDescription.identity(of: image) { object.append(member.key, member.value) }
                    object.append("layers", .integer(image.layers.count))
                    return .object(object)
                }),
        ])
    }

    private static func table(_ images: [StoredImage]) -> Table {
        var table = Table([
            .init("Name", flexible: true), .init("Image"), .init("Created"), .init("Platform"),
            .init("Layers", .right), .init("Size", .right),
        ])
        for image in images {
            for name in image.names.isEmpty ? ["-"] : image.names {
                table.add([
                    name, String(image.imageID.hex.prefix(12)), image.configuration.created ?? "-",
                    "\(image.configuration.platform)", "\(image.layers.count)",
                    image.size.map { ByteCount.text($0) } ?? "-",
                ])
            }
        }
        return table
    }
}
