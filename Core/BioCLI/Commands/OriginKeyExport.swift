// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage

/// `bio origin key export`
enum OriginKeyExport {
    static let spec = CommandSpec(
        "export", aliases: CommandSpec.beginnings(of: "export", 1...5), abstract: "Print the newest key of an origin",
        discussion: """
            The text of the key file goes to standard output, byte for byte. The public half may be given to \
            everybody; who has the secret half can sign packages in the name of the origin.
            """,
        examples: [
            CommandSpec.Example("bio origin key export acme > acme.pub", "Hand out the public key"),
            CommandSpec.Example(
                "bio origin key export acme --type secret | ssh builder bio origin key import",
                "Let another machine sign"),
        ],
        arguments: [OriginKeyArgument.origin],
        options: [
            OptionSpec(
                "type", short: "t",
                .choice(
                    "TYPE",
                    [OptionSpec.Choice("public", "verifies packages"), OptionSpec.Choice("secret", "signs packages")]),
                fallback: "public", help: "Which half to print"),
            .cacheKeyPath,
        ], exitCodes: [.trustRefused], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let origin = try OriginKeyArgument.resolve(arguments, context)
        let text = try context.keyRing(arguments).export(
            origin: origin.name, secret: arguments.string("type") == "secret")
        try text.withUnsafeBytes { bytes throws(CommandFailure) in try context.result.bytes(Array(bytes)) }
    }
}
