// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHart
import BioSystem

/// `bio pkg header`
enum PackageHeader {
    static let spec = CommandSpec(
        "header", aliases: CommandSpec.beginnings(of: "header", 3...5), abstract: "Print the header of an artifact",
        discussion: """
            The header is what its writer claims: nothing in it is verified here. bio pkg verify checks signature and \
            payload.
            """,
        examples: [
            CommandSpec.Example("bio pkg header ./acme-app-1.0-20260101000000-x86_64-linux.hart", "See who signed")
        ],
        arguments: [ArgumentSpec("HART", help: "artifact file")],
        options: [.format], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let path = arguments.argument("HART") ?? ""
        let header = try HartArchive.open(path).header
        let claim = header.claimedHash?.hex
        guard arguments.wantsJSON else {
            return try context.result.lines([
                "Package        : \(path.terminalSafe())",
                "Format Version : \(header.magic)",
                "Key Name       : \(header.signer)",
                "Hash Type      : \(header.hashType)",
                "Raw Signature  : \(header.signatureText)",
                "Claimed Hash   : \(claim ?? "none")",
                "Payload Offset : \(header.payloadOffset)",
            ])
        }
        try context.result.json([
            "schema_version": 1, "path": .string(path), "format_version": .string(header.magic),
            "key_name": .string("\(header.signer)"), "hash_type": .string(header.hashType),
            "signature_raw": .string(header.signatureText), "claimed_hash": .optional(claim),
            "payload_offset": .integer(header.payloadOffset),
        ])
    }
}
