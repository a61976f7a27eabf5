// SPDX-License-Identifier: Apache-2.0

package import BioPackage
package import BioSystem
import Glibc

/// The installed packages under one root. Nothing is cached: every question is answered from the directories.
///
/// A release is there when its TARGET can be read and is the one asked for (package-model: 6.2 "Latest installed").
/// Names that are no pieces of an ident, as those of unfinished installations, are passed over, and so is what may not
/// be read.
package struct PackageStore: Hashable, Sendable {
    package let root: FileSystemRoot

    package init(_ root: FileSystemRoot) { self.root = root }

    /// This very release; nil when it is not installed or of another target.
    package func package(
        _ ident: QualifiedIdent, target: PackageTarget = .host
    ) throws(SystemError) -> InstalledPackage? {
        let package = InstalledPackage(ident: ident, target: target, root: root)
        return try package.isPresent() ? package : nil
    }

    /// This very release with its receipt, which is nil where there is none; nil when it is not installed or of another
    /// target. With a receipt TARGET is not read: what it held is known, and whoever reads the package's files sees
    /// whether it still does.
    package func received(
        _ ident: QualifiedIdent, target: PackageTarget = .host
    ) throws(StoreError) -> (package: InstalledPackage, receipt: ReceiptOutline?)? {
        let package = InstalledPackage(ident: ident, target: target, root: root)
        do throws(SystemError) {
            guard try package.hasTarget() else { return nil }
        } catch { throw .system(error) }
        if let receipt = try package.receiptOutline() { return receipt.target == target ? (package, receipt) : nil }
        do throws(SystemError) { return try package.isPresent() ? (package, nil) : nil } catch { throw .system(error) }
    }

    /// All releases that satisfy `wanted`, in the order of `IdentOrder.byParts`.
    package func installed(
        matching wanted: PackageIdent, target: PackageTarget = .host
    ) throws(SystemError) -> [InstalledPackage] {
        Self.ordered(try walk(Self.pieces(of: wanted), [], target))
    }

    /// All releases, in the order of `IdentOrder.byParts`.
    package func all(target: PackageTarget = .host) throws(SystemError) -> [InstalledPackage] {
        Self.ordered(try walk([], [], target))
    }

    /// The newest release that satisfies `wanted`; of incomparable ones the first in listing order.
    package func latest(
        satisfying wanted: PackageIdent, target: PackageTarget = .host
    ) throws(SystemError) -> InstalledPackage? {
        Self.newest(of: try installed(matching: wanted, target: target))
    }

    /// The newest of `packages`, which are in listing order; of incomparable ones the first.
    static func newest(of packages: [InstalledPackage]) -> InstalledPackage? {
        var newest: InstalledPackage?
        for package in packages {
            guard let current = newest else {
                newest = package
                continue
            }
            if IdentOrder.partial(package.ident.ident, current.ident.ident) == .greater { newest = package }
        }
        return newest
    }

    private static func ordered(_ packages: [InstalledPackage]) -> [InstalledPackage] {
        packages.sorted { IdentOrder.byParts($0.ident.ident, $1.ident.ident) == .less }
    }

    private static func pieces(of ident: PackageIdent) -> [String] {
        [ident.origin, ident.name] + [ident.version, ident.release].compactMap { $0 }
    }

    /// The releases below `found`, which has up to four pieces; `wanted` fixes the first pieces.
    private func walk(
        _ wanted: [String], _ found: [String], _ target: PackageTarget
    ) throws(SystemError) -> [InstalledPackage] {
        if found.count == 4 {
            guard let ident = try? QualifiedIdent(parsing: found.joined(separator: "/")) else { return [] }
            do throws(SystemError) { return try package(ident, target: target).map { [$0] } ?? [] } catch {
                // Somebody else's package, which is no reason to show none.
                if error.errno == .permissionDenied { return [] }
                throw error
            }
        }
        let names = wanted.count > found.count ? [wanted[found.count]] : try directories(found)
        var packages: [InstalledPackage] = []
        for name in names { packages += try walk(wanted, found + [name], target) }
        return packages
    }

    /// The names in one level of the store; none when it is not there.
    private func directories(_ pieces: [String]) throws(SystemError) -> [String] {
        let path = root.path((["pkgs"] + pieces).joined(separator: "/"))
        do throws(SystemError) {
            return try Directory.names(path).compactMap { String(validating: $0, as: UTF8.self) }
                .filter { !$0.hasPrefix(".") }
        } catch {
            if error.errno == .noSuchFile || error.errno == .notDirectory { return [] }
            if error.errno == .permissionDenied && !pieces.isEmpty { return [] }
            throw error
        }
    }
}
