// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioAttestation
import BioCrypto
import BioDocument
import BioExport
import BioGraph
import BioHTTP
import BioHart
import BioOCI
import BioPackage
import BioPluginHost
import BioRegistry
import BioStore
import BioSupervisor
import BioSystem
import BioTemplate
import BioTrust

/// The one table from what modules throw to what users see.
extension CommandFailure {
    package init(mapping error: any Error) {
        switch error {
        case let error as CommandFailure: self = error
        case let error as CommandLineParser.Failure: self.init(error)
        case let error as UsageError: self.init(.usage, error.message, hint: error.hint)
        case let error as CommandSpec.Conflict: self.init(.plugin, error.description)
        case let error as SystemError:
            if error.errno == .cancelled {
                self = .interrupted
            } else {
                self.init(.failure, error.description, hint: error.hint)
            }
        case let error as Errno: self.init(.failure, error.description)
        case let error as DocumentError: self.init(.failure, error.description, hint: error.hint)
        case let error as TOMLWriter.Refusal: self.init(.failure, "cannot write TOML: \(error)")
        case let error as TemplateError: self.init(.failure, error.description, hint: error.hint)
        case let error as PackageIdent.ParseError: self.init(.usage, error.description, hint: error.hint)
        case let error as Origin.ParseError: self.init(.usage, error.description, hint: error.hint)
        case let error as PackageTarget.ParseError: self.init(.failure, error.description, hint: error.hint)
        case let error as Flavour.UnknownName: self.init(.usage, error.description, hint: error.hint)
        case let error as MetadataError: self.init(.failure, error.description, hint: error.hint)
        case let error as KeyName.ParseError: self.init(.usage, error.description)
        case let error as Digest.ParseError: self.init(.failure, error.description)
        case let error as KeyError: self.init(error)
        case let error as KeyRingError: self.init(error)
        case let error as ArchiveError: self.init(error)
        case let error as HartError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as ReceiptError: self.init(error)
        case let error as BinlinkError: self.init(error)
        case let error as SupervisorError: self.init(error)
        case let error as DirectError: self.init(error)
        case let error as ServiceRefusal: self.init(error)
        case let error as GraphError: self.init(error)
        case let error as ExportError: self.init(error)
        case let error as ImageReference.ParseError: self.init(.usage, error.description, hint: error.hint)
        case let error as ImageLocation.ParseError: self.init(.usage, error.description, hint: error.hint)
        case let error as ImageError: self.init(error)
        case let error as EngineError: self.init(error)
        case let error as HTTPError: self.init(error)
        case let error as CredentialError: self.init(error)
        case let error as AmazonError: self.init(error)
        case let error as CertificateError: self.init(.failure, error.description, hint: error.hint)
        case let error as RegistryError: self.init(error)
        case let error as ImageFilesError: self.init(error)
        case let error as TrustPolicyError: self.init(.trust, error.description, hint: error.hint)
        case let error as PlacementError: self.init(.failure, error.description, hint: error.hint)
        case let error as PluginError: self.init(error)
        case let error as ChildExportError: self.init(error)
        case let error as ServiceError: self.init(Self.kind(of: error), error.description, hint: error.hint)
        case let error as PluginCatalog.LookupError:
            let kind: Kind = if case .unknown = error { .failure } else { .plugin }
            self.init(kind, error.description, hints: error.hints)
        case let error as PluginProjectError: self.init(error)
        case let error as PluginManifest.Refusal: self.init(.plugin, error.description)
        case let error as PluginFileList.Refusal: self.init(.trust, error.description)
        case let error as PluginTrustError: self.init(.trust, error.description, hint: error.hint)
        case let error as PluginInstallError: self.init(error)
        case let error as PolicyFile.Refusal:
            self.init(.plugin, error.description, hint: error.hint)
        case let error as LayerError: self.init(error)
        case let error as EnvelopeError: self.init(.trust, error.description, hint: error.hint)
        case let error as AttestationError: self.init(.failure, error.description, hint: error.hint)
        case let error as StatementError: self.init(.trust, error.description, hint: error.hint)
        case let error as OptionRefusal: self.init(.usage, error.description, hint: error.hint)
        case let error as ImageNamingError: self.init(.usage, error.description, hint: error.hint)
        case let error as RegistryPlaceError: self.init(.usage, error.description, hint: error.hint)
        case is ExportCancelled: self = .interrupted
        default: self.init(.failure, String(describing: error))
        }
    }

