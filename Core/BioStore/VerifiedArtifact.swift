// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioHart
import BioPackage
import BioSystem

/// An artifact whose signature and hash have been checked, about to be read through once more, to the end: what its
/// payload says then counts only when that is again what was signed, whoever writes to the file meanwhile.
struct VerifiedArtifact: ~Copyable {
    let archive: HartArchive
    let ident: QualifiedIdent
    private let verified: HartArchive.Verified
    private let target: PackageTarget
    private let passage: Passage
    private var payload: Payload

    var path: String { archive.path }

    /// Verifies the artifact in `path` and reads its payload as far as the package's name, which must be `expected`
    /// unless that is nil, and of the signer's origin.
    init(_ path: String, expected: QualifiedIdent?, for installer: PackageInstaller) throws(StoreError) {
        let root = installer.store.root
        let archive = try hart { () throws(HartError) in
            try HartArchive.open(path, cancellation: installer.cancellation)
        }
        let verified = try hart { () throws(HartError) in try archive.verify(keys: installer.keys) }
        let passage = Passage()
        var payload = try Payload(archive, passage, for: installer)
        let found = try payload.learnIdent()
        let ident = found.ident
        if let expected, expected != ident {
            throw .otherPackage(artifact: path, found: ident, expected: expected)
        }
        try hart { () throws(HartError) in try verified.checkSigner(of: ident, path: path) }
        guard found.root == root.flavour.rootDirectory else {
            throw .otherRoot(artifact: path, ident, found: found.root, expected: root.flavour.rootDirectory)
        }
        self.archive = archive
        self.ident = ident
        self.verified = verified
        self.passage = passage
        self.payload = payload
        target = installer.target
    }

    /// Writes the artifact to `file` while it is unpacked. A copy that fails is no reason to stop: `copyFailure` has it.
    func copy(to file: consuming FileDescriptor, path: String) { passage.copy(to: file, path: path) }

    /// Why the copy is not whole, once the package is unpacked.
    var copyFailure: SystemError? { passage.copyFailure }

    /// Unpacks the package below `directory`, which must be empty. A package for another target is refused as soon as
    /// its TARGET is met, before the rest is unpacked.
    mutating func extract(into directory: String) throws(StoreError) -> (
        receipt: Receipt, PackageMetadata, tree: String
    ) {
        passage.skipCopyUnlessBegun()
        let tree = try extractTree(into: directory)
        try checkKinds(tree)
        let own = String(decoding: tree.prefix, as: UTF8.self)
        let files: [MetaFile: [UInt8]]
        do throws(SystemError) { files = try MetaFileDirectory(path: "\(directory)/\(own)").contents() } catch {
            throw .system(error)
        }
        let metadata = try metadata(files)
        return (try receipt(tree, metadata, files), metadata, own)
    }

    /// The receipt that installing would write; nothing is unpacked.
    mutating func receipt() throws(StoreError) -> Receipt {
        passage.skipCopyUnlessBegun()
        let (tree, files) = try payload.survey()
        try checkKinds(tree)
        return try receipt(tree, try metadata(files), files)
    }

    private mutating func extractTree(into directory: String) throws(StoreError) -> Payload.Tree {
        let (path, ident, allowed) = (archive.path, ident, target)
        return try payload.extract(into: directory) { (file, place) throws(StoreError) in
            guard file == .target else { return }
            let found: PackageTarget?
            do throws(SystemError) { found = try MetaFileDirectory(path: place).target() } catch {
                throw .system(error)
            }
            // What is no target at all is named when all metafiles are read.
            if let found, found != allowed { throw .wrongTarget(artifact: path, ident, found: found, allowed: allowed) }
        }
    }

    /// A metafile that is a link could lead anywhere, and is never followed.
    private func checkKinds(_ tree: Payload.Tree) throws(StoreError) {
        for entry in tree.entries where entry.kind != .file {
            let name = String(decoding: entry.path.dropFirst(tree.prefix.count + 1), as: UTF8.self)
            if let file = MetaFile(rawValue: name) {
                throw .hart(.metafileKind(path: path, file, kind: entry.kind.noun))
            }
        }
    }

    /// What the metafiles say. IDENT must name the directory it lies in; the target must be allowed.
    private func metadata(_ files: [MetaFile: [UInt8]]) throws(StoreError) -> PackageMetadata {
        for required in [MetaFile.ident, .target] where files[required] == nil {
            throw .hart(.metafileMissing(path: path, required))
        }
        let metadata: PackageMetadata
        do throws(MetadataError) { metadata = try PackageMetadata(ident: ident, files: files) } catch {
            if case .identMismatch(let found, let expected) = error {
                throw .hart(.identMismatch(path: path, ident: found, prefix: expected))
            }
            throw .hart(.metadata(path: path, error))
        }
        guard metadata.target == target else {
            throw .wrongTarget(artifact: path, ident, found: metadata.target, allowed: target)
        }
        return metadata
    }

    private func receipt(
        _ tree: Payload.Tree, _ metadata: PackageMetadata, _ files: [MetaFile: [UInt8]]
    ) throws(StoreError) -> Receipt {
        guard let digests = passage.digests, digests.payload == verified.payloadHash else {
            let computed = passage.digests?.payload ?? verified.payloadHash
            throw .hart(.altered(path: path, expected: verified.payloadHash, computed: computed))
        }
        let entries = ReceiptEntries.sorted(tree.entries, prefix: tree.prefix)
        // They were read back from where they were unpacked.
        for (file, content) in files {
            guard let place = entries.index(of: Array(file.rawValue.utf8)),
                entries.content(of: entries[place])?.digest == Digest.blake2b256(of: content)
            else { throw .changed(path: file.rawValue, ident) }
        }
        return Receipt(
            ident: ident, target: metadata.target, artifactDigest: digests.artifact, payloadDigest: digests.payload,
            artifactSize: archive.size, signer: verified.signer, signature: archive.header.signature,
            metafiles: files, entries: entries)
    }
}

private func hart<R: ~Copyable>(_ body: () throws(HartError) -> R) throws(StoreError) -> R {
    do throws(HartError) { return try body() } catch {
        if case .system(let reason) = error, reason.errno == .cancelled { throw .cancelled }
        throw .hart(error)
    }
}
