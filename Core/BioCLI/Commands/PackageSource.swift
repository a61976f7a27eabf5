// SPDX-License-Identifier: Apache-2.0

package import BioPackage
package import BioStore
import BioSystem

/// What a user may name a package by: an artifact file, or an ident.
package enum PackageSource: Hashable, Sendable {
    case artifact(path: String)
    case ident(PackageIdent)

    /// A name of a regular file is that file; one that ends like an artifact must be one; anything else is an ident.
    package init(parsing text: String) throws {
        let kind = try FileStatus.of(text)?.kind
        if kind == .file {
            self = .artifact(path: text)
            return
        }
        if Flavour.readableExtensions.contains(where: { text.hasSuffix(".\($0)") }) {
            throw CommandFailure(
                .packageNotFound, kind == nil ? "there is no file '\(text)'" : "'\(text)' is not a regular file")
        }
        do throws(PackageIdent.ParseError) {
            self = .ident(try PackageIdent(parsing: text))
        } catch {
            if kind != nil { throw CommandFailure(.failure, "'\(text)' is not a regular file, so it is no artifact") }
            throw UsageError.refused(
                error.description, hint: error.hint ?? "name an artifact file or an ident: origin/name")
        }
    }
}

extension CommandContext {
    /// The newest installed release that satisfies `ident`.
    package func installed(_ ident: PackageIdent) throws -> InstalledPackage {
        if let package = try store.latest(satisfying: ident) { return package }
        throw CommandFailure(
            .packageNotFound, "'\(ident)' is not installed below '\(store.root.packages)'",
            hint: "install it: bio pkg install \(ident)")
    }

    /// An ident as the user wrote it.
    func parseIdent(_ text: String) throws -> PackageIdent {
        do throws(PackageIdent.ParseError) { return try PackageIdent(parsing: text) } catch {
            throw UsageError.refused(error.description, hint: error.hint)
        }
    }
}
