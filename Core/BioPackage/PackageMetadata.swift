// SPDX-License-Identifier: Apache-2.0

/// What a package's metafiles say, read and checked once. Which file means what: `MetaFile`.
package struct PackageMetadata: Hashable, Sendable {
    /// A line `name=value`.
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }

        /// The value's words; text after a further `=` does not count (which is how binds are read).
        package var words: [String] {
            value.utf8.prefix { $0 != UInt8(ascii: "=") }.split(whereSeparator: MetaFileText.isBlank)
                .map { String(Substring($0)) }
        }
    }

    /// What sort of package it is. Composites were removed from Habitat in 2019; native packages came later.
    package enum PackageType: String, Hashable, Sendable {
        case standalone, composite, native
    }

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
    package let interpreters: [String]
    /// The services of a composite as its plan named them, and what they were resolved to.
    package let services: [PackageIdent]
    package let resolvedServices: [QualifiedIdent]
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
        let separator = target.system == "windows" ? UInt8(ascii: ";") : UInt8(ascii: ":")
        path = (reader.pieces(.path, separator: separator) ?? []).filter { Self.isOwn($0, ident) }
        runtimePath = reader.pieces(.runtimePath, separator: separator)
        runtimeEnvironment = try reader.entries(.runtimeEnvironment).filter { $0.name != "PATH" }
        serviceUser = try reader.account(.svcUser)
        serviceGroup = try reader.account(.svcGroup)
        shutdownSignal = try reader.signal()
        shutdownTimeout = try reader.seconds()
        interpreters = reader.lines(.interpreters)
        services = try reader.idents(.services)
        resolvedServices = try reader.qualifiedIdents(.resolvedServices)
        isService = reader.contains(.svcUser)
        raw = reader.raw
    }

    /// Whether `directory` is the package's own prefix or below it. Old packages list their dependencies' too.
    private static func isOwn(_ directory: String, _ ident: QualifiedIdent) -> Bool {
        func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\") }
        let components = directory.utf8.split(whereSeparator: isSlash).map { String(Substring($0)) }
        guard let first = directory.utf8.first, isSlash(first), components.count >= 6, !components.contains("..") else {
            return false
        }
        return Flavour.biome.readableRoots.contains(components[0]) && components[1] == "pkgs"
            && Array(components[2..<6]) == ident.pathComponents
    }
}
