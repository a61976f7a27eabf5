// SPDX-License-Identifier: Apache-2.0

import BioCrypto
package import BioExport
import BioGraph
import BioPackage
package import BioStore
import BioSystem

/// Packages that lie installed below a root, as an export sees them, without artifact or receipt: `unverified`.
package struct ExportFixture: Sendable {
    package let root: String
    package let resolution: ExportResolver.Resolution

    /// Writes the packages below `root`; the first is what is exported.
    package init(_ packages: [PackageFixture], in root: String) throws {
        self.root = root
        for package in packages { try Self.install(package, root) }
        let resolver = ExportResolver(Self.installer(root)) { _ in }
        let wanted = try packages.prefix(1).map { ExportResolver.Wanted.ident(try PackageIdent(parsing: $0.ident)) }
        resolution = try resolver.resolve(wanted, base: [])
    }

    /// An installer for that root with no key and an empty cache.
    package static func installer(_ root: String) -> PackageInstaller {
        PackageInstaller(
            store: PackageStore(FileSystemRoot(fsRoot: root)), keys: KeyRing(directory: "\(root)/keys"),
            cache: ArtifactCache(path: "\(root)/cache"), target: .x86_64Linux)
    }

    /// Two small packages, one needing the other.
    package static func small(in root: String) throws -> ExportFixture {
        let library = PackageFixture(
            "acme/lib/1.0/20260101000001", files: [.init("lib/data.txt", "one\ntwo\n"), .init("lib/empty", "")])
        let app = PackageFixture(
            "acme/app/2.1/20260101000002", tdeps: [library.ident],
            files: [.init("bin/hello", "#!/bin/sh\necho hello\n", mode: 0o755)])
        return try ExportFixture([app, library], in: root)
    }

    package var packages: [ExportPackage] { resolution.packages }
    package var bytes: PackageBytes { PackageBytes(root: root) }

    package func job(_ values: [OptionValue] = [], outputName: String? = nil) -> ExportJob {
        ExportJob(
            packages: resolution.packages, graph: resolution.graph, values: values, outputName: outputName,
            target: .x86_64Linux, sourceDateEpoch: 1)
    }

    /// Where a file of a package lies.
    package func path(_ ident: String, _ file: String) -> String { "\(root)/hab/pkgs/\(ident)/\(file)" }

    private static func install(_ package: PackageFixture, _ root: String) throws {
        let directory = "\(root)/\(package.prefix)"
        try Directory.create(directory)
        let tdeps = package.tdeps.map { $0 + "\n" }.joined()
        var texts: [String: String?] = ["IDENT": package.ident + "\n", "TARGET": package.target + "\n"]
        if !tdeps.isEmpty {
            texts["DEPS"] = tdeps
            texts["TDEPS"] = tdeps
        }
        texts.merge(package.metafiles) { $1 }
        for (name, text) in texts {
            if let text { try write(text, mode: 0o644, to: "\(directory)/\(name)") }
        }
        for file in package.files {
            if let slash = file.path.lastIndex(of: "/") {
                try Directory.create("\(directory)/\(file.path[..<slash])")
            }
            try write(file.body, mode: UInt32(file.mode), to: "\(directory)/\(file.path)")
        }
    }

    private static func write(_ text: String, mode: UInt32, to path: String) throws {
        try AtomicFile.write(Array(text.utf8), to: path)
        try FileDescriptor.open(path).setMode(mode)
    }
}

extension ExportFixture {
    /// The paths that an export of an installed package has.
    package static func files(of ident: String, in root: String) throws -> [String] {
        let resolver = ExportResolver(installer(root)) { _ in }
        let resolution = try resolver.resolve([.ident(try PackageIdent(parsing: ident))], base: [])
        return resolution.packages.flatMap(\.files).map { String(decoding: $0.path, as: UTF8.self) }
    }
}
