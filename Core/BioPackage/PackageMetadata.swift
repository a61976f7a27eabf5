// SPDX-License-Identifier: Apache-2.0

/// What a package's metafiles say, read and checked once. Which file means what: `MetaFile`.
package struct PackageMetadata: Hashable, Sendable {
    package let ident: QualifiedIdent
    package let target: PackageTarget
    package let type: PackageType
    package let deps: [QualifiedIdent]
    package let tdeps: [QualifiedIdent]
    package let buildDeps: [QualifiedIdent]
    package let buildTdeps: [QualifiedIdent]
    /// The ports of EXPOSES in file order; what is no port (1…65535) is left out, as upstream does.
    package let exposes: [UInt16]
    package let exports: [Entry]
    package let binds: [Entry]
    package let bindsOptional: [Entry]
    /// The directories of PATH that lie below the package's own prefix, as the file writes them.
    package let path: [String]
    /// nil when the file is missing: then the path is made of the PATHs of the package and its dependencies.
    package let runtimePath: [String]?
    /// RUNTIME_ENVIRONMENT without its copy of PATH, in file order.
    package let runtimeEnvironment: [Entry]
    package let serviceUser: String?
    package let serviceGroup: String?
    /// Without `SIG`, as in `QUIT`.
    package let shutdownSignal: String?
    /// Seconds.
    package let shutdownTimeout: UInt32?
    /// RUNTIME_ENVIRONMENT_PATHS: variables whose directories move with the file system root (Windows builders).
    package let runtimeEnvironmentPaths: [PathVariable]
    /// Absolute paths of the interpreters that the package offers.
    package let interpreters: [String]
    /// The services of a composite as its plan named them, and what they were resolved to.
    package let services: [PackageIdent]
    package let resolvedServices: [QualifiedIdent]
    /// RUNTIME_SANDBOX: the profile that macOS confines the package with.
    package let runtimeSandbox: String?
    /// The description that the package builder wrote, in Markdown.
    package let manifest: String?
    /// `default.toml` as it stands.
    package let defaultConfiguration: String?
    /// Whether the package is a service: whether SVC_USER is there.
    package let isService: Bool
    /// Every given file but FILES, white space at both ends removed.
    package let raw: [MetaFile: String]

    /// Signals that SHUTDOWN_SIGNAL may name.
    package static let shutdownSignals: Set<String> = [
        "HUP", "INT", "QUIT", "ILL", "ABRT", "FPE", "KILL", "USR1", "SEGV", "USR2", "ALRM", "TERM", "CHLD",
    ]

    /// Reads the metafiles of `ident`. TARGET must be there; IDENT may be missing (a caller that reads an archive
    /// refuses that itself), but when it is there it must say `ident`. Every other file may be missing.
    package init(ident: QualifiedIdent, files: [MetaFile: [UInt8]]) throws(MetadataError) {
        let reader = try MetaFileReader(files)
        if let found = try reader.singleIdent(.ident), found != ident {
            throw .identMismatch(found: found, expected: ident)
        }
        self.ident = ident
        target = try reader.target(of: ident)
        type = try reader.type()
        deps = try reader.qualifiedIdents(.deps)
        tdeps = try reader.qualifiedIdents(.tdeps)
        buildDeps = try reader.qualifiedIdents(.buildDeps)
        buildTdeps = try reader.qualifiedIdents(.buildTdeps)
        exposes = reader.ports(.exposes)
        exports = try reader.entries(.exports)
        binds = try reader.entries(.binds)
        bindsOptional = try reader.entries(.bindsOptional)
        let environment = try reader.entries(.runtimeEnvironment)
        path = reader.path(in: environment, target).filter { Self.isOwn($0, ident) }
        runtimePath = reader.pieces(.runtimePath, separator: target.pathSeparator)
        runtimeEnvironment = environment.filter { $0.name != "PATH" }
        runtimeEnvironmentPaths = try reader.pathVariables(.runtimeEnvironmentPaths)
        serviceUser = try reader.account(.svcUser)
        serviceGroup = try reader.account(.svcGroup)
        shutdownSignal = try reader.signal()
        shutdownTimeout = try reader.seconds()
        interpreters = reader.lines(.interpreters)
        services = try reader.idents(.services)
        resolvedServices = try reader.qualifiedIdents(.resolvedServices)
        runtimeSandbox = reader.text(.runtimeSandbox)
        manifest = reader.text(.manifest)
        defaultConfiguration = reader.text(.defaultToml)
        isService = reader.contains(.svcUser)
        raw = reader.raw
    }

    /// What plans that depend on the package build with. Nobody who installs or runs it reads these files, so what is
    /// wrong in them is found here and not before.
    package func buildSettings() throws(MetadataError) -> BuildSettings {
        try BuildSettings(try reader(), separator: target.pathSeparator)
    }

    /// BIND_MAP of a composite, which nothing acts on any more: read when asked for, as `buildSettings`.
    package func bindMap() throws(MetadataError) -> [ServiceBinds] { try reader().serviceBinds() }

    private func reader() throws(MetadataError) -> MetaFileReader {
        try MetaFileReader(raw.mapValues { Array($0.utf8) })
    }

    /// Whether `directory` is the package's own prefix or below it. Old packages list their dependencies' too.
    private static func isOwn(_ directory: String, _ ident: QualifiedIdent) -> Bool {
        func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
        let components = directory.utf8.split(whereSeparator: isSlash).map { String(Substring($0)) }
        guard let first = directory.utf8.first, isSlash(first), !components.contains("..") else { return false }
        return Flavour.readableRoots.contains { root in
            components.starts(with: root + ["pkgs"] + ident.pathComponents)
        }
    }
}