    private init(_ failure: CommandLineParser.Failure) {
        let command = failure.path.joined(separator: " ")
        self.init(
            .usage, failure.error.message, hints: [failure.error.hint, "see '\(command) --help'"].compactMap { $0 })
    }
}

// MARK: - Errors whose cases end differently

extension CommandFailure {
    private init(_ error: PluginInstallError) {
        let kind: Kind =
            switch error {
            case .noPlugin, .severalPlugins, .stranger, .tooLarge, .disagree, .otherTarget, .otherABI, .bundled: .plugin
            case .present, .absent, .notInstalledHere, .older, .noSource, .declined: .failure
            }
        self.init(kind, error.description, hint: error.hint)
    }

    private init(_ error: KeyError) {
        let kind: Kind =
            switch error {
            case .noRandomness: .failure
            case .tooLong, .incomplete, .wrongMagic, .badName, .unexpectedText, .undecodable, .wrongSize,
                .inconsistent:
                .trust
            }
        self.init(kind, error.description)
    }

    private init(_ error: KeyRingError) {
        switch error {
        case .system(let cause): self.init(mapping: cause)
        case .importRefused(let cause): self.init(mapping: cause)
        case .missing, .noKey, .unusable, .otherName, .otherKind, .notAFile, .conflict:
            self.init(.trust, error.description, hint: error.hint)
        }
    }

    private init(_ error: ArchiveError) {
        switch error {
        case .system(let cause): self.init(mapping: cause)
        case .cancelled: self = .interrupted
        case .content: self.init(.trust, error.description, hint: error.hint)
        default: self.init(.failure, error.description, hint: error.hint)
        }
    }
}

extension CommandFailure {
    private init(_ error: PluginProjectError) {
        switch error {
        case .name, .format, .id, .license: self.init(.usage, error.description, hint: error.hint)
        case .exists, .noTemplates: self.init(.failure, error.description, hint: error.hint)
        case .system(let cause): self.init(mapping: cause)
        }
    }

    private init(_ error: HartError) {
        switch error {
        case .system(let cause): self.init(mapping: cause)
        case .payload(_, .cancelled): self = .interrupted
        default: self.init(error.isDistrust ? .trust : .failure, error.description, hint: error.hint)
        }
    }

    private init(_ error: BinlinkError) {
        switch error {
        case .system(let cause): self.init(mapping: cause)
        case .occupied, .outside: self.init(.failure, error.description, hint: error.hint)
        }
    }

    private init(_ error: StoreError) {
        switch error {
        case .hart(let cause): self.init(mapping: cause)
        case .system(let cause): self.init(mapping: cause)
        case .cancelled, .extraction(_, .cancelled): self = .interrupted
        case .dependenciesMissing: self.init(.packageNotFound, error.description, hint: error.hint)
        case .receipt(let cause, _): self.init(Self.kind(of: cause), error.description, hint: error.hint)
        case .changed: self.init(.trust, error.description, hint: error.hint)
        case .extraction, .wrongTarget, .otherPackage, .otherRoot, .occupied, .metadata, .needed:
            self.init(.failure, error.description, hint: error.hint)
        }
    }
}

extension CommandFailure {
    private init(_ error: ReceiptError) { self.init(Self.kind(of: error), error.description, hint: error.hint) }

    /// A receipt is what vouches for an installed package: one that is not whole vouches for nothing.
    private static func kind(of error: ReceiptError) -> Kind {
        switch error {
        case .altered, .badLine, .otherPackage: .trust
        case .unknownFormat, .tooLarge, .system: .failure
        }
    }

    private init(_ error: PluginError) {
        let kind: Kind =
            switch error.problem {
            case .service(_, let refusal): Self.kind(of: refusal)
            // The plugin does not like what the user chose: options, or packages.
            case .failed(.validate, let failure) where failure.subjectKind == .option: .usage
            // What an export that it asks for would make is known then only.
            case .failed(.plan, let failure) where failure.subjectKind == .option: .usage
            case .failed(.validate, let failure) where failure.code == ServiceError.Code.invalid.rawValue:
                failure.subjectKind == .none ? .usage : .failure
            case .runnerBroken: .failure
            default: .plugin
            }
        self.init(kind, error.description, hint: error.hint)
    }

