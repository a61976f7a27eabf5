// SPDX-License-Identifier: Apache-2.0

package import BioPackage
import BioSystem

/// One release in a store. What its files say is read when asked for; people and hooks may have changed them since
/// the installation, and `receipt` is what can be held against them.
package struct InstalledPackage: Hashable, Sendable {
    package let ident: QualifiedIdent
    package let target: PackageTarget
    private let root: FileSystemRoot

    init(ident: QualifiedIdent, target: PackageTarget, root: FileSystemRoot) {
        self.ident = ident
        self.target = target
        self.root = root
    }

    /// The package's directory.
    package var path: String { root.packagePath(ident) }

    /// Where its receipt is or would be.
    package var receiptPath: String { root.receiptPath(ident) }

    /// Whether TARGET is there and says `target`. What cannot be looked at is an error and not an absence: else it
    /// would be installed again, or an older release taken for the newest.
    func isPresent() throws(SystemError) -> Bool {
        do throws(SystemError) { return try MetaFileDirectory(path: path).target() == target } catch {
            // A TARGET that is no plain file makes no package.
            if error.errno == .invalidArgument || error.errno == .tooManyLinks { return false }
            throw error
        }
    }

    /// Whether TARGET is there, whatever it says.
    func hasTarget() throws(SystemError) -> Bool {
        try FileStatus.ofLink("\(path)/\(MetaFile.target.rawValue)")?.kind == .file
    }

    /// Reads and checks all metafiles.
    package func metadata() throws(StoreError) -> PackageMetadata {
        let files: [MetaFile: [UInt8]]
        do throws(SystemError) { files = try MetaFileDirectory(path: path).contents() } catch { throw .system(error) }
        do throws(MetadataError) { return try PackageMetadata(ident: ident, files: files) } catch {
            throw .metadata(error, of: path)
        }
    }

    /// The receipt of the installation; nil when there is none, as with packages that other programs installed.
    package func receipt() throws(StoreError) -> Receipt? {
        do throws(ReceiptError) { return try Receipt.read(receiptPath, of: ident) } catch {
            throw .receipt(error, path: receiptPath)
        }
    }

    /// The same without its entries.
    package func receiptOutline() throws(StoreError) -> ReceiptOutline? {
        do throws(ReceiptError) { return try Receipt.readOutline(receiptPath, of: ident) } catch {
            throw .receipt(error, path: receiptPath)
        }
    }
}
