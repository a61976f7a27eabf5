// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioOCI
import BioTrust

/// `bio image verify`
enum ImageVerify {
    static let spec = CommandSpec(
        "verify", abstract: "Verify an image, from its layers to the keys of origins",
        discussion: """
            Reads all layers and holds every file in them against the signed packages that it comes from: by the \
            receipts of installed packages and the artifacts in the cache. Nothing that the image says of itself is \
            believed, nor what the layer cache knows. Says for each layer what it is, and who signed it; where it \
            differs; and what documents about the image there are.

            A layer of packages must be what they make, byte for byte. The file system below the packages (links, \
            users, start script) is signed by nobody, and neither is how the image runs: what is in them is shown, \
            and only a signed provenance of the image vouches for them. --policy says who may sign what, and what is \
            to become of the rest. An image without packages never passes.

            \(ImagePlace.forms)

            Ends with 0 when the image passes and with \(ExitCode.trustRefused.rawValue) when it does not.
            """,
        examples: [
            CommandSpec.Example("bio image verify redis.oci.tar", "Verify an image in an archive"),
            CommandSpec.Example(
                "bio image verify oci:images:core/redis --policy /etc/bio/trust.toml", "Hold it against a policy"),
            CommandSpec.Example(
                "bio image verify redis.oci.tar --format json | jq -r '.layers[].packages[].signer' | sort -u",
                "List the keys that vouch for it"),
        ],
        arguments: [ArgumentSpec("IMAGE", help: "where the image is")],
        options: [
            OptionSpec("policy", .path("FILE"), help: "What the image must be to pass"),
            OptionSpec(
                "attestation", .path("FILE"), repeatable: true,
                help: "Look at this document too: a signed provenance, a bill of materials"),
            OptionSpec(
                "recompute", .flag, help: "Read packages from their signed artifacts instead of believing receipts"),
            .cacheKeyPath, .format,
        ] + ImagePlace.rows, exitCodes: [.trustRefused, .remoteRefused, .interrupted], action: run)

    private static func run(_ arguments: ParsedArguments, _ context: CommandContext) throws {
        let policy = try arguments.string("policy").map { try TrustPolicy(contentsOf: context.absolute($0)) }
        let source = try ImagePlace.source(arguments.argument("IMAGE") ?? "", arguments, context)
        let image = try source.image()
        // What is small comes first: a document that is not there should not be missed after minutes.
        let documents = ImageAttestations(context)
        let candidates =
            try documents.named(arguments.strings("attestation")) + documents.beside(source.location, image)
            + documents.referring(to: image, in: source)
        let layers = try layers(of: image, in: source, arguments, context)
        let verifier = AttestationVerifier(of: image, layers: layers, keys: context.keyRing(arguments))
        let found = ImageVerification(
            location: source.location, image: image, layers: layers,
            attestations: try candidates.map { try verifier.verify($0) })
        try show(found, policy ?? TrustPolicy(), asJSON: arguments.wantsJSON, context)
    }

    private static func layers(
        of image: StoredImage, in source: any ImageSource, _ arguments: ParsedArguments, _ context: CommandContext
    ) throws -> [VerifiedLayer] {
        context.status.begin("Verifying image \(source.location)")
        let progress = context.status.progress("Reading layers", total: image.size)
        defer { progress.finish() }
        var verifier = ImageVerifier(
            context.packageInstaller(keys: context.keyRing(arguments)), readsArtifacts: arguments.flag("recompute")
        ) { progress.advance(by: $0) }
        return try verifier.layers(of: image, in: source)
    }

    private static func show(
        _ found: ImageVerification, _ policy: TrustPolicy, asJSON: Bool, _ context: CommandContext
    ) throws {
        let violations = policy.violations(of: found)
        if asJSON {
            var object = DocumentObject()
            object.append("schema_version", 1)
            for member in found.document(violations).members { object.append(member.key, member.value) }
            try context.result.json(.object(object))
        } else {
            try context.result.lines(ImageVerificationText(found).lines(width: context.terminal.outputWidth))
        }
        guard violations.isEmpty else {
            throw CommandFailure(
                .trust, "'\(found.location)' does not pass: \(violations[0])",
                hints: violations.dropFirst().prefix(9).map { "and \($0)" }
                    + (violations.count > 10 ? ["and \(violations.count - 10) more"] : []))
        }
        context.status.end(ImageVerificationText(found).summary)
    }
}
