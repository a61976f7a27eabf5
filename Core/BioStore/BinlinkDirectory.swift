// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import CSystem
import Glibc

/// A directory of links to the programs of packages (package-model: 6.6 "Binlink"). What the links say is not below
/// FS_ROOT: they are right once that is the root.
package struct BinlinkDirectory: Hashable, Sendable {
    /// What became of one link.
    package enum Outcome: Hashable, Sendable {
        case made
        /// It was there already.
        case present
        /// It led to another place, which it does no more.
        case replaced(old: [UInt8])
        /// It leads to another place and stays.
        case skipped(existing: [UInt8])
    }

    package let path: String
    /// What the links must be below, wherever symbolic links in `path` lead.
    private let root: String

    package init(path: String, below root: String = "/") {
        self.path = path
        self.root = root
    }

    private static let attempts = 100

    package func place(of binary: InstalledPackage.Binary) -> String { "\(path)/\(binary.shown)" }

    /// Makes the directory and its parents when missing; whether it was.
    package func create() throws(BinlinkError) -> Bool {
        do throws(SystemError) {
            if try FileStatus.of(path)?.kind == .directory { return false }
        } catch { throw .system(error) }
        var above = path
        while let slash = above.lastIndex(of: "/"), slash != above.startIndex, !Self.exists(above) {
            above = String(above[..<slash])
        }
        _ = try resolved(above)
        do throws(SystemError) { try Directory.create(path) } catch { throw .system(error) }
        return true
    }

    private static func exists(_ path: String) -> Bool { ((try? FileStatus.of(path)) ?? nil) != nil }

    /// `place` without symbolic links, from the root on; empty for the root itself.
    private func resolved(_ place: String) throws(BinlinkError) -> [UInt8] {
        func real(_ path: String) throws(BinlinkError) -> String {
            guard let found = realpath(path, nil) else { throw .system(SystemError("look at", path)) }
            defer { free(found) }
            return String(cString: found)
        }
        let (top, found) = (try real(root), try real(place))
        if top == "/" { return Array(found.utf8.dropFirst()) }
        guard found == top || found.hasPrefix(top + "/") else {
            throw .outside(path: place, leadsTo: found, root: root)
        }
        return Array(found.utf8.dropFirst(top.utf8.count + 1))
    }

    /// Opens the directory by what its path leads to at one moment, so that it cannot lead out at the next.
    private func open() throws(BinlinkError) -> FileDescriptor {
        let relative = try resolved(path)
        do throws(SystemError) {
            let top = try FileDescriptor.open(root, O_RDONLY | O_DIRECTORY)
            return relative.isEmpty ? top : try top.openBeneath(relative, O_RDONLY | O_DIRECTORY)
        } catch { throw .system(SystemError("open", path, error.errno)) }
    }

    /// Links `binary`. A link that leads elsewhere is replaced, in one step, only with `force`; what is no link never.
    package func link(_ binary: InstalledPackage.Binary, force: Bool) throws(BinlinkError) -> Outcome {
        let directory = try open()
        do throws(Errno) {
            do throws(Errno) {
                try directory.makeSymlink(binary.name, to: binary.path)
                return .made
            } catch { if error != .exists { throw error } }
            let existing: [UInt8]
            do throws(Errno) { existing = try directory.linkTarget(of: binary.name) } catch {
                if error == .invalidArgument { return try refuse(binary) }
                throw error
            }
            if existing == binary.path { return .present }
            guard force else { return .skipped(existing: existing) }
            guard try replace(binary, in: directory) else { return try refuse(binary) }
            return .replaced(old: existing)
        } catch {
            if error == .exists { throw .occupied(path: place(of: binary)) }
            throw .system(SystemError("link", place(of: binary), error))
        }
    }

    private func refuse(_ binary: InstalledPackage.Binary) throws(Errno) -> Outcome { throw .exists }

    /// Puts a new link where the old one is. False when something that is no link has come there meanwhile, which is
    /// left as it was.
    private func replace(
        _ binary: InstalledPackage.Binary, in directory: borrowing FileDescriptor
    ) throws(Errno) -> Bool {
        let draft = try makeDraft(binary, in: directory)
        defer { _ = draft.withCPath { unlinkat(directory.rawValue, $0, 0) } }
        let fd = directory.rawValue
        let exchanged = draft.withCPath { draft in
            binary.name.withCPath { bio_rename_exchange(fd, draft, fd, $0) }
        }
        guard exchanged == 0 else {
            let error = Errno.current
            guard error == .invalidArgument || error == .unsupported else { throw error }
            // A file system that cannot exchange: the look that was taken must do.
            guard draft.withCPath({ draft in binary.name.withCPath { renameat(fd, draft, fd, $0) } }) == 0 else {
                throw .current
            }
            return true
        }
        do throws(Errno) { _ = try directory.linkTarget(of: draft) } catch {
            guard error == .invalidArgument else { throw error }
            _ = draft.withCPath { draft in binary.name.withCPath { bio_rename_exchange(fd, draft, fd, $0) } }
            return false
        }
        return true
    }

    private func makeDraft(
        _ binary: InstalledPackage.Binary, in directory: borrowing FileDescriptor
    ) throws(Errno) -> [UInt8] {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
        for _ in 0..<Self.attempts {
            let name = Array(".bio-binlink-".utf8) + (0..<6).compactMap { _ in letters.randomElement() }
            do throws(Errno) {
                try directory.makeSymlink(name, to: binary.path)
                return name
            } catch { if error != .exists { throw error } }
        }
        throw .exists
    }

    /// The links here that lead into the directory `prefix` (`/hab/pkgs/O/N/V/R`): their names, as shown. A directory
    /// that is missing or may not be read has none that could be told.
    package func links(into prefix: String) -> [String] {
        guard let directory = try? FileDescriptor.open(path, O_RDONLY | O_DIRECTORY),
            let names = try? Directory.names(directory, path: path)
        else { return [] }
        let start = Array(prefix.utf8) + [UInt8(ascii: "/")]
        return names.filter { (try? directory.linkTarget(of: $0))?.starts(with: start) == true }
            .map { "\(path)/\(String(decoding: $0, as: UTF8.self))" }
    }
}
