// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioSystem
import Glibc

/// All that is known of a plugin before it is decided what becomes of it: from its manifest and the files beside it,
/// never from its library.
package struct PluginCandidate: Hashable, Sendable {
    package let directory: String
    package let place: PluginPlace
    /// Nil when it cannot be read.
    package let manifest: PluginManifest?
    /// Why there is no manifest.
    let problem: PluginManifest.Refusal?
    package let provenance: PluginProvenance
    /// The digest of the list of its files: what a pin names.
    package let contents: Digest?
    let hasLibrary: Bool
    /// A service that all its formats need and that this host lacks, as far as the description beside it tells.
    let missingNeed: String?

    init(_ directory: String, in place: PluginPlace, _ evidence: inout PluginEvidenceReader) {
        self.directory = directory
        self.place = place
        do throws(PluginManifest.Refusal) {
            let manifest = try PluginManifest.read(in: directory)
            self.manifest = manifest
            problem = nil
            provenance = evidence.provenance(
                of: manifest, in: directory, place: place.directory, standing: place.standing)
            contents = provenance.files?.digest
            hasLibrary = (try? FileStatus.of("\(directory)/\(manifest.library)"))??.kind == .file
            missingNeed = DescriptionFile.missingNeed(in: directory)
        } catch {
            manifest = nil
            problem = error
            provenance = PluginProvenance(.unsigned)
            contents = nil
            hasLibrary = false
            missingNeed = nil
        }
    }

    /// A plugin that is about to be installed into `place`, as if whoever installs it had accepted `key`, or its bytes.
    package init(_ staged: borrowing StagedPlugin, key: PublicKey?, into place: PluginPlace) {
        self.place = place
        let manifest = staged.manifest
        directory = "\(place.directory)/\(manifest.id)"
        self.manifest = manifest
        problem = nil
        let name = key.map { "\($0.name)" }
        let evidence: PluginEvidence
        switch (name, staged.package?.ident, staged.signature) {
        case (let name?, let package?, nil): evidence = .installed(from: package, key: name)
        case (let name?, _, _): evidence = .signed(key: name)
        case (nil, _, _): evidence = .unsigned
        }
        provenance = PluginProvenance(evidence, name.map { .key($0) } ?? .unsigned, files: staged.list)
        contents = staged.list.digest
        hasLibrary = true
        missingNeed = nil
    }

    /// What rules match it by.
    package var subject: PluginPolicy.Subject? {
        manifest.map { PluginPolicy.Subject(id: $0.id, isBundled: provenance.evidence == .bundled) }
    }

    /// BLAKE2b-256 of the library: from the list of its files, else of its bytes.
    package var libraryDigest: Digest? {
        guard let manifest else { return nil }
        return PluginBundle(directory: directory, library: manifest.library, files: provenance.files).libraryDigest
    }
}

extension PluginBundle {
    /// BLAKE2b-256 of the library: from the list of its files, else of its bytes; nil when they cannot be read.
    package var libraryDigest: Digest? {
        if let entry = files?[library] { return entry.digest }
        guard let file = try? FileDescriptor.open(libraryPath, O_RDONLY | O_NONBLOCK),
            (try? file.status())?.kind == .file
        else { return nil }
        return try? Digest.blake2b256(ofFile: file, path: libraryPath)
    }
}
