// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPluginHost
import BioSystem

/// `bio plugin sign`
enum PluginSign {
    static let spec = CommandSpec(
        "sign", abstract: "Sign the files of a plugin",
        discussion: """
            Writes plugin.files, the list of the plugin's files with their digests, and plugin.sig, the signature of \
            that list by an origin's secret key. Sign what you ship, last of all: a file that is changed, added or \
            taken away afterwards makes the plugin unusable for those who install it. description.json belongs to \
            each machine and is not listed. Prints the path of the signature.
            """,
        examples: [.init("bio plugin sign ./out --key acme", "With the newest key of the origin acme")],
        arguments: [ArgumentSpec("DIRECTORY", help: "Directory of the plugin")],
        options: [
            OptionSpec(
                "key", .string("KEY"), required: true,
                help: "Sign with this secret key: an origin, for its newest, or ORIGIN-REVISION"),
            .cacheKeyPath,
        ], exitCodes: [.trustRefused, .pluginUnusable],
        action: { arguments, context in
            let directory = context.absolute(arguments.argument("DIRECTORY") ?? "")
            let ring = context.keyRing(arguments)
            let name = arguments.string("key") ?? ""
            let manifest = try PluginManifest.read(in: directory)
            let list = try PluginFileList.naming(directory) { try PluginFileList(of: manifest, in: directory) }
            guard list[manifest.library] != nil else {
                throw CommandFailure(
                    .plugin, "'\(directory)' lacks the library '\(manifest.library)' that its plugin.toml names",
                    hint: "build it first")
            }
            let key =
                try (try? KeyName(parsing: name)).map { name in try ring.secretKey(name) }
                ?? ring.latestSecretKey(origin: name)
            let signature = PluginSignature(of: list, with: key)
            try AtomicFile.write(Array(list.text.utf8), to: "\(directory)/\(PluginFileList.fileName)")
            let path = "\(directory)/\(PluginSignature.fileName)"
            try AtomicFile.write(Array(signature.text.utf8), to: path)
            context.status.status(
                .signed, "\(manifest.id) \(manifest.version), \(list.entries.count) files, with \(key.name)")
            try context.result.line(path)
        })
}

extension PluginFileList {
    /// Names the directory in what speaks of a file in it.
    static func naming<R>(_ directory: String, _ body: () throws -> R) throws -> R {
        do { return try body() } catch let error as PluginFiles.Stranger {
            throw PluginInstallError.stranger(source: directory, path: error.path, why: error.why)
        } catch let error as PluginFileList.Refusal {
            throw CommandFailure(.plugin, "the files in '\(directory)' cannot be listed: \(error.text)")
        }
    }
}
