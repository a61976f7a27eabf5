// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioHart
import BioPackage

/// `bio pkg verify`
enum PackageVerify {
    static let spec = CommandSpec(
        "verify", aliases: CommandSpec.beginnings(of: "verify", 1...5),
        abstract: "Verify the signature and the hash of an artifact",
        discussion: """
            The signer's public key must be in the key cache. Prints the BLAKE2b-256 hash of the payload, which is \
            what was signed, two blanks and the name of the key.
            """,
        examples: [CommandSpec.Example("bio pkg verify ./acme-app-1.0-20260101000000-x86_64-linux.hart", "Verify one")],
        arguments: [ArgumentSpec("HART", help: "artifact file")],
        options: [.cacheKeyPath, .format], exitCodes: [.trustRefused, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let path = arguments.argument("HART") ?? ""
        context.status.begin("Verifying artifact \(path)")
        let verified = try HartArchive.open(path, cancellation: context.cancellation)
            .verify(keys: context.keyRing(arguments))
        context.status.status(.verified, "payload \(verified.payloadHash.hex) signed with \(verified.signer)")
        context.status.end("Verified artifact \(path)")
        guard arguments.wantsJSON else {
            return try context.result.line("\(verified.payloadHash.hex)  \(verified.signer)")
        }
        try context.result.json([
            "schema_version": 1, "path": .string(path), "key_name": .string("\(verified.signer)"),
            "payload_blake2b": .string(verified.payloadHash.hex),
        ])
    }
}
