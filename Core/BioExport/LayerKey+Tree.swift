// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioCrypto
import BioOCI

extension LayerKey {
    /// Of any entries: the digest of what every member is, and of its content.
    init(
        entries: [TreeMembers.Entry], of packages: [ExportPackage], rules: TreeMembers.Rules
    ) throws(ServiceError) {
        var hasher = SHA256Hasher()
        func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { hasher.update($0) } }
        add(Array("\(LayerRecipe.version)\ntree\n".utf8))
        var members = TreeMembers(entries, of: packages, bytes: PackageBytes(root: "/"), rules: rules)
        for entry in entries {
            let member: TarMember?
            do { member = try members.nextMember() } catch let error as ServiceError { throw error } catch {
                throw ServiceError(.invalid, "\(error)")
            }
            guard let member else { break }
            // No path and no target holds a NUL.
            add(Array("\(member.kind.noun) \(String(member.mode, radix: 8)) \(member.size) ".utf8))
            add(member.path + [0])
            switch member.kind {
            case .symlink(let target), .hardLink(let target): add(target + [0])
            case .directory: break
            case .file: add(Array("\(Self.content(of: entry.node, packages))\n".utf8))
            }
        }
        self.init(hasher.finalize())
    }

    private static func content(of node: RootFilesystem.Node, _ packages: [ExportPackage]) -> String {
        switch node {
        case .content(let bytes, _): "\(Digest.blake2b256(of: bytes))"
        case .packageFile(let package, let file): packages[package].files[file].digest.map { "\($0)" } ?? ""
        case .directory, .symlink: ""
        }
    }
}
