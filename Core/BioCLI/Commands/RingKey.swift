// SPDX-License-Identifier: Apache-2.0

import BioCrypto

/// `bio ring key generate`
enum RingKeyGenerate {
    static let spec = CommandSpec(
        "generate", abstract: "Make a key for a ring of supervisors",
        discussion: """
            The key goes into the key cache as RING-REVISION.sym.key, where the revision is the present time. All \
            supervisors of the ring need the same. Prints the name of the key.
            """,
        examples: [CommandSpec.Example("bio ring key generate production", "Make a key for the ring production")],
        arguments: [RingKeyArgument.ring],
        options: [.cacheKeyPath], exitCodes: [.trustRefused], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let ring = try RingKeyArgument.resolve(arguments, context)
        let name = try KeyName(name: ring, revision: Timestamp.release(context.clock()))
        context.status.begin("Generating ring key for \(ring)")
        let file = try context.keyRing(arguments).add(try RingKey.generate(name))
        context.status.status(.created, file.path)
        context.status.end("Generated ring key \(name)")
        try context.result.line("\(name)")
    }
}

/// `bio ring key export`
enum RingKeyExport {
    static let spec = CommandSpec(
        "export", abstract: "Print the newest key of a ring",
        discussion: """
            The text of the key file goes to standard output, byte for byte. Who has it can read and join the ring.
            """,
        examples: [
            CommandSpec.Example(
                "bio ring key export production | ssh node bio ring key import", "Let another machine join")
        ],
        arguments: [RingKeyArgument.ring],
        options: [.cacheKeyPath], exitCodes: [.trustRefused], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let text = try context.keyRing(arguments).export(ring: try RingKeyArgument.resolve(arguments, context))
        try text.withUnsafeBytes { bytes throws(CommandFailure) in try context.result.bytes(Array(bytes)) }
    }
}

/// `bio ring key import`
enum RingKeyImport {
    static let spec = CommandSpec(
        "import", abstract: "Put the key of a ring into the key cache",
        discussion: """
            The text of the key file is read from standard input; keys of other kinds are refused. The same key twice \
            is fine; another key under the same name is refused. Prints the name of the key.
            """,
        examples: [CommandSpec.Example("bio ring key import < production-20260101000000.sym.key", "Join a ring")],
        options: [.cacheKeyPath], exitCodes: [.trustRefused],
        action: { arguments, context in
            try context.importKey(
                arguments, kinds: [.symmetric], example: "bio ring key import < RING-REVISION.sym.key")
        })
}

/// The ring of key commands: named, or `HAB_RING`.
private enum RingKeyArgument {
    static let ring = ArgumentSpec("RING", .optional, help: "name of the ring [env: HAB_RING]")

    static func resolve(_ arguments: ParsedArguments, _ context: CommandContext) throws -> String {
        guard let ring = arguments.argument("RING") ?? context.environment["HAB_RING"] else {
            throw CommandLineParser.Failure(error: .missingArgument("RING"), path: arguments.path)
        }
        return ring
    }
}
