// SPDX-License-Identifier: Apache-2.0

public import BioPluginSDK

/// A command that a package brings: a file in one of its own PATH directories.
public struct PackageProgram {
    /// Bytes, which need not be UTF-8.
    public let name: [UInt8]
    /// Absolute, as it is in the image.
    public let path: [UInt8]
    /// Links count as executable: where they lead may be another package.
    public let isExecutable: Bool

    /// Every command of a package, in the order of PATH, then by name. Of two with one name the first counts, as in a
    /// search. PATH directories that are not the package's own are not looked at.
    public static func all(of package: Package, _ host: Host) throws(ExportFailure) -> [PackageProgram] {
        var found: [PackageProgram] = []
        var seen: Set<[UInt8]> = []
        for directory in directories(of: package) {
            let path = directory.isEmpty ? [] : directory + [UInt8(ascii: "/")]
            let files = try host.files(of: package, startingWith: path).map(\.file)
            let names = Dictionary(files.map { ($0.path, $0.kind) }) { first, _ in first }
            for file in files {
                let name = Array(file.path.dropFirst(path.count))
                guard !name.isEmpty, !name.contains(UInt8(ascii: "/")), !seen.contains(name) else { continue }
                guard try !isDirectory(file, below: path, names, package, host) else { continue }
                seen.insert(name)
                found.append(
                    PackageProgram(
                        name: name, path: Array("/\(package.prefix)/".utf8) + file.path,
                        isExecutable: file.kind == .symlink || file.mode & 0o111 != 0))
            }
        }
        return found
    }

    /// The directories of PATH that are the package's own, relative to it.
    private static func directories(of package: Package) -> [[UInt8]] {
        (package.metadata("PATH") ?? "").split(separator: ":").compactMap { entry in
            let pieces = entry.split(separator: "/")
            let prefix = package.prefix.split(separator: "/")
            guard entry.hasPrefix("/"), pieces.starts(with: prefix), !pieces.contains("..") else { return nil }
            return Array(pieces.dropFirst(prefix.count).filter { $0 != "." }.joined(separator: "/").utf8)
        }
    }

    /// Whether it is a directory, or a link that leads to one in the same package.
    private static func isDirectory(
        _ file: PackageFile, below directory: [UInt8], _ names: [[UInt8]: PackageFile.Kind], _ package: Package,
        _ host: Host
    ) throws(ExportFailure) -> Bool {
        guard file.kind == .symlink else { return file.kind == .directory }
        guard let target = target(of: file, below: directory, package) else { return false }
        if let kind = names[target] { return kind == .directory }
        return try host.file(at: target, of: package)?.kind == .directory
    }

    /// Where a link leads within its package; nil when it leads out of it.
    private static func target(of file: PackageFile, below directory: [UInt8], _ package: Package) -> [UInt8]? {
        let slash = UInt8(ascii: "/")
        var whole = file.linkTarget
        let prefix = Array("/\(package.prefix)".utf8)
        if whole.first == slash {
            guard whole.starts(with: prefix + [slash]) else { return nil }
            whole.removeFirst(prefix.count)
        } else {
            whole = directory + whole
        }
        var pieces: [ArraySlice<UInt8>] = []
        for piece in whole.split(separator: slash) where !piece.elementsEqual(".".utf8) {
            if !piece.elementsEqual("..".utf8) {
                pieces.append(piece)
            } else if pieces.popLast() == nil {
                return nil
            }
        }
        return Array(pieces.joined(separator: [slash]))
    }
}
