// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioPackage

/// Why packages cannot be exported, before any plugin is asked.
package enum ExportError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A file differs from what the signed package holds.
    case changed(path: String, QualifiedIdent)
    /// A package without a receipt holds something that is neither file, directory nor symbolic link.
    case notExportable(path: String)
    /// Neither installed nor in the artifact cache.
    case notFound(PackageIdent, cache: String)
    /// Base packages that the format wants and that cannot be found.
    /// `option`: what leaves all of them out.
    case baseMissing([PackageIdent], cache: String, option: String)
    /// A dry run installs nothing, and this is not installed.
    case notInstalled(String)
    case noPackage

    package var description: String {
        switch self {
        case .changed(let path, let ident): "'\(path)' is not what the signed package '\(ident)' holds"
        case .notExportable(let path): "'\(path)' is a device, socket or pipe, which no package holds"
        case .notFound(let ident, let cache): "package '\(ident)' is neither installed nor in '\(cache)'"
        case .baseMissing(let idents, let cache, _):
            "the base packages \(idents.map { "'\($0)'" }.joined(separator: ", ")) are neither installed nor in '\(cache)'"
        case .notInstalled(let name): "'\(name)' is not installed yet, and a dry run installs nothing"
        case .noPackage: "there is no package to export"
        }
    }

    package var hint: String? {
        switch self {
        case .changed(_, let ident):
            "reinstall it: remove the directory of '\(ident)' and run 'bio pkg install' again"
        case .notFound: "name its .hart file instead of its ident, or install it with 'bio pkg install'"
        case .baseMissing(_, _, let option): "install them, or leave them out with \(option)"
        case .notInstalled: "install it first with 'bio pkg install', or leave --dry-run out"
        case .notExportable, .noPackage: nil
        }
    }
}
