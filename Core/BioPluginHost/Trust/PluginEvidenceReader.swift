// SPDX-License-Identifier: Apache-2.0

package import BioCrypto
import BioPackage
import BioSystem
import Glibc

/// How much a place itself says of what lies in it.
package enum PlaceStanding: Hashable, Sendable {
    /// Named by the user for this run.
    case developer
    /// Beside this program, and nobody else puts plugins there.
    case bundled
    /// Beside this program, and sites put theirs there too: `/usr/local/lib`, `/usr/lib`.
    case shared
    case foreign
}

/// Finds out where plugins come from: reads lists, signatures and receipts, and no library.
package struct PluginEvidenceReader {
    /// Where public keys are looked for, first to last; after them in the receipt of the plugin itself.
    private let rings: [KeyRing]
    private var known: [KeyName: PublicKey] = [:]

    /// The ids of the plugins that `bio` brings: in a shared place they are told from others by it.
    static let ownPrefix = "org.biome."

    package init(rings: [KeyRing]) { self.rings = rings }

    /// Of the plugin with `manifest` in `directory`, which lies in `place`.
    package mutating func provenance(
        of manifest: PluginManifest, in directory: String, place: String, standing: PlaceStanding
    ) -> PluginProvenance {
        if standing == .developer { return PluginProvenance(.developer) }
        if standing == .bundled { return PluginProvenance(.bundled) }
        let bytes: [UInt8]?
        do throws(SystemError) { bytes = try Self.bytes(PluginFileList.fileName, in: directory) } catch {
            return PluginProvenance(.badSignature("\(error)"))
        }
        guard let bytes else {
            let isOwn = standing == .shared && manifest.id.hasPrefix(Self.ownPrefix)
            return PluginProvenance(isOwn ? .bundled : .unsigned)
        }
        let list: PluginFileList
        do throws(PluginFileList.Refusal) { list = try PluginFileList(parsing: bytes) } catch {
            return PluginProvenance(.badSignature("\(error)"))
        }
        if let evidence = Self.contradiction(list, manifest, directory) { return PluginProvenance(evidence) }
        let receipt = InstallReceipt.read(in: place, id: manifest.id, files: list.digest)
        return PluginProvenance(
            evidence(list, directory, receipt), receipt?.acceptance ?? .none, files: list)
    }

    private mutating func evidence(
        _ list: PluginFileList, _ directory: String, _ receipt: InstallReceipt?
    ) -> PluginEvidence {
        let bytes: [UInt8]?
        do throws(SystemError) { bytes = try Self.bytes(PluginSignature.fileName, in: directory) } catch {
            return .badSignature("\(error)")
        }
        guard let bytes else {
            if let receipt, let package = receipt.package, let key = receipt.key {
                return .installed(from: package, key: "\(key.name)")
            }
            return .unsigned
        }
        guard let signature = PluginSignature(parsing: bytes) else {
            return .badSignature("\(PluginSignature.fileName) is no signature that this bio reads")
        }
        guard let key = key(signature.key, receipt) else { return .unknownKey("\(signature.key)") }
        guard signature.isGood(for: list, by: key) else {
            return .badSignature("\(PluginSignature.fileName) is not the key \(key.name)'s signature of its files")
        }
        return .signed(key: "\(key.name)")
    }

    private mutating func key(_ name: KeyName, _ receipt: InstallReceipt?) -> PublicKey? {
        if let key = known[name] { return key }
        for ring in rings {
            if let key = try? ring.publicKey(name) {
                known[name] = key
                return key
            }
        }
        return receipt?.key?.name == name ? receipt?.key : nil
    }

    /// What shows without reading more than has been read that list and files do not belong together.
    private static func contradiction(
        _ list: PluginFileList, _ manifest: PluginManifest, _ directory: String
    ) -> PluginEvidence? {
        guard list.id == manifest.id, list.version == manifest.version, list.target == manifest.target else {
            return .badSignature("\(PluginFileList.fileName) is about \(list.id) \(list.version) for \(list.target)")
        }
        guard list[PluginManifest.fileName]?.digest == manifest.digest else {
            return .altered("\(PluginManifest.fileName) is not the one that is listed")
        }
        guard list[manifest.library] != nil else {
            return .badSignature("\(PluginFileList.fileName) does not list the library '\(manifest.library)'")
        }
        for entry in list.entries {
            let status = try? FileStatus.ofLink("\(directory)/\(entry.path)")
            guard let status, status.kind == .file else { return .altered("the file '\(entry.path)' is missing") }
            guard status.size == entry.size else {
                return .altered("the file '\(entry.path)' is not the one that is listed: it has another size")
            }
        }
        return nil
    }

    /// The bytes of a small file; nil when it is not there.
    static func bytes(_ name: String, in directory: String) throws(SystemError) -> [UInt8]? {
        let path = "\(directory)/\(name)"
        let file: FileDescriptor
        do throws(SystemError) { file = try FileDescriptor.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW) } catch {
            if error.errno == .noSuchFile { return nil }
            throw error
        }
        do throws(Errno) { return try file.readToEnd(limit: PluginFileList.largest, size: file.status().size) } catch {
            throw SystemError("read", path, error)
        }
    }
}
