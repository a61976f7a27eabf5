// SPDX-License-Identifier: Apache-2.0

import BioOCI

/// `bio image inspect`
enum ImageInspect {
    static let spec = CommandSpec(
        "inspect", abstract: "Describe an image: how it runs, and its layers",
        discussion: """
            Shows what an image says of itself, and its layers bottom up, each with what made it: the packages of an \
            image that bio exported, the steps of others. Sizes are those of the layers as they are stored.

            \(ImagePlace.forms)

            No layer is read.
            """,
        examples: [
            CommandSpec.Example("bio image inspect oci:images:core/redis", "Look at an image of a layout"),
            CommandSpec.Example(
                "bio image inspect redis.oci.tar --format json | jq -r '.layers[].packages[]'", "List its packages"),
        ],
        arguments: [ArgumentSpec("IMAGE", help: "where the image is")],
        options: ImagePlace.rows + [.format], exitCodes: [.trustRefused, .remoteRefused, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let source = try ImagePlace.source(arguments.argument("IMAGE") ?? "", arguments, context)
        try show(source, asJSON: arguments.wantsJSON, context)
    }

    static func show(_ source: any ImageSource, asJSON: Bool, _ context: CommandContext) throws {
        let description = ImageDescription(location: source.location, image: try source.image())
        if asJSON {
            try context.result.json(description.json)
        } else {
            try context.result.lines(description.lines(width: context.terminal.outputWidth))
        }
    }
}

extension TerminalFacts {
    /// Columns for tables on standard output; nil when nothing limits them.
    var outputWidth: Int? { outputColumns > 0 ? max(outputColumns, 40) : nil }
}
