// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage

/// `bio user key generate`
enum UserKeyGenerate {
    static let spec = CommandSpec(
        "generate", abstract: "Make an encryption key pair for a user",
        discussion: """
            The pair goes into the key cache as USER-REVISION.pub and USER-REVISION.box.key, where the revision is \
            the present time. Prints the name of the pair.
            """,
        examples: [CommandSpec.Example("bio user key generate ann", "Make a pair for the user ann")],
        arguments: [ArgumentSpec("USER", help: "name of the user")],
        options: [.cacheKeyPath], exitCodes: [.trustRefused], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let user = arguments.argument("USER") ?? ""
        try context.generateBoxKey(named: user, what: "user key for \(user)", arguments)
    }
}

/// `bio svc key generate`
enum ServiceKeyGenerate {
    static let spec = CommandSpec(
        "generate", abstract: "Make an encryption key pair for a service group",
        discussion: """
            The pair goes into the key cache as SERVICE.GROUP@ORG-REVISION.pub and SERVICE.GROUP@ORG-REVISION.box.key, \
            where the revision is the present time. Prints the name of the pair.
            """,
        examples: [
            CommandSpec.Example("bio svc key generate redis.default acme", "Make a pair for redis.default of acme")
        ],
        arguments: [
            ArgumentSpec("SERVICE_GROUP", help: "service.group or service.group@org"),
            ArgumentSpec("ORG", .optional, help: "organization of the service [env: HAB_ORG]"),
        ],
        options: [.cacheKeyPath], exitCodes: [.trustRefused], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let name = try ServiceKeyName(
            group: arguments.argument("SERVICE_GROUP") ?? "", org: arguments.argument("ORG"),
            fallbackOrg: context.environment["HAB_ORG"])
        try context.generateBoxKey(named: name.text, what: "service key for \(name.text)", arguments)
    }
}

/// `service.group@org`, as keys of services are named (package-model: 3.1).
struct ServiceKeyName: Hashable, Sendable {
    let text: String

    /// `group` may name the organization itself; then `org` may only repeat it. `fallbackOrg` counts when neither does.
    init(group: String, org: String?, fallbackOrg: String?) throws {
        let halves = group.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        let pieces = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard halves.count <= 2, pieces.count == 2, pieces.allSatisfy(Self.isWord) else {
            throw UsageError.refused(
                "'\(group)' is no service group", hint: "write it as service.group, as redis.default")
        }
        let own = halves.count == 2 ? halves[1] : nil
        if let own, let org, own != org {
            throw UsageError.refused("two organizations are named, '\(own)' and '\(org)'", hint: nil)
        }
        guard let org = own ?? org ?? fallbackOrg else { throw UsageError.missingArgument("ORG") }
        guard Self.isWord(org) else {
            throw UsageError.refused("'\(org)' is no organization", hint: "letters, digits, '-' and '_' are")
        }
        text = "\(halves[0])@\(org)"
    }

    private static func isWord(_ text: String) -> Bool { IdentPiece.name.fault(in: text) == nil }
}

extension CommandContext {
    /// Makes an encryption pair of the present second and puts it into the key cache.
    fileprivate func generateBoxKey(named name: String, what: String, _ arguments: ParsedArguments) throws {
        let keyName = try KeyName(name: name, revision: Timestamp.release(clock()))
        status.begin("Generating \(what)")
        let files = try keyRing(arguments).add(try BoxKeyPair.generate(keyName))
        status.status(.created, files.public.path)
        status.status(.created, files.secret.path)
        status.end("Generated \(what): \(keyName)")
        try result.line("\(keyName)")
    }
}
