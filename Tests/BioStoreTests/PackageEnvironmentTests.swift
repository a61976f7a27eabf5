// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioStore

@Suite struct PackageEnvironmentTests {
    private let app = "/hab/pkgs/acme/app/1.0/20260101000000"
    private let lib = "/hab/pkgs/acme/lib/1.0/20260101000000"
    private let base = "/hab/pkgs/acme/base/1.0/20260101000000"

    private func metadata(_ files: [MetaFile: String]) throws -> PackageMetadata {
        try PackageMetadata(
            ident: try ident("acme/app/1.0/20260101000000"),
            files: [.target: bytes("x86_64-linux\n")].merging(files.mapValues { bytes($0) }) { $1 })
    }

    private func text(_ environment: PackageEnvironment) -> [String] {
        environment.variables.map { "\($0.name)=\($0.value)" }
    }

    private func environment(
        _ files: [MetaFile: String], root: String? = nil, callerSetsCertificates: Bool = false
    ) throws -> PackageEnvironment {
        PackageEnvironment(
            try metadata(files), root: FileSystemRoot(fsRoot: root), callerSetsCertificates: callerSetsCertificates
        ) { ident in ["/hab/pkgs/\(ident)/bin", "/hab/pkgs/\(ident)/sbin"] }
    }

    @Test func runtimePathDecidesAndTheCopyOfPathIsDropped() throws {
        let found = try environment([
            .runtimeEnvironment: "ZONE=z\nPATH=/wrong\nJAVA_HOME=\(app)/jdk\n", .runtimePath: "\(app)/bin:\(lib)/bin\n",
            .path: "\(app)/other\n",
        ])
        #expect(text(found) == ["JAVA_HOME=\(app)/jdk", "PATH=\(app)/bin:\(lib)/bin", "ZONE=z"])
        #expect(found.path == ["\(app)/bin", "\(lib)/bin"])
        #expect(found["ZONE"] == "z" && found["NONE"] == nil)
    }

    @Test func anEmptyRuntimePathMeansNoPath() throws {
        let found = try environment([.runtimePath: "\n", .path: "\(app)/bin\n"])
        #expect(found.variables.isEmpty)
    }

    @Test func withoutRuntimePathThePathsOfAllPackagesCountOnce() throws {
        let found = try environment([
            .path: "\(app)/bin:\(app)/bin:\(app)/sbin\n", .deps: "acme/lib/1.0/20260101000000\n",
            .tdeps: "acme/base/1.0/20260101000000\nacme/lib/1.0/20260101000000\n",
        ])
        #expect(
            found.path == ["\(app)/bin", "\(app)/sbin", "\(lib)/bin", "\(lib)/sbin", "\(base)/bin", "\(base)/sbin"])
    }

    @Test func movedDirectoriesLieOverEverythingElse() throws {
        let files: [MetaFile: String] = [
            .runtimeEnvironment: "SSL_CERT_DIR=/old\n", .runtimePath: "\(app)/bin\n",
            .runtimeEnvironmentPaths: "SSL_CERT_DIR=\(app)/ssl;\(app)/more\nPSModulePath=\(app)/ps\n",
        ]
        #expect(
            text(try environment(files, root: "/srv/root"))
                == [
                    "PATH=\(app)/bin", "PSModulePath=/srv/root\(app)/ps",
                    "SSL_CERT_DIR=/srv/root\(app)/ssl:/srv/root\(app)/more",
                ])
        #expect(try environment(files)["PSModulePath"] == "\(app)/ps")
    }

    @Test func theCallersCertificatesComeFirst() throws {
        let files: [MetaFile: String] = [.runtimeEnvironment: "SSL_CERT_FILE=/x\n"]
        #expect(text(try environment(files)) == ["SSL_CERT_FILE=/x"])
        #expect(text(try environment(files, callerSetsCertificates: true)).isEmpty)
    }

    @Test func readsInstalledDependencies() throws {
        let world = try StoreWorld()
        var dependency = PackageFixture("acme/lib/1.0/20260101000000")
        dependency.metafiles["PATH"] = "\(lib)/bin\n"
        var package = PackageFixture("acme/app/1.0/20260101000000", tdeps: ["acme/lib/1.0/20260101000000"])
        package.metafiles["PATH"] = "\(app)/bin\n"
        _ = try world.artifact(dependency)
        _ = try world.installer.install(artifact: try world.artifact(package))
        let installed = try #require(try world.store.package(try ident("acme/app/1.0/20260101000000")))
        #expect(try PackageEnvironment(of: installed, in: world.store).path == ["\(app)/bin", "\(lib)/bin"])

        try Directory.remove(world.root.path("pkgs/acme/lib"))
        #expect(
            throws: StoreError.dependenciesMissing(
                [try ident("acme/lib/1.0/20260101000000")], of: installed.ident, searched: [])
        ) { try PackageEnvironment(of: installed, in: world.store) }
        // RUNTIME_PATH says it all: nobody else is asked.
        try AtomicFile.write(bytes("\(app)/bin\n"), to: "\(installed.path)/RUNTIME_PATH")
        #expect(try PackageEnvironment(of: installed, in: world.store).path == ["\(app)/bin"])
    }

    /// core/tree as its builder wrote it.
    @Test func aRealPackageHasItsRuntimePath() throws {
        let world = try StoreWorld()
        let place = world.root.path("pkgs/core/tree/1.7.0")
        try Directory.create(place)
        #expect(
            symlink(
                try Vectors.path("installed-pkgs/hab/pkgs/core/tree/1.7.0/20180609045201"), "\(place)/20180609045201")
                == 0)
        let tree = try #require(
            try world.store.package(try ident("core/tree/1.7.0/20180609045201"), target: .x86_64Linux))
        #expect(
            text(try PackageEnvironment(of: tree, in: world.store))
                == [
                    "PATH=/hab/pkgs/core/tree/1.7.0/20180609045201/bin"
                        + ":/hab/pkgs/core/glibc/2.27/20180608041157/bin"
                ])
    }
}
