// SPDX-License-Identifier: Apache-2.0

package import BioPackage
import BioSystem

/// The variables that a package's programs and hooks run with (package-model: 5 "Environment of a package").
///
/// RUNTIME_ENVIRONMENT without its PATH; PATH from RUNTIME_PATH or, where that file is missing, from the PATHs of the
/// package, its DEPS and its TDEPS; over that RUNTIME_ENVIRONMENT_PATHS, whose directories move with the root.
package struct PackageEnvironment: Sendable {
    /// In byte order of their names; no name twice.
    package let variables: [(name: String, value: String)]
    /// The directories of PATH, as the package writes them: those of `/`, whatever the root is.
    package let path: [String]

    /// The environment of an installed package. Its dependencies are looked at only when RUNTIME_PATH is missing, and
    /// must be installed then. With `callerSetsCertificates` SSL_CERT_FILE is left out, so that the caller's counts.
    package init(
        of package: InstalledPackage, in store: PackageStore, callerSetsCertificates: Bool = false
    ) throws(StoreError) {
        let metadata = try package.metadata()
        var missing: [QualifiedIdent] = []
        try self.init(
            metadata, root: store.root, callerSetsCertificates: callerSetsCertificates
        ) { (ident) throws(StoreError) in
            let found: InstalledPackage?
            do throws(SystemError) { found = try store.package(ident, target: metadata.target) } catch {
                throw .system(error)
            }
            if found == nil { missing.append(ident) }
            return try found?.metadata().path ?? []
        }
        if !missing.isEmpty { throw .dependenciesMissing(missing, of: package.ident, searched: []) }
    }

    /// The same from what metafiles say; `pathOf` gives the PATH of a dependency.
    package init<Failure: Error>(
        _ metadata: PackageMetadata, root: FileSystemRoot, callerSetsCertificates: Bool = false,
        pathOf: (QualifiedIdent) throws(Failure) -> [String]
    ) throws(Failure) {
        path = try Self.path(metadata, pathOf)
        let separator = String(UnicodeScalar(metadata.target.pathSeparator))
        var values: [String: String] = [:]
        for entry in metadata.runtimeEnvironment { values[entry.name] = entry.value }
        if !path.isEmpty { values["PATH"] = path.joined(separator: separator) }
        for variable in metadata.runtimeEnvironmentPaths {
            values[variable.name] = variable.directories.map(root.rooted).joined(separator: separator)
        }
        if callerSetsCertificates { values["SSL_CERT_FILE"] = nil }
        variables = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map { ($0.key, $0.value) }
    }

    /// The value of a variable; nil when the package does not set it.
    package subscript(name: String) -> String? { variables.first { $0.name == name }?.value }

    private static func path<Failure: Error>(
        _ metadata: PackageMetadata, _ pathOf: (QualifiedIdent) throws(Failure) -> [String]
    ) throws(Failure) -> [String] {
        if let path = metadata.runtimePath { return path }
        var directories = metadata.path
        var packages: Set<QualifiedIdent> = [metadata.ident]
        for dependency in metadata.deps + metadata.tdeps where packages.insert(dependency).inserted {
            directories += try pathOf(dependency)
        }
        var seen: Set<String> = []
        return directories.filter { seen.insert($0).inserted }
    }
}
