// SPDX-License-Identifier: Apache-2.0

package import BioGraph
package import BioPackage

/// What one export is asked to do, resolved: the values behind `bio_job`.
package struct ExportJob: Sendable {
    /// In layer order.
    package var packages: [ExportPackage]
    package var graph: DependencyGraph
    /// One for each option of the format's table, in its order.
    package var values: [OptionValue]
    /// The file name that the user wants for the primary artifact; nil: the format names it.
    package var outputName: String?
    package var target: PackageTarget
    /// Seconds since 1970; the only time that may appear in an artifact.
    package var sourceDateEpoch: Int64

    package init(
        packages: [ExportPackage], graph: DependencyGraph, values: [OptionValue], outputName: String?,
        target: PackageTarget, sourceDateEpoch: Int64
    ) {
        self.packages = packages
        self.graph = graph
        self.values = values
        self.outputName = outputName
        self.target = target
        self.sourceDateEpoch = sourceDateEpoch
    }
}

extension ExportJob {
    /// The packages that the user named, in his order.
    package var roots: [ExportPackage] { graph.roots.map { packages[$0] } }

    /// The package that an image gets its name from: the first service that the user named, else the first package.
    package var primary: ExportPackage { roots.first { $0.roles.contains(.service) } ?? roots[0] }
}

/// A package of the closure with what plugins may know of it (`bio_package`).
package struct ExportPackage: Sendable {
    package struct Roles: OptionSet, Hashable, Sendable {
        package let rawValue: UInt32
        package init(rawValue: UInt32) { self.rawValue = rawValue }
        package static let root = Roles(rawValue: 1 << 0)
        package static let base = Roles(rawValue: 1 << 1)
        package static let service = Roles(rawValue: 1 << 2)
        package static let unverified = Roles(rawValue: 1 << 3)
        package static let installHook = Roles(rawValue: 1 << 4)
        package static let cli = Roles(rawValue: 1 << 8)
        package static let supervisor = Roles(rawValue: 1 << 9)
        package static let launcher = Roles(rawValue: 1 << 10)
        package static let shell = Roles(rawValue: 1 << 11)
        package static let certificates = Roles(rawValue: 1 << 12)
    }

    package struct Metafile: Hashable, Sendable {
        package let name: String
        package let text: String
        package init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    package let ident: QualifiedIdent
    package var roles: Roles
    package let target: PackageTarget
    /// `hab/pkgs/origin/name/version/release`
    package let prefix: String
    /// `blake2b-256:…` of the whole artifact; empty when unverified.
    package let artifactDigest: String
    /// The origin key, `name-revision`; empty when unverified.
    package let signer: String
    private let list: PackageFiles
    /// By name bytes.
    package let metadata: [Metafile]
    /// Of a root, as the user named it; of an artifact, the ident without version and release. Else empty.
    package var requested = ""
    /// A base package that a format names without a role, or needed by such a one alone: other formats do not have it.
    package var isFormatsOwn = false
    /// What the origin key signed, with its signature: of the artifact's header (`HartHeader.signature`). Nil where
    /// nobody kept it.
    package var signature: [UInt8]?

    package init(
        ident: QualifiedIdent, roles: Roles, target: PackageTarget, prefix: String, artifactDigest: String,
        signer: String, files: PackageFiles, metadata: [Metafile]
    ) {
        self.ident = ident
        self.roles = roles
        self.target = target
        self.prefix = prefix
        self.artifactDigest = artifactDigest
        self.signer = signer
        list = files
        self.metadata = metadata
    }

    /// By path bytes. Empty when they cannot be read, which `readFiles` tells: it comes first.
    package var files: [PackageFile] { (try? list.all()) ?? [] }

    /// Reads `files` unless that has been done.
    package func readFiles() throws(ServiceError) {
        do { _ = try list.all() } catch {
            throw ServiceError(.io, "cannot read the receipt of '\(ident)': \(error)", hint: "install it again")
        }
    }

    package var fileCount: Int { list.count }

    /// Bytes of all regular files.
    package var installedSize: UInt64 { list.contentSize }
}

/// The parsed value of an option (`bio_value`).
package struct OptionValue: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case unset
        case flag(Bool)
        case integer(Int64)
        /// A string, path, choice or compression; `kind` is the option's number in the header.
        case text(String, kind: UInt32)
        case list([String])
    }
    package enum Source: UInt32, Sendable { case standard = 0, commandLine, environment }

    /// BIO_KIND_STRING and BIO_KIND_PATH.
    package static let stringKind: UInt32 = 3
    package static let pathKind: UInt32 = 4

    package let content: Content
    package let source: Source

    package init(_ content: Content, source: Source = .standard) {
        self.content = content
        self.source = source
    }
}
