// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct PackageMetadataTests {
    static let ident = try? QualifiedIdent(parsing: "core/tree/1.7.0/20180609045201")

    private func metadata(_ files: [MetaFile: String]) throws -> PackageMetadata {
        let ident = try #require(Self.ident)
        return try PackageMetadata(
            ident: ident,
            files: [.target: Array("x86_64-linux\n".utf8)].merging(files.mapValues { Array($0.utf8) }) { $1 })
    }

    @Test func readsAPlainPackage() throws {
        let metadata = try metadata([
            .ident: "core/tree/1.7.0/20180609045201\n",
            .deps: "core/glibc/2.27/20180608041157\n",
            .tdeps: "core/glibc/2.27/20180608041157\ncore/linux-headers/4.15.9/20180608041107\n",
            .path: "/hab/pkgs/core/tree/1.7.0/20180609045201/bin\n",
            .runtimePath:
                "/hab/pkgs/core/tree/1.7.0/20180609045201/bin:/hab/pkgs/core/glibc/2.27/20180608041157/bin\n",
            .runtimeEnvironment: "PATH=/x\nJAVA_HOME=/hab/j\n", .type: "standalone\n",
            .interpreters: "/hab/pkgs/core/bash/4/1/bin/bash\n/hab/pkgs/core/bash/4/1/bin/sh\n",
        ])
        #expect(metadata.target == .x86_64Linux)
        #expect(metadata.type == .standalone)
        #expect(metadata.deps.map(\.name) == ["glibc"])
        #expect(metadata.tdeps.map(\.name) == ["glibc", "linux-headers"])
        #expect(metadata.path == ["/hab/pkgs/core/tree/1.7.0/20180609045201/bin"])
        #expect(metadata.runtimePath?.count == 2)
        #expect(metadata.runtimeEnvironment == [.init(name: "JAVA_HOME", value: "/hab/j")])
        #expect(metadata.interpreters.count == 2)
        #expect(metadata.raw[.type] == "standalone")
        #expect(!metadata.isService)
    }

    @Test func missingFilesAreEmpty() throws {
        let metadata = try metadata([:])
        #expect(metadata.deps.isEmpty && metadata.tdeps.isEmpty && metadata.path.isEmpty && metadata.exposes.isEmpty)
        #expect(metadata.runtimePath == nil)
        #expect(metadata.serviceUser == nil)
        #expect(metadata.shutdownTimeout == nil)
    }

    @Test func readsAServiceWithWindowsLineEnds() throws {
        let metadata = try metadata([
            .target: "x86_64-windows\r\n", .svcUser: "hab\r\n", .svcGroup: "hab\r\n", .exposes: "80 443\r\n",
            .binds: "database=port host\r\n", .bindsOptional: "storage=port host=ignored\r\n\r\n",
            .exports: "port=front-end.port\r\n", .shutdownSignal: "QUIT\r\n", .shutdownTimeout: "30\r\n",
            .path: "\\hab\\pkgs\\core\\tree\\1.7.0\\20180609045201\\bin;\\hab\\pkgs\\core\\x\\1\\1\\bin\r\n",
        ])
        #expect(metadata.isService)
        #expect(metadata.serviceUser == "hab" && metadata.serviceGroup == "hab")
        #expect(metadata.exposes == [80, 443])
        #expect(metadata.binds == [.init(name: "database", value: "port host")])
        #expect(metadata.bindsOptional.map(\.words) == [["port", "host"]])
        #expect(metadata.exports == [.init(name: "port", value: "front-end.port")])
        #expect(metadata.shutdownSignal == "QUIT")
        #expect(metadata.shutdownTimeout == 30)
        #expect(metadata.path == ["\\hab\\pkgs\\core\\tree\\1.7.0\\20180609045201\\bin"])
    }

    @Test(arguments: [
        ("/hab/pkgs/core/tree/1.7.0/20180609045201/bin", true), ("/hab/pkgs/core/tree/1.7.0/20180609045201", true),
        ("/bio/pkgs/core/tree/1.7.0/20180609045201/sbin", true), ("hab/pkgs/core/tree/1.7.0/20180609045201/bin", false),
        ("/hab/pkgs/core/tree/1.7.0/201806090452011/bin", false), ("/usr/bin", false),
        ("/hab/pkgs/core/tree/1.7.0/20180609045201/../../../bin", false), ("/hab/pkgs/core/glibc/2/1/bin", false),
    ])
    func keepsOnlyItsOwnPath(directory: String, kept: Bool) throws {
        #expect(try metadata([.path: "\(directory)\n"]).path == (kept ? [directory] : []))
    }

    @Test func anEmptyPathFileIsNoPath() throws {
        let metadata = try metadata([.path: "\n", .runtimePath: "\n"])
        #expect(metadata.path.isEmpty)
        #expect(metadata.runtimePath == [])
    }

    @Test func windowsPackagesWithoutPathHaveItInTheirEnvironment() throws {
        let own = "\\hab\\pkgs\\core\\tree\\1.7.0\\20180609045201\\bin"
        let files: [MetaFile: String] = [.runtimeEnvironment: "PATH=\(own);\\hab\\pkgs\\core\\x\\1\\1\\bin\r\n"]
        #expect(try metadata(files.merging([.target: "x86_64-windows\r\n"]) { $1 }).path == [own])
        #expect(try metadata(files).path.isEmpty)
        #expect(try metadata(files.merging([.target: "x86_64-windows", .path: "\r\n"]) { $1 }).path.isEmpty)
    }

    @Test func readsPathsThatMoveWithTheRoot() throws {
        let metadata = try metadata([.runtimeEnvironmentPaths: "A=/hab/x;/hab/y\r\nB=/hab/z\r\n"])
        #expect(metadata.runtimeEnvironmentPaths.map(\.name) == ["A", "B"])
        #expect(metadata.runtimeEnvironmentPaths[0].directories == ["/hab/x", "/hab/y"])
    }

    @Test func readsWhatPlansBuildWith() throws {
        let settings = try metadata([
            .ldRunPath: "/hab/a/lib:/hab/b/lib\n", .pkgConfigPath: "/hab/a/lib/pkgconfig\n", .libDirs: "/l\n",
            .includeDirs: "/i\n", .ldflags: "-L/hab/a/lib  -L/hab/b/lib\n", .cflags: "-I/hab/a/include\n",
            .cppflags: "-I/p\n", .cxxflags: "-I/x\n", .buildtimeEnvironment: "PERL5LIB=/hab/p\n",
            .buildtimeEnvironmentPaths: "LIB=/a;/b\n",
            .buildtimeEnvironmentProvenance: "PERL5LIB=core/perl/5/20260101000000\n",
            .runtimeEnvironmentProvenance: "JAVA_HOME=core/jdk/8/20260101000000 core/b/1/20260101000000\n",
            .environment: "PATH=/old\n", .environmentSep: "PATH=:\n",
        ]).buildSettings()
        #expect(settings.ldRunPath == ["/hab/a/lib", "/hab/b/lib"])
        #expect(settings.pkgConfigPath == ["/hab/a/lib/pkgconfig"])
        #expect(settings.libDirs == ["/l"] && settings.includeDirs == ["/i"])
        #expect(settings.ldflags == ["-L/hab/a/lib", "-L/hab/b/lib"] && settings.cflags == ["-I/hab/a/include"])
        #expect(settings.cppflags == ["-I/p"] && settings.cxxflags == ["-I/x"])
        #expect(settings.buildtimeEnvironment == [.init(name: "PERL5LIB", value: "/hab/p")])
        #expect(settings.buildtimeEnvironmentPaths.map(\.directories) == [["/a", "/b"]])
        #expect(settings.buildtimeProvenance.map(\.name) == ["PERL5LIB"])
        #expect(settings.runtimeProvenance.first?.words.count == 2)
        #expect(settings.legacyEnvironment == [.init(name: "PATH", value: "/old")])
        #expect(settings.legacySeparators == [.init(name: "PATH", value: ":")])
    }

    /// Only plans read these files: a slip in them does not keep a package from being installed.
    @Test func whatOnlyPlansReadIsCheckedWhenAPlanReads() throws {
        let metadata = try metadata([.buildtimeEnvironment: "nonsense\n", .bindMap: "nonsense\n"])
        #expect(throws: MetadataError.badLine(.buildtimeEnvironment, line: 1, text: "nonsense")) {
            try metadata.buildSettings()
        }
        #expect(throws: MetadataError.badLine(.bindMap, line: 1, text: "nonsense")) { try metadata.bindMap() }
    }

    @Test func readsTheBindsOfComposites() throws {
        let binds = try metadata([
            .bindMap: "core/api=router:core/router data:core/store\ncore/router=db:core/store\n"
        ]).bindMap()
        #expect(binds.map(\.service.name) == ["api", "router"])
        #expect(binds[0].binds.map(\.name) == ["router", "data"])
        #expect(binds[0].binds.map(\.service.name) == ["router", "store"])
    }

    @Test func textsAreReachable() throws {
        let metadata = try metadata([.manifest: "# x\n", .defaultToml: "a = 1\n", .runtimeSandbox: "(allow)\n"])
        #expect(metadata.manifest == "# x" && metadata.defaultConfiguration == "a = 1")
        #expect(metadata.runtimeSandbox == "(allow)")
    }

    @Test func readsComposites() throws {
        let metadata = try metadata([
            .type: "composite", .services: "core/builder-api\ncore/router/1\n",
            .resolvedServices: "core/builder-api/1/2\n",
        ])
        #expect(metadata.type == .composite)
        #expect(metadata.services.map(\.description) == ["core/builder-api", "core/router/1"])
        #expect(metadata.resolvedServices.map(\.description) == ["core/builder-api/1/2"])
    }

    @Test func nativePackagesAreTold() throws {
        #expect(try metadata([.packageType: "native\n"]).type == .native)
        #expect(try metadata([.packageType: "standard\n"]).type == .standalone)
    }

    @Test func refusesAnotherIdent() throws {
        let found = try QualifiedIdent(parsing: "core/tree/1.7.0/1")
        let expected = try #require(Self.ident)
        #expect(throws: MetadataError.identMismatch(found: found, expected: expected)) {
            try metadata([.ident: "core/tree/1.7.0/1"])
        }
    }

    @Test func refusesAPackageWithoutTarget() throws {
        let ident = try #require(Self.ident)
        #expect(throws: MetadataError.missing(.target, of: ident)) { try PackageMetadata(ident: ident, files: [:]) }
        #expect(throws: MetadataError.badTarget(.init(text: "vax-vms"))) { try metadata([.target: "vax-vms"]) }
    }

    @Test(arguments: [
        (MetaFile.ident, "core/../1/1"), (.tdeps, "core/x"), (.deps, "../../../etc"), (.type, "other"),
        (.packageType, "x"), (.services, "x"), (.exports, "port"), (.runtimeEnvironment, "=x"), (.svcGroup, "a:b"),
    ])
    func refusesMalformedFiles(file: MetaFile, content: String) {
        #expect(throws: MetadataError.self) { try metadata([file: content]) }
    }
}
