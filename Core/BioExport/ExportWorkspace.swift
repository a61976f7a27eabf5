// SPDX-License-Identifier: Apache-2.0

package import BioSystem
import Glibc

/// The directory in which one export works, beside the place of its result so that a rename is enough; it goes, with
/// everything in it, when this ends.
package final class ExportWorkspace: Sendable {
    private let directory: LockedDirectory

    private static let prefix = ".bio-export-"

    /// Makes the workspace in `parent`, which must be there, after removing what killed exports left there. However
    /// `parent` is written, the paths of the workspace are absolute and free of symbolic links.
    package init(in parent: String) throws(SystemError) {
        let parent = try Self.resolved(parent)
        // Tidying is no reason to fail: the directory may be writable and not listable.
        _ = try? LockedDirectory.removeAbandoned(in: parent, prefix: Self.prefix)
        guard let made = try LockedDirectory(in: parent, prefix: Self.prefix) else {
            throw SystemError("create a temporary directory in", parent, .noSuchFile)
        }
        directory = made
        for name in [outDirectory, scratchDirectory, madeDirectory] { try Directory.create(name, mode: 0o700) }
    }

    /// Where the plugin writes artifacts.
    package var outDirectory: String { directory.path + "/out" }
    /// What the plugin needs meanwhile.
    package var scratchDirectory: String { directory.path + "/scratch" }
    /// Where host services write artifacts; the plugin is not told.
    package var madeDirectory: String { directory.path + "/made" }

    private static func resolved(_ parent: String) throws(SystemError) -> String {
        guard let path = realpath(parent, nil) else { throw SystemError("create a temporary directory in", parent) }
        defer { free(path) }
        // A plugin is told paths as text.
        guard let text = String(validatingCString: path) else {
            throw SystemError("create a temporary directory in", parent, Errno(rawValue: EILSEQ))
        }
        return text
    }

    func placeForMade(_ path: String) throws(SystemError) -> String {
        let place = "\(madeDirectory)/\(path)"
        if let slash = place.lastIndex(of: "/") { try Directory.create(String(place[..<slash]), mode: 0o700) }
        return place
    }
}
