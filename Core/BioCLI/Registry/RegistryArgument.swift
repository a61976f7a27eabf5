// SPDX-License-Identifier: Apache-2.0

import BioOCI
import BioRegistry

/// The registry that a command is about: `host`, `host:port`, or some of its repositories as `host/path`.
enum RegistryArgument {
    static let argument = ArgumentSpec("REGISTRY", help: "host or host:port, or host/path for some repositories alone")

    static func resolve(_ arguments: ParsedArguments) throws(CommandFailure) -> CredentialKey {
        try key(arguments.argument("REGISTRY") ?? "")
    }

    /// What docker writes for its Hub is taken too, as are URLs of registries.
    static func key(_ text: String) throws(CommandFailure) -> CredentialKey {
        let key = CredentialKey(text)
        // A name of an image that would be kept there says whether it is one.
        guard let reference = try? ImageReference(parsing: "\(key.name)/x"), reference.registry == key.host,
            reference.tag == nil
        else {
            // Not quoted: who writes user:password@host must not read it again.
            throw CommandFailure(
                .usage, "REGISTRY names no registry",
                hint: "a registry is written as host or host:port, as in registry.example:5000 or docker.io")
        }
        return key
    }
}
