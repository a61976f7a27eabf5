// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioOCI

/// `bio image diff`
enum ImageCompare {
    static let spec = CommandSpec(
        "diff", abstract: "Show what differs between two images",
        discussion: """
            Compares how containers of the two images run, the packages in them, and their layers by content: how a \
            layer is compressed does not count, nor where the image lies. With --files all \
            layers are read too, and the files compared that a container would see; a file that has moved to another \
            layer is no difference, nor are times.

            \(ImagePlace.forms)

            Ends with 0 when nothing differs and with \(ExitCode.different.rawValue) when something does, so that \
            scripts can ask; every other code is a failure.
            """,
        examples: [
            CommandSpec.Example("bio image diff oci:images:old oci:images:new", "See what an update brings"),
            CommandSpec.Example(
                "bio image diff redis.oci.tar docker-daemon:core/redis", "Ask if the engine has this very image"),
            CommandSpec.Example("bio image diff a.tar b.tar --files", "Find the files that changed"),
        ],
        arguments: [
            ArgumentSpec("OLD", help: "where the first image is"), ArgumentSpec("NEW", help: "where the other is"),
        ],
        options: [
            OptionSpec("files", .flag, help: "Compare the files in the layers too")
        ] + ImagePlace.rows + [.format], exitCodes: [.trustRefused, .remoteRefused, .different, .interrupted],
        action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let old = try ImagePlace.source(arguments.argument("OLD") ?? "", arguments, context)
        let new = try ImagePlace.source(arguments.argument("NEW") ?? "", arguments, context)
        try show(old, new, readsFiles: arguments.flag("files"), asJSON: arguments.wantsJSON, context)
    }

    static func show(
        _ old: any ImageSource, _ new: any ImageSource, readsFiles: Bool, asJSON: Bool, _ context: CommandContext
    ) throws {
        let (before, after) = (try old.image(), try new.image())
        let diff = ImageDiff(from: before, to: after)
        let files = readsFiles ? try fileDiff((old, before), (new, after), context) : nil
        if asJSON {
            try context.result.json(json((old, before), (new, after), diff, files))
        } else {
            let text = ImageDiffText(diff: diff, files: files, width: context.terminal.outputWidth)
            try context.result.lines(text.lines)
        }
        // Files tell nothing that equal configurations do not: their diff ids are equal.
        guard diff.isEqual else { throw CommandFailure.different }
    }

    private static func fileDiff(
        _ old: ImageFiles.Side, _ new: ImageFiles.Side, _ context: CommandContext
    ) throws -> FileDiff {
        let total = LayerAmount((old.image.layers + new.image.layers).map(\.descriptor?.size)).bytes
        let progress = context.status.progress("Reading layers", total: total)
        defer { progress.finish() }
        var files = ImageFiles(cancellation: context.cancellation) { progress.advance(by: $0) }
        return try files.diff(old, new)
    }

    private static func json(
        _ old: ImageFiles.Side, _ new: ImageFiles.Side, _ diff: ImageDiff, _ files: FileDiff?
    ) -> DocumentValue {
        func side(_ side: ImageFiles.Side) -> DocumentValue {
            [
                "location": .string("\(side.source.location)"), "id": .string("\(side.image.imageID)"),
                "manifest": .optional(side.image.manifest.map { "\($0.digest)" }),
            ]
        }
        var object = DocumentObject()
        object.append("schema_version", 1)
        object.append("old", side(old))
        object.append("new", side(new))
        object.append("equal", .bool(diff.isEqual))
        for member in diff.document.members { object.append(member.key, member.value) }
        object.append("files", files?.document ?? .null)
        return .object(object)
    }
}
