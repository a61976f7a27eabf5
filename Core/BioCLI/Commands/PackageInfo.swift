// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHart
import BioPackage
import BioStore
import BioSystem

/// `bio pkg info`
enum PackageInfo {
    static let spec = CommandSpec(
        "info", aliases: CommandSpec.beginnings(of: "info", 3...3), abstract: "Describe a package",
        discussion: """
            Of an artifact file, what its header and its metafiles say; nothing of that is verified (bio pkg verify \
            does it). Of an ident, what the newest installed release says, and the receipt of its installation, which \
            was verified then.
            """,
        examples: [
            CommandSpec.Example("bio pkg info ./acme-app-1.0-20260101000000-x86_64-linux.hart", "Look at an artifact"),
            CommandSpec.Example("bio pkg info core/redis --json | jq -r '.tdeps[]'", "List what a package needs"),
        ],
        arguments: [ArgumentSpec("PKG", help: "artifact file, or ident of an installed package")],
        options: [
            .format,
            OptionSpec("json", short: "j", .flag, help: "The same as --format json"),
        ], exitCodes: [.packageNotFound], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let description =
            switch try PackageSource(parsing: arguments.argument("PKG") ?? "") {
            case .artifact(let path): try describe(artifact: path, context.cancellation)
            case .ident(let ident): try describe(installed: context.installed(ident))
            }
        if arguments.wantsJSON || arguments.flag("json") {
            try context.result.json(description.json)
        } else {
            try context.result.lines(description.lines)
        }
    }

    private static func describe(artifact path: String, _ cancellation: Cancellation) throws -> PackageDescription {
        let archive = try HartArchive.open(path, cancellation: cancellation)
        return PackageDescription(
            origin: [
                ("artifact", "Artifact", .string(path)),
                ("format_version", "Format", .string(archive.header.magic)),
                ("key_name", "Signer", .string("\(archive.header.signer)")),
                ("hash_type", "Hash Type", .string(archive.header.hashType)),
                ("signature_raw", "Signature", .string(archive.header.signatureText)),
                ("verified", "Verified", .bool(false)),
                ("checksum", "Checksum", .string(try archive.digest().hex)),
                ("artifact_size", "Artifact Size", .integer(archive.size)),
            ], metadata: try archive.metadata())
    }

    private static func describe(installed package: InstalledPackage) throws -> PackageDescription {
        let receipt = try package.receipt()
        return PackageDescription(
            origin: [
                ("installed_path", "Installed", .string(package.path)),
                ("key_name", "Signer", .optional(receipt.map { "\($0.signer)" })),
                ("verified", "Verified", .bool(receipt != nil)),
                ("checksum", "Checksum", .optional(receipt?.artifactDigest.hex)),
                ("artifact_size", "Artifact Size", receipt.map { .integer($0.artifactSize) } ?? .null),
            ], metadata: try package.metadata())
    }
}