    private init(_ error: ChildExportError) {
        switch error.problem {
        case .unavailable(let cause), .refused(let cause), .failed(let cause):
            let failure = CommandFailure(mapping: cause)
            self.init(
                failure.kind,
                "the format '\(error.parent)' needs an export as '\(error.format)': \(failure.message)",
                hints: failure.hints + [error.advice].compactMap { $0 })
        case .nameTaken, .placeTaken: self.init(.usage, error.description, hint: error.hint)
        case .cycle, .tooDeep, .tooMany, .noImage, .noRoot: self.init(.plugin, error.description, hint: error.hint)
        }
    }

    /// What the host could not do for a plugin is not the plugin's fault.
    private static func kind(of error: ServiceError) -> Kind {
        switch error.fault {
        case .package: .trust
        case .machine: .failure
        case .plugin: error.code == .cancelled ? .interrupted : .plugin
        }
    }
}

extension CommandFailure {
    private init(_ error: GraphError) {
        switch error {
        case .missing: self.init(.packageNotFound, error.description, hint: error.hint)
        case .conflict, .cycle: self.init(.failure, error.description, hint: error.hint)
        }
    }

    private init(_ error: ExportError) {
        switch error {
        case .notFound, .baseMissing, .notInstalled: self.init(.packageNotFound, error.description, hint: error.hint)
        case .changed: self.init(.trust, error.description, hint: error.hint)
        case .notExportable, .noPackage: self.init(.failure, error.description, hint: error.hint)
        }
    }
}

extension CommandFailure {
    private init(_ error: EngineError) {
        switch error {
        case .http(let cause): self.init(mapping: cause)
        case .unsupportedHost, .badTimeout: self.init(.usage, error.description, hint: error.hint)
        case .refused, .otherImage: self.init(.remote, error.description, hint: error.hint)
        case .absent, .forbidden, .silent, .died, .malformed, .noImage, .unnamed, .layerLength:
            self.init(.failure, error.description, hint: error.hint)
        }
    }

    private init(_ error: HTTPError) {
        switch error {
        case .cancelled: self = .interrupted
        case .certificate: self.init(.trust, error.description, hint: error.hint)
        default: self.init(.failure, error.description, hint: error.hint)
        }
    }

    private init(_ error: RegistryError) {
        switch error {
        case .http(let cause): self.init(mapping: cause)
        case .refused, .unauthorized, .redirect: self.init(.remote, error.description, hint: error.hint)
        case .otherContent: self.init(.trust, error.description, hint: error.hint)
        case .missing, .malformed, .plainHTTP, .noPlatform: self.init(.failure, error.description, hint: error.hint)
        }
    }
}

extension CommandFailure {
    private init(_ error: ImageError) {
        switch error {
        case .system(let cause): self.init(mapping: cause)
        case .archive(_, .cancelled): self = .interrupted
        case .blobDigest: self.init(.trust, error.description, hint: error.hint)
        default: self.init(.failure, error.description, hint: error.hint)
        }
    }

    private init(_ error: LayerError) {
        switch error {
        case .cache(let cause) where cause.errno == .cancelled: self = .interrupted
        case .compression: self.init(.usage, error.description, hint: error.hint)
        case .differs, .unsafeCache: self.init(.trust, error.description, hint: error.hint)
        case .cache: self.init(.failure, error.description, hint: error.hint)
        }
    }

    private init(_ error: ImageFilesError) {
        switch error {
        case .layer(_, _, .cancelled): self = .interrupted
        case .otherContent, .layer(_, _, .content): self.init(.trust, error.description, hint: error.hint)
        case .noLayers, .layer: self.init(.failure, error.description, hint: error.hint)
        }
    }
}

extension CommandFailure {
    private init(_ error: CredentialError) {
        switch error {
        case .cancelled: self = .interrupted
        case .system(let cause): self.init(mapping: cause)
        case .variableAlone, .variableUnknown, .variableHost: self.init(.usage, error.description, hint: error.hint)
        case .file, .missingFile, .helperName, .helperMissing, .helperFailed, .helperKilled, .helperSlow,
            .helperNonsense, .unsendable:
            self.init(.failure, error.description, hint: error.hint)
        }
    }
}

extension CommandFailure {
    private init(_ error: AmazonError) {
        let kind: Kind =
            switch error {
            case .noKeys, .unsendable, .noRegion, .region, .endpoint: .usage
            case .refused, .malformed: .remote
            }
        self.init(kind, error.description, hint: error.hint)
    }
}
