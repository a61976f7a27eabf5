// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The install hooks of an image's packages. An export runs none: they stay for the supervisor, or count as done.
struct InstallHooks {
    private let packages: [Package]
    /// Of these a supervisor runs the hooks: no service needs the others, or there is no supervisor.
    private let loaded: [Package]
    private let options: ContainerOptions

    init(_ packages: ServicePackages, _ options: ContainerOptions) {
        self.packages = packages.all.filter { $0.roles.contains(.installHook) }
        loaded = options.runtime == .supervisor ? self.packages.filter(packages.isLoaded) : []
        self.options = options
    }

    /// What the user should know of them.
    var remarks: [(level: Host.LogLevel, text: String)] {
        if options.skipsInstallHooks {
            return Self.hooks(of: packages).map {
                [(.note, "\($0) will not run: the image says that it has run already")]
            } ?? []
        }
        var remarks: [(level: Host.LogLevel, text: String)] = []
        if let hooks = Self.hooks(of: loaded) {
            remarks.append((.note, "\(hooks) will run when the supervisor first loads the package"))
        }
        let others = packages.filter { package in !loaded.contains { $0.index == package.index } }
        if let hooks = Self.hooks(of: others) {
            let next = "run what it does yourself, or say --install-hooks skip"
            remarks.append((.warning, "nothing in the image runs \(hooks); \(next)"))
        }
        return remarks
    }

    /// Nil of no package.
    private static func hooks(of packages: [Package]) -> String? {
        if packages.isEmpty { return nil }
        return (packages.count == 1 ? "the install hook of " : "the install hooks of ")
            + packages.map(\.ident).joined(separator: ", ")
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
