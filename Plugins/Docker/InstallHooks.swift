// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// The install hooks of an image's packages. An export runs none: they stay for the supervisor, or count as done.
struct InstallHooks {
    private let packages: [Package]
    private let options: ContainerOptions

    init(_ packages: ImagePackages, _ options: ContainerOptions) {
        self.packages = packages.all.filter { $0.roles.contains(.installHook) }
        self.options = options
    }

    /// What the user should know of them; nil when there is none.
    var remark: (level: Host.LogLevel, text: String)? {
        guard !packages.isEmpty else { return nil }
        let hooks =
            (packages.count == 1 ? "the install hook of " : "the install hooks of ")
            + packages.map(\.ident).joined(separator: ", ")
        switch (options.skipsInstallHooks, options.runtime) {
        case (true, _): return (.note, "\(hooks) will not run: the image says that it has run already")
        case (false, .supervisor): return (.note, "\(hooks) will run when the supervisor first loads the package")
        case (false, .none):
            return (
                .warning,
                "nothing in the image runs \(hooks); run what it does yourself, or say --install-hooks skip"
            )
        }
    }

    /// Where hooks are skipped, the file by which a supervisor knows that one has run.
    func write(to tree: RootFilesystem, _ host: Host) throws(ExportFailure) {
        guard options.skipsInstallHooks else { return }
        for package in packages {
            // This layer lies over the package's: its directory keeps its mode.
            let mode = try host.file(at: [], of: package)?.mode ?? 0o755
            try tree.addDirectory(at: package.prefix, mode: mode | (mode & 0o700) >> 3)
            try tree.addFile(at: "\(package.prefix)/INSTALL_HOOK_STATUS", mode: 0o644, Array("0".utf8))
        }
    }
}
