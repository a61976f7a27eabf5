// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioPackage
import BioSystem
import Glibc

/// A plugin unpacked beside its place, where nobody sees it: every file has been written by this process, with the
/// digest of what was written. It goes with this value unless it is put in its place.
package struct StagedPlugin: ~Copyable {
    /// As the user named it.
    package let source: String
    /// Where the files are now.
    package let directory: String
    package let manifest: PluginManifest
    package let list: PluginFileList
    /// What it came in; nil: no package.
    package let package: VouchedPackage?
    package let signature: PluginSignature?
    private let stage: TemporaryDirectory

    package struct VouchedPackage: Hashable, Sendable {
        package let ident: String
        package let key: PublicKey
    }

    /// Takes what lies in the stage for a plugin: it must be one, and what it lists must be what is there.
    init(
        _ content: consuming PluginStage, source: String, package: VouchedPackage? = nil
    ) throws {
        let base = try content.base(source)
        let directory = base.isEmpty ? content.directory : "\(content.directory)/\(base)"
        let path = "\(source)/\(PluginManifest.fileName)"
        guard let bytes = try PluginEvidenceReader.bytes(PluginManifest.fileName, in: directory) else {
            throw PluginInstallError.noPlugin(source: source)
        }
        let manifest = try PluginManifest(parsing: bytes, path: path)
        let list: PluginFileList
        do throws(PluginFileList.Refusal) {
            list = try PluginFileList(
                id: manifest.id, version: manifest.version, target: manifest.target, entries: content.entries(in: base))
        } catch { throw PluginInstallError.stranger(source: source, path: manifest.id, why: error.text) }
        guard list[manifest.library] != nil else {
            throw PluginInstallError.stranger(
                source: source, path: manifest.library, why: "is its library, and missing")
        }
        signature = try Self.signature(of: list, in: directory)
        self.source = source
        self.directory = directory
        self.manifest = manifest
        self.list = list
        self.package = package
        stage = content.end()
    }

    /// The signature that came with it, whoever made it; the list that it is over must be the true one.
    private static func signature(of list: PluginFileList, in directory: String) throws -> PluginSignature? {
        let signature = try PluginEvidenceReader.bytes(PluginSignature.fileName, in: directory)
        guard let listed = try PluginEvidenceReader.bytes(PluginFileList.fileName, in: directory) else {
            guard signature == nil else {
                throw PluginTrustError.badSignature(
                    plugin: list.id, "it has \(PluginSignature.fileName), but no \(PluginFileList.fileName)")
            }
            return nil
        }
        let shipped: PluginFileList
        do throws(PluginFileList.Refusal) { shipped = try PluginFileList(parsing: listed) } catch {
            throw PluginTrustError.badSignature(plugin: list.id, "\(error)")
        }
        try shipped.check(list)
        guard let signature else { return nil }
        guard let parsed = PluginSignature(parsing: signature) else {
            throw PluginTrustError.badSignature(
                plugin: list.id, "\(PluginSignature.fileName) is no signature that this bio reads")
        }
        return parsed
    }

    /// The key that vouches for it, held against the signature; nil: nobody does. Its own signature says more than that
    /// of the package that it came in.
    package func key(in rings: [KeyRing]) throws -> PublicKey? {
        guard let signature else { return package?.key }
        var found: PublicKey?
        for ring in rings where found == nil {
            do throws(KeyRingError) { found = try ring.publicKey(signature.key) } catch {
                guard case .missing = error else { throw error }
            }
        }
        guard let found else { throw PluginTrustError.unknownKey(plugin: list.id, key: signature.key) }
        guard signature.isGood(for: list, by: found) else {
            throw PluginTrustError.badSignature(
                plugin: list.id, "\(PluginSignature.fileName) is not the key \(found.name)'s signature of its files")
        }
        return found
    }

    /// What a runner gets to load before it is in its place.
    package var bundle: PluginBundle {
        PluginBundle(
            directory: directory, library: manifest.library, files: list, startsProcesses: manifest.startsProcesses)
    }
}
