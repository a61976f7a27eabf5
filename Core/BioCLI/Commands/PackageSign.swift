// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioHart
import BioPackage
import BioSystem

/// `bio pkg sign`
enum PackageSign {
    static let spec = CommandSpec(
        "sign", aliases: CommandSpec.beginnings(of: "sign", 1...3), abstract: "Sign a file, which makes it an artifact",
        discussion: """
            Writes a header with the signature of the origin's newest secret key, and the bytes of SRC behind it. An \
            artifact is a signed .tar.xz of a package's directory; any other file may be signed too. DST appears \
            whole or not at all, and replaces a file of that name. Prints DST.
            """,
        examples: [
            CommandSpec.Example(
                "bio pkg sign --origin acme app.tar.xz acme-app-1.0-20260101000000-x86_64-linux.hart",
                "Make an artifact of a payload")
        ],
        arguments: [
            ArgumentSpec("SRC", help: "file to sign"), ArgumentSpec("DST", help: "artifact to write"),
        ],
        options: [
            OptionSpec(
                "origin", short: "o", .string("ORIGIN"), required: true, environment: ["HAB_ORIGIN"],
                help: "Sign with the newest secret key of this origin"),
            .cacheKeyPath,
        ], exitCodes: [.trustRefused, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let source = arguments.argument("SRC") ?? ""
        let target = arguments.argument("DST") ?? ""
        let origin: Origin
        do throws(Origin.ParseError) { origin = try Origin(parsing: arguments.string("origin") ?? "") } catch {
            throw UsageError.refused(error.description, hint: error.hint)
        }
        try check(source, target)
        context.status.begin("Signing \(source)")
        let key = try context.keyRing(arguments).latestSecretKey(origin: origin.name)
        context.status.status(.signing, "\(source) with \(key.name) to create \(target)")
        let hash = try HartWriter.sign(
            source, with: key, magic: context.flavour.magic, to: target, cancellation: context.cancellation)
        context.status.status(.signed, "payload \(hash.hex)")
        context.status.end("Signed artifact \(target)")
        try context.result.line(target)
    }

    private static func check(_ source: String, _ target: String) throws {
        guard let from = try FileStatus.of(source) else {
            throw SystemError("open", source, .noSuchFile)
        }
        guard let to = try FileStatus.ofLink(target) else { return }
        if to.kind == .directory { throw SystemError("write", target, .isDirectory) }
        if to.kind != .file {
            throw CommandFailure(
                .failure, "'\(target)' is no regular file, and would be replaced by one", hint: "give DST another name")
        }
        if from.inode == to.inode, from.device == to.device {
            throw UsageError.refused("SRC and DST are the same file, '\(source)'", hint: "give DST another name")
        }
    }
}
