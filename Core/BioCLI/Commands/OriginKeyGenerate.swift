// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage

/// `bio origin key generate`
enum OriginKeyGenerate {
    static let spec = CommandSpec(
        "generate", aliases: CommandSpec.beginnings(of: "generate", 1...7),
        abstract: "Make a signing key pair for an origin",
        discussion: """
            The pair goes into the key cache as ORIGIN-REVISION.pub and ORIGIN-REVISION.sig.key, where the revision \
            is the present time. The public half is for everybody who installs packages of the origin, the secret \
            half for those who sign them. Prints the name of the pair.
            """,
        examples: [CommandSpec.Example("bio origin key generate acme", "Make a pair for the origin acme")],
        arguments: [OriginKeyArgument.origin],
        options: [.cacheKeyPath], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let origin = try OriginKeyArgument.resolve(arguments, context)
        context.status.begin("Generating origin key for \(origin)")
        let pair = try OriginKeyPair.generate(origin, revision: Timestamp.release(context.clock()))
        let files = try context.keyRing(arguments).add(pair)
        context.status.status(.created, files.public.path)
        context.status.status(.created, files.secret.path)
        context.status.end("Generated origin key pair \(pair.publicKey.name)")
        try context.result.line("\(pair.publicKey.name)")
    }
}

/// The origin of key commands: named, or `HAB_ORIGIN`.
enum OriginKeyArgument {
    static let origin = ArgumentSpec("ORIGIN", .optional, help: "origin of the key [env: HAB_ORIGIN]")

    static func resolve(_ arguments: ParsedArguments, _ context: CommandContext) throws -> Origin {
        guard let text = arguments.argument("ORIGIN") ?? context.environment["HAB_ORIGIN"] else {
            throw CommandLineParser.Failure(error: .missingArgument("ORIGIN"), path: arguments.path)
        }
        do throws(Origin.ParseError) { return try Origin(parsing: text) } catch {
            throw UsageError.refused(error.description, hint: error.hint)
        }
    }
}
