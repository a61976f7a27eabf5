// SPDX-License-Identifier: Apache-2.0

import BioOCI
import BioPackage
import BioRegistry

/// The places that `bio image` looks into.
enum ImagePlace {
    /// What the help of each command says of them.
    static let forms = """
        An image lies in a layout (oci:DIR), in an archive (oci-archive:FILE, docker-archive:FILE), in a Docker \
        engine (docker-daemon), or in a registry (docker://REGISTRY/REPO); :REF behind it tells which, where there are \
        several. Of a path alone, what is there tells what it is.
        """

    /// The options of commands that look into places.
    static let rows: [OptionSpec] =
        [
            OptionSpec(
                "platform", .string("OS/ARCH"), section: RegistryOptions.section,
                help: "Look at the image for this platform, such as linux/arm64 [default: this machine's]")
        ] + RegistryOptions.rows

    /// The place that `text` names; nothing of it has been read but what tells its kind.
    /// `arguments` have `RegistryOptions.rows`, or `rows` of this type.
    static func source(
        _ text: String, _ arguments: ParsedArguments, _ context: CommandContext
    ) throws -> any ImageSource {
        let location = try ImageLocation(locating: text, cancellation: context.cancellation)
        if let source = try location.localSource(cancellation: context.cancellation) { return source }
        if case .registry(let reference) = location {
            let settings = try context.registries(arguments)
            let session = RegistrySession(Repository(of: reference).registry, settings)
            let chosen = try platform(arguments)
            return RegistrySource(
                reference, session, platform: chosen ?? Platform(PackageTarget.host), isPlatformChosen: chosen != nil)
        }
        return EngineSource(try context.engine(), name: location.reference)
    }

    /// What `--platform` says, in commands that have it.
    static func platform(_ arguments: ParsedArguments) throws -> Platform? {
        guard arguments.command.options.contains(where: { $0.name == "platform" }),
            let text = arguments.string("platform")
        else { return nil }
        if let platform = Platform(parsing: text) { return platform }
        throw CommandFailure(
            .usage, "--platform '\(text)' is no platform",
            hint: "platforms are written as linux/amd64 or linux/arm64/v8")
    }
}
