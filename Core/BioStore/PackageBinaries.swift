// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

extension InstalledPackage {
    /// A file in one of the package's own PATH directories.
    package struct Binary: Hashable, Sendable {
        /// Its name; bytes, which need not be UTF-8.
        package let name: [UInt8]
        /// Its path as the package knows it, not below FS_ROOT: `/hab/pkgs/…/bin/NAME`.
        package let path: [UInt8]

        package init(name: [UInt8], path: [UInt8]) {
            self.name = name
            self.path = path
        }

        /// The name as shown.
        package var shown: String { String(decoding: name, as: UTF8.self) }
    }

    /// Everything in the directories of PATH that is no directory, in the order of PATH, then by name. Of one name in
    /// two directories the first counts, as in a search. Directories that are not there have nothing.
    package func binaries(in root: FileSystemRoot) throws(StoreError) -> [Binary] {
        var found: [Binary] = []
        var seen: Set<[UInt8]> = []
        for entry in try metadata().path {
            let directory = root.rooted(entry)
            do throws(SystemError) {
                for name in try Self.files(in: directory) where seen.insert(name).inserted {
                    found.append(Binary(name: name, path: Array(entry.utf8) + [UInt8(ascii: "/")] + name))
                }
            } catch { throw .system(error) }
        }
        return found
    }

    private static func files(in path: String) throws(SystemError) -> [[UInt8]] {
        let directory: FileDescriptor
        do throws(SystemError) { directory = try FileDescriptor.open(path, O_RDONLY | O_DIRECTORY) } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return [] }
            throw error
        }
        let fd = directory.rawValue
        var files: [[UInt8]] = []
        for name in try Directory.names(directory, path: path) {
            var raw = stat()
            let found = name.withCPath { fstatat(fd, $0, &raw, 0) }
            // A link that leads nowhere is no directory either.
            if found != 0 || FileStatus(raw).kind != .directory { files.append(name) }
        }
        return files
    }
}
