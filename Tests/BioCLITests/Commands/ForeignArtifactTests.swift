// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// Artifacts for other platforms and of other times, made by the original tools: they are verified, listed and
/// explained; what cannot be installed here is refused by name (package-model: 10).
@Suite struct ForeignArtifactTests {
    private static let windows = "core-cacerts-2017.01.17-20170209064044-x86_64-windows.hart"
    private static let composite = "core-builder-tiny-1.0.0-20170930190003-x86_64-linux.hart"
    private let packages: PackageWorld

    init() throws {
        packages = try PackageWorld()
        let key = try contents(of: try Vectors.path("keys/core-20160810182414.pub"))
        let world = World(variables: ["FS_ROOT": packages.root], input: String(decoding: key, as: UTF8.self), userID: 0)
        #expect(world.run("origin", "key", "import") == .done)
    }

    @Test func aWindowsArtifactIsVerifiedAndExplained() throws {
        let path = try Vectors.path("hart/\(Self.windows)")
        #expect(try packages.run("pkg", "verify", path).hasSuffix("  core-20160810182414\n"))
        #expect(try packages.run("pkg", "header", path).contains("Format Version : HART-1\n"))
        let info = try DocumentValue(json: packages.run("pkg", "info", path, "--json"))
        #expect(info["ident"] == "core/cacerts/2017.01.17/20170209064044" && info["target"] == "x86_64-windows")
        #expect(try packages.run("pkg", "dependencies", path) == "")
        #expect(
            try packages.run("pkg", "graph", path) == "core/cacerts/2017.01.17/20170209064044 (artifact)\n")
    }

    @Test func itIsNotInstalledHere() throws {
        let path = try Vectors.path("hart/\(Self.windows)")
        let text = packages.refusal(.failure, "pkg", "install", path)
        #expect(text.contains("for x86_64-windows, and packages for x86_64-linux are wanted"), "\(text)")
        #expect(text.contains("hint: get a build of 'core/cacerts' for x86_64-linux"))
        #expect(try packages.run("pkg", "list") == "")
    }

    @Test func itIsListedFromTheCache() throws {
        let cache = "\(packages.root)/hab/cache/artifacts"
        try Directory.create(cache)
        let bytes = try contents(of: try Vectors.path("hart/\(Self.windows)"))
        try AtomicFile.write(bytes, to: "\(cache)/\(Self.windows)")
        // A second name, which its IDENT does not confirm.
        try AtomicFile.write(bytes, to: "\(cache)/core-cacerts-2017.01.17-20170209064045-x86_64-windows.hart")
        let ident = "core/cacerts/2017.01.17/20170209064044\n"
        #expect(try packages.run("pkg", "list", "--cached", "--target", "x86_64-windows") == ident)
        #expect(
            try packages.run("pkg", "search", "cacerts", variables: ["HAB_PACKAGE_TARGET": "x86_64-windows"]) == ident)
        #expect(try packages.run("pkg", "list", "--cached") == "")
        #expect(
            try packages.run("pkg", "graph", "core/cacerts", "--target", "x86_64-windows")
                == "core/cacerts/2017.01.17/20170209064044 (artifact)\n")
    }

    @Test func aCompositeIsAPackageLikeOthers() throws {
        let path = try Vectors.path("hart/\(Self.composite)")
        #expect(try packages.run("pkg", "verify", path).hasSuffix("  core-20160810182414\n"))
        let info = try DocumentValue(json: packages.run("pkg", "info", path, "--json"))
        #expect(info["type"] == "composite" && info["services"]?.array?.isEmpty == false)
        #expect(info["resolved_services"]?.array?.count == info["services"]?.array?.count)
        #expect(try packages.run("pkg", "install", path) == "core/builder-tiny/1.0.0/20170930190003\n")
    }

    /// As before 2016-04-27: no target in the name and no TARGET in the package.
    @Test func beforeThereWereTargetsNothingCanBeInstalled() throws {
        var fixture = PackageFixture("acme/old/1.0/20160424223505")
        fixture.metafiles = ["TARGET": nil, "INTERPRETERS": "/hab/pkgs/acme/sh/1/1/bin/sh\n"]
        let path = try fixture.artifact(in: "\(packages.directory.path)/in", keys: packages.keys)
        #expect(try packages.run("pkg", "verify", path).hasSuffix("  acme-20260101000000\n"))
        #expect(packages.refusal(.failure, "pkg", "info", path).contains("TARGET"))
        #expect(packages.refusal(.failure, "pkg", "install", path).contains("TARGET"))
    }

    @Test(arguments: [
        "aarch64-darwin", "aarch64-linux", "aarch64-windows", "x86_64-darwin", "x86_64-linux-kernel2", "x86_64-windows",
    ])
    func everyTargetIsExplainedAndRefused(target: String) throws {
        var fixture = PackageFixture("acme/app/1.0/20260101000000", target: target)
        if target.hasSuffix("darwin") { fixture.root = "opt/hab" }
        let path = try fixture.artifact(in: "\(packages.directory.path)/in", keys: packages.keys)
        #expect(try DocumentValue(json: packages.run("pkg", "info", path, "--json"))["target"]?.string == target)
        let text = packages.refusal(.failure, "pkg", "install", path)
        #expect(text.contains(target.hasSuffix("darwin") ? "'/opt/hab'" : "for \(target)"), "\(text)")
    }
}
