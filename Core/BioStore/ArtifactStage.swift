// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
import BioPackage
import BioSystem
import Glibc

/// Takes one artifact from its file to a `StagedPackage`: verified, unpacked, checked.
struct ArtifactStage {
    enum Result {
        case staged(StagedPackage)
        case present(InstalledPackage)
    }

    typealias Progress = (PackageInstaller.Event) throws(StoreError) -> Void

    let installer: PackageInstaller
    let cacheArtifacts: Bool

    private var root: FileSystemRoot { installer.store.root }

    /// `expected` is the package the artifact was chosen for; nil when the artifact itself was asked for.
    func stage(
        _ artifact: String, expected: QualifiedIdent?, progress: Progress
    ) throws(StoreError) -> Result {
        try progress(.verifying(artifact: artifact))
        let archive = try hart { () throws(HartError) in
            try HartArchive.open(artifact, flavour: root.flavour, cancellation: installer.cancellation)
        }
        let verified = try hart { () throws(HartError) in try archive.verify(keys: installer.keys) }
        let digests = VerifiedSource<FileSource>.Digests()
        var payload = try Payload(archive, digests, for: installer)
        let ident = try payload.learnIdent()
        if let expected, expected != ident {
            throw .otherPackage(artifact: artifact, found: ident, expected: expected)
        }
        if let package = installer.store.package(ident, target: installer.target) {
            try progress(.using(ident))
            return .present(package)
        }

        let directory = try makeDirectory(for: ident, progress)
        try progress(.unpacking(ident))
        let extracted = try payload.extract(into: directory.path)
        guard let payloadDigest = digests.payload, let artifactDigest = digests.artifact,
            payloadDigest == verified.payloadHash
        else {
            throw .hart(
                .altered(
                    path: artifact, expected: verified.payloadHash, computed: digests.payload ?? verified.payloadHash))
        }
        let metadata = try metadata(of: ident, in: directory, extracted, artifact: artifact)
        let receipt = Receipt(
            ident: ident, target: metadata.target, artifactDigest: artifactDigest, payloadDigest: payloadDigest,
            artifactSize: archive.size, signer: verified.signer,
            entries: ReceiptEntries.sorted(extracted.entries, prefix: extracted.prefix))
        let cachePath = try keep(archive, ident, digest: artifactDigest, in: directory)
        do throws(SystemError) {
            let tree = String(decoding: extracted.prefix, as: UTF8.self)
            return .staged(
                try StagedPackage(
                    metadata, in: directory, tree: tree, receipt: receipt, cachePath: cachePath, root: root))
        } catch { throw .system(error) }
    }

    private func makeDirectory(
        for ident: QualifiedIdent, _ progress: Progress
    ) throws(StoreError) -> InstallDirectory {
        let abandoned: [String]
        let directory: InstallDirectory
        do throws(SystemError) {
            abandoned = try InstallDirectory.removeAbandoned(of: ident, in: root)
            directory = try InstallDirectory(for: ident, in: root)
        } catch { throw .system(error) }
        for path in abandoned { try progress(.removedAbandoned(path: path)) }
        return directory
    }

    /// Reads the metafiles of what was unpacked. IDENT must name the directory it lies in; the target must be allowed.
    private func metadata(
        of ident: QualifiedIdent, in directory: InstallDirectory, _ extracted: Payload.Extracted, artifact: String
    ) throws(StoreError) -> PackageMetadata {
        for entry in extracted.entries where entry.kind != .file {
            let name = String(decoding: entry.path.dropFirst(extracted.prefix.count + 1), as: UTF8.self)
            if let file = MetaFile(rawValue: name) {
                throw .hart(.metafileKind(path: artifact, file, kind: entry.kind.noun))
            }
        }
        let tree = MetaFileDirectory(path: directory.path + "/" + String(decoding: extracted.prefix, as: UTF8.self))
        let files: [MetaFile: [UInt8]]
        do throws(SystemError) { files = try tree.contents() } catch { throw .system(error) }
        for required in [MetaFile.ident, .target] where files[required] == nil {
            throw .hart(.metafileMissing(path: artifact, required))
        }
        let metadata: PackageMetadata
        do throws(MetadataError) { metadata = try PackageMetadata(ident: ident, files: files) } catch {
            if case .identMismatch(let found, let expected) = error {
                throw .hart(.identMismatch(path: artifact, ident: found, prefix: expected))
            }
            throw .hart(.metadata(path: artifact, error))
        }
        guard metadata.target == installer.target else {
            throw .wrongTarget(artifact: artifact, ident, found: metadata.target, allowed: installer.target)
        }
        return metadata
    }

    /// Copies the artifact beside the unpacked tree, from where it goes to the cache, unless it is in the cache already
    /// or none is wanted. The copy must be what was unpacked.
    /// - Returns: its path in the cache.
    private func keep(
        _ archive: borrowing HartArchive, _ ident: QualifiedIdent, digest: Digest, in directory: InstallDirectory
    ) throws(StoreError) -> String? {
        guard cacheArtifacts else { return nil }
        let path = installer.cache.path(ident, target: installer.target)
        let draft = "\(directory.path)/\(StagedPackage.artifactDraft)"
        let copied: Digest
        do throws(SystemError) {
            if try isSame(archive, as: path) { return nil }
            _ = try directory.makeFile(StagedPackage.artifactDraft)
            let source = try FileDescriptor.open(archive.path)
            let copy = try FileDescriptor.open(draft, O_RDWR)
            try source.copyAll(to: copy, path: draft)
            copied = try Digest.blake2b256(ofFile: copy, path: draft)
        } catch { throw .system(error) }
        guard copied == digest else { throw .hart(.altered(path: archive.path, expected: digest, computed: copied)) }
        return path
    }

    /// Whether the artifact is the very file `path`.
    private func isSame(_ archive: borrowing HartArchive, as path: String) throws(SystemError) -> Bool {
        guard let there = try FileStatus.of(path) else { return false }
        do throws(Errno) {
            let own = try archive.file.status()
            return own.inode == there.inode && own.device == there.device
        } catch { throw SystemError("look at", archive.path, error) }
    }

    private func hart<R: ~Copyable>(_ body: () throws(HartError) -> R) throws(StoreError) -> R {
        do throws(HartError) { return try body() } catch { throw .hart(error) }
    }
}
