// SPDX-License-Identifier: Apache-2.0

/// The files of one plugin, as a runner gets them.
package struct PluginBundle: Hashable, Sendable {
    /// Absolute: the directory that holds `plugin.toml` and all that belongs to the plugin.
    package var directory: String
    /// File name of the library, in that directory.
    package let library: String
    /// What its files must be when it is loaded; nil: nobody has said so, and the library is loaded from its place.
    package let files: PluginFileList?

    /// Its manifest says that it starts processes of its own.
    package let startsProcesses: Bool

    /// Why it must not run where the sandbox has a gap: a rule with its place; nil when it may.
    package var needsSandbox: String?

    package init(directory: String, library: String, files: PluginFileList? = nil, startsProcesses: Bool = false) {
        self.directory = directory
        self.library = library
        self.files = files
        self.startsProcesses = startsProcesses
    }

    /// The bundle around a library: the directory that it lies in.
    package init(libraryPath: String) {
        let slash = libraryPath.utf8.lastIndex(of: 0x2F)
        directory = slash.map { String(libraryPath[..<$0]) } ?? "."
        library = slash.map { String(libraryPath[libraryPath.utf8.index(after: $0)...]) } ?? libraryPath
        files = nil
        startsProcesses = false
    }

    package var libraryPath: String { "\(directory)/\(library)" }
}
