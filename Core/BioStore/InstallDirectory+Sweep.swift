// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem

extension InstallDirectory {
    /// Removes what killed installations and removals of any package left, and the directories that are empty then.
    /// - Returns: what was found, and the packages that something was removed of.
    static func removeAllAbandoned(
        in root: FileSystemRoot
    ) throws(SystemError) -> (found: Abandoned, idents: [QualifiedIdent]) {
        var all = Abandoned()
        var idents: [QualifiedIdent] = []
        for ident in try abandoned([], in: root) {
            let found = try removeAbandoned(of: ident, in: root)
            all.removed += found.removed
            all.left += found.left
            if found.removed.isEmpty { continue }
            idents.append(ident)
            removeEmptyParents(of: root.packagePath(ident), levels: 3)
        }
        return (all, idents)
    }

    /// The packages that directories of installations are there of, below `pieces`, which are origin, name, version.
    private static func abandoned(_ pieces: [String], in root: FileSystemRoot) throws(SystemError) -> [QualifiedIdent] {
        let path = root.path((["pkgs"] + pieces).joined(separator: "/"))
        let names: [String]
        do throws(SystemError) {
            names = try Directory.names(path).compactMap { String(validating: $0, as: UTF8.self) }
        } catch {
            // What is no directory, or somebody else's, is not looked into.
            if [.noSuchFile, .notDirectory, .permissionDenied].contains(error.errno) { return [] }
            throw error
        }
        if pieces.count == 3 {
            return Set(names.compactMap { release(of: $0, in: root) }).sorted().compactMap { release in
                try? QualifiedIdent(parsing: (pieces + [release]).joined(separator: "/"))
            }
        }
        var found: [QualifiedIdent] = []
        for name in names where !name.hasPrefix(".") { found += try abandoned(pieces + [name], in: root) }
        return found
    }

    /// `R` of `.bio-pkg-install-R.TOKEN`; nil for every other name.
    private static func release(of name: String, in root: FileSystemRoot) -> String? {
        let start = root.flavour.installTemporaryPrefix + "-"
        guard name.hasPrefix(start), let dot = name.lastIndex(of: "."),
            InstallationLock.isToken(name[name.index(after: dot)...])
        else { return nil }
        let release = name[..<dot].dropFirst(start.count)
        return release.isEmpty ? nil : String(release)
    }
}
