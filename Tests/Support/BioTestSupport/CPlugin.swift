// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Synchronization

/// A plugin of Tests/Support/plugins, compiled by `cc`, in a directory of its own with a manifest.
package struct CPlugin: Sendable {
    package let directory: String
    package let library: String

    package struct Broken: Error, CustomStringConvertible {
        package let description: String
    }

    /// Compiles every C file of Tests/Support/plugins/`name`; the library comes into `directory`/`name`.
    ///
    /// - Parameters:
    ///   - variant: the part behind `VARIANT_` of the macro to define.
    ///   - id: what the manifest says.
    ///   - tools: programs that the manifest lists.
    ///   - link: more words for the compiler.
    package init(
        _ name: String, variant: String? = nil, id: String? = nil, tools: [String] = [], link: [String] = [],
        in directory: String
    ) throws {
        self.directory = "\(directory)/\(name)"
        library = "\(self.directory)/lib\(name).so"
        try Directory.create(self.directory)
        try AtomicFile.write(try Self.compiled(name, variant, link), to: library)
        let manifest = Self.manifest(id: id ?? "org.biome.test.\(name)", name: name)
        let list = tools.isEmpty ? "" : "tools = [\"\(tools.joined(separator: "\", \""))\"]\n"
        try AtomicFile.write(Array((manifest + list).utf8), to: "\(self.directory)/plugin.toml")
    }

    /// What was compiled already, by name and variant: a compiler takes longer than most tests.
    private static let libraries: Mutex<[String: [UInt8]]> = Mutex([:])

    /// Those without the list of exports: what they export is what they are about.
    private static let listless: Set<String?> = ["NO_ENTRY", "MORE_SYMBOLS", "UNIQUE_SYMBOL"]

    private static func compiled(_ name: String, _ variant: String?, _ link: [String]) throws -> [UInt8] {
        let key = ([name, variant ?? ""] + link).joined(separator: " ")
        if let library = libraries.withLock({ $0[key] }) { return library }
        let scratch = try Scratch()
        let sources = Repository.path("Tests/Support/plugins/\(name)")
        let files = try Directory.names(sources).map { String(decoding: $0, as: UTF8.self) }
            .filter { $0.hasSuffix(".c") }
        let flags = ["-std=c11", "-O1", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread"]
        let exports =
            listless.contains(variant)
            ? [] : ["-Wl,--version-script=\(Repository.path("plugin-sdk/exports.map"))"]
        let outcome = try Tool.run(
            ["cc"] + flags + exports + (variant.map { ["-DVARIANT_\($0)"] } ?? [])
                + ["-I\(Repository.path("plugin-sdk/include"))", "-o", scratch.file("lib.so")]
                + files.map { "\(sources)/\($0)" } + link)
        guard outcome.code == 0 else { throw Broken(description: outcome.errorText) }
        let library = try contents(of: scratch.file("lib.so"))
        libraries.withLock { $0[key] = library }
        return library
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
        abi = { built = "1.1", needed = "1.0" }

        """
    }
}
