// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// A plugin of Tests/Support/plugins, compiled by `cc` into a directory of its own with a manifest.
package struct CPlugin: Sendable {
    package let directory: String
    package let library: String

    package struct Broken: Error, CustomStringConvertible {
        package let description: String
    }

    /// Compiles every C file of Tests/Support/plugins/`name` into `directory`/`name`.
    ///
    /// - Parameters:
    ///   - variant: the part behind `VARIANT_` of the macro to define.
    ///   - id: what the manifest says.
    package init(_ name: String, variant: String? = nil, id: String? = nil, in directory: String) throws {
        self.directory = "\(directory)/\(name)"
        library = "\(self.directory)/lib\(name).so"
        try Directory.create(self.directory)
        let sources = Repository.path("Tests/Support/plugins/\(name)")
        let files = try Directory.names(sources).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.hasSuffix(".c") }
        let flags = ["-std=c11", "-O1", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread"]
        // Without the list of exports for the variant that has none of them.
        let exports = variant == "NO_ENTRY" ? [] : ["-Wl,--version-script=\(Repository.path("plugin-sdk/exports.map"))"]
        let outcome = try Tool.run(
            ["cc"] + flags + exports + (variant.map { ["-DVARIANT_\($0)"] } ?? [])
                + ["-I\(Repository.path("plugin-sdk/include"))", "-o", library] + files.map { "\(sources)/\($0)" })
        guard outcome.code == 0 else { throw Broken(description: outcome.errorText) }
        try AtomicFile.write(
            Array(Self.manifest(id: id ?? "org.biome.test.\(name)", name: name).utf8),
            to: "\(self.directory)/plugin.toml")
    }

    /// An honest manifest for a library `libNAME.so` with one format of the same name.
    package static func manifest(id: String, name: String) -> String {
        """
        manifest = 1
        id = "\(id)"
        name = "\(name)"
        version = "0.0.1"
        summary = "A plugin for tests"
        license = "Apache-2.0"
        library = "lib\(name).so"
        target = "x86_64-linux"
        formats = ["\(name)"]
        abi = { built = "0.9", needed = "0.9" }

        """
    }
}
