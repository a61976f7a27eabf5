// SPDX-License-Identifier: Apache-2.0

import BioCrypto

/// `bio origin key import`
enum OriginKeyImport {
    static let spec = CommandSpec(
        "import", aliases: CommandSpec.beginnings(of: "import", 1...5), abstract: "Put a key into the key cache",
        discussion: """
            The text of the key file is read from standard input. Its first line tells the kind of key; every kind is \
            taken, public and secret, of origins, users and rings. The same key twice is fine; another key under the \
            same name is refused. Prints the name of the key.
            """,
        examples: [
            CommandSpec.Example("bio origin key import < acme-20260101000000.pub", "Trust packages that acme signs")
        ],
        options: [.cacheKeyPath], exitCodes: [.trustRefused],
        action: { arguments, context in
            try context.importKey(
                arguments, kinds: KeyKind.allCases, example: "bio origin key import < ORIGIN-REVISION.pub")
        })
}

extension CommandContext {
    /// Puts the key on standard input into the key cache; its kind must be one of `kinds`.
    func importKey(_ arguments: ParsedArguments, kinds: [KeyKind], example: String) throws {
        if terminal.inputIsTerminal { status.info("Paste the key, then press Ctrl-D.") }
        status.begin("Importing key from standard input")
        let text = try input.readToEnd(limit: 1 << 16)
        if text.isEmpty {
            throw CommandFailure(
                .failure, "standard input is empty, no key was imported", hint: "give the key file: \(example)")
        }
        let file = try keyRing(arguments).import(text, kinds: kinds)
        status.status(.imported, "\(file.kind.noun) \(file.name) to \(file.path)")
        status.end("Imported key \(file.name)")
        try result.line("\(file.name)")
    }
}
