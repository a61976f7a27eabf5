// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage

/// Where packages, caches and keys are, by variables, options and who asks.
extension CommandContext {
    var flavour: Flavour { .biome }

    /// `FS_ROOT`, or `/`. Never ends with a slash except as `/` itself.
    var fileSystemRoot: String {
        guard let root = environment["FS_ROOT"] else { return "/" }
        var path = absolute(root)
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    /// The key ring of commands that take `--cache-key-path`.
    func keyRing(_ arguments: ParsedArguments) -> KeyRing {
        KeyRing(directory: arguments.string("cache-key-path").map(absolute) ?? defaultKeyDirectory)
    }

    /// Keys of root are below the file system root, those of others in their home directory, whatever `FS_ROOT` says.
    private var defaultKeyDirectory: String {
        if !isRoot, let home { return "\(home)/\(flavour.homeDirectory)/cache/keys" }
        return "\(fileSystemRoot == "/" ? "" : fileSystemRoot)/\(flavour.rootDirectory)/cache/keys"
    }
}

extension OptionSpec {
    /// Shared by the commands that use keys.
    static let cacheKeyPath = OptionSpec(
        "cache-key-path", .path("DIR"), environment: ["HAB_CACHE_KEY_PATH"],
        help: "Use the keys in this directory")
}

extension ParsedArguments {
    /// Whether `--format json` is asked.
    var wantsJSON: Bool { string("format") == "json" }
}
