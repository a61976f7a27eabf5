// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import Glibc

/// The moment in which the packages of an installation appear, in the order given.
struct Publication {
    typealias Progress = (PackageInstaller.Event) throws(StoreError) -> Void

    let packages: [StagedPackage]
    let store: PackageStore
    let target: PackageTarget
    let cancellation: Cancellation

    /// - Returns: those that appeared, and those that another process was quicker with.
    func run(_ progress: Progress) throws(StoreError) -> (installed: [QualifiedIdent], present: [QualifiedIdent]) {
        guard !packages.isEmpty else { return ([], []) }
        try system { () throws(SystemError) in try synchronizeTrees() }
        for package in packages { try cache(package, progress) }

        let lock = try system { () throws(SystemError) in
            try InstallationLock.publishing(in: store.root, cancellation)
        }
        defer { withExtendedLifetime(lock) {} }
        var pending: [StagedPackage] = []
        // A receipt without its package would be taken for one of whatever is installed there later.
        defer { for package in pending { package.withdrawReceipt() } }
        var present: [QualifiedIdent] = []
        for package in packages {
            if try system({ () throws(SystemError) in try package.placeReceipt(cancellation) }) {
                pending.append(package)
            } else {
                present.append(try occupant(of: package))
            }
        }
        try system { () throws(SystemError) in try synchronizeReceipts(of: pending) }

        var installed: [QualifiedIdent] = []
        while let package = pending.first {
            if try system({ () throws(SystemError) in try package.appear() }) {
                installed.append(package.ident)
                pending.removeFirst()
                try progress(.installed(package.ident))
            } else {
                // A program that knows nothing of the lock was quicker; our receipt is not of its tree.
                package.withdrawReceipt()
                pending.removeFirst()
                present.append(try occupant(of: package))
            }
        }
        return (installed, present)
    }

    /// Keeps the artifact's copy. A cache that cannot be written is no reason not to install.
    private func cache(_ package: StagedPackage, _ progress: Progress) throws(StoreError) {
        let path: String?
        do throws(SystemError) { path = try package.cacheArtifact(cancellation) } catch {
            if error.errno == .cancelled { throw .cancelled }
            return try progress(.notCached(path: error.path, because: .system(error)))
        }
        if let path { try progress(.cached(path: path)) }
    }

    private func occupant(of package: StagedPackage) throws(StoreError) -> QualifiedIdent {
        let found = try system { () throws(SystemError) in try store.package(package.ident, target: target) }
        guard found != nil else { throw .occupied(path: store.root.packagePath(package.ident)) }
        return package.ident
    }

    /// Puts everything that was unpacked on the medium.
    ///
    /// One syncfs for each file system instead of an fsync for each of thousands of files: after it a package can be
    /// renamed into its place without ever being seen half empty, whenever the power goes. The renames themselves are
    /// not synchronised: losing one is a package that is not installed, which is a state that everybody understands.
    private func synchronizeTrees() throws(SystemError) {
        var devices: Set<UInt64> = []
        for package in packages {
            let directory = try FileDescriptor.open(package.path, O_RDONLY | O_DIRECTORY)
            do throws(Errno) {
                guard try devices.insert(directory.status().device).inserted else { continue }
                try directory.synchronizeFileSystem()
            } catch { throw SystemError("synchronise", package.path, error) }
        }
    }

    /// Puts the names of the receipts on the medium, so that no package survives a power cut without its own.
    private func synchronizeReceipts(of packages: [StagedPackage]) throws(SystemError) {
        var directories: Set<String> = []
        for package in packages {
            var path = store.root.path("receipts")
            directories.insert(path)
            for piece in package.ident.pathComponents.dropLast() {
                path += "/" + piece
                directories.insert(path)
            }
        }
        for directory in directories.sorted() { try Directory.synchronize(directory) }
    }

    private func system<R: ~Copyable>(_ body: () throws(SystemError) -> R) throws(StoreError) -> R {
        do throws(SystemError) { return try body() } catch {
            throw error.errno == .cancelled ? .cancelled : .system(error)
        }
    }
}
