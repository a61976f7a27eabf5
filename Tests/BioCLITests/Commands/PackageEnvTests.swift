// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import Testing

@testable import BioCLI

@Suite struct PackageEnvTests {
    private let packages: PackageWorld

    init() throws { packages = try PackageWorld() }

    @Test func printsExportLinesByName() throws {
        try packages.install()
        try AtomicFile.write(
            Array("PATH=/no\nZONE=a b\nJAVA_HOME=/hab/jdk\nSSL_CERT_FILE=/c\n".utf8),
            to: "\(packages.root)/hab/pkgs/\(PackageWorld.app)/RUNTIME_ENVIRONMENT")
        let path = [PackageWorld.app, PackageWorld.lib, PackageWorld.base].map { "/hab/pkgs/\($0)/bin" }
        let expected = """
            export JAVA_HOME="/hab/jdk"
            export PATH="\(path.joined(separator: ":"))"
            export SSL_CERT_FILE="/c"
            export ZONE="a b"

            """
        #expect(try packages.run("pkg", "env", "acme/app") == expected)
        let own = try packages.run("pkg", "env", "acme/app", variables: ["SSL_CERT_FILE": "/mine"])
        #expect(!own.contains("SSL_CERT_FILE"))
        let json = try DocumentValue(json: packages.run("pkg", "env", "acme/app", "--format", "json"))
        #expect(json["ident"]?.string == PackageWorld.app)
        #expect(json["variables"]?.array?.first == ["name": "JAVA_HOME", "value": "/hab/jdk"])
    }

    @Test func aShellReadsEachValueBackAsItIs() {
        #expect(ShellText.export("A", "plain/text:x") == "export A=\"plain/text:x\"")
        #expect(ShellText.export("A", "$(rm) `x` \"q\" \\") == "export A=\"\\$(rm) \\`x\\` \\\"q\\\" \\\\\"")
        #expect(ShellText.export("_a1", "") == "export _a1=\"\"")
        // What joins with a character must not hide it.
        #expect(ShellText.export("A", "\"\u{301}`\u{301}$\u{200D}")?.unicodeScalars.filter { $0 == "\\" }.count == 3)
        for name in ["", "1A", "A B", "A;rm", "A(x86)", "Ä"] { #expect(ShellText.export(name, "x") == nil) }
    }

    @Test func namesThatNoShellTakesAreLeftOut() throws {
        try packages.install()
        try AtomicFile.write(
            Array("A;reboot=1\nB=2\n".utf8),
            to: "\(packages.root)/hab/pkgs/\(PackageWorld.base)/RUNTIME_ENVIRONMENT")
        let world = packages.world()
        #expect(world.run("pkg", "env", "acme/base") == .done)
        #expect(world.standardOutput.hasPrefix("export B=\"2\"\nexport PATH="))
        #expect(world.standardError.contains("'A;reboot'"))
    }

    @Test func onlyInstalledPackagesHaveAnEnvironment() throws {
        _ = try packages.artifacts(in: "root/hab/cache/artifacts")
        #expect(packages.refusal(.packageNotFound, "pkg", "env", "acme/app").contains("bio pkg install acme/app"))
    }

    @Test func aMissingDependencyIsNamed() throws {
        try packages.install()
        try Directory.remove("\(packages.root)/hab/pkgs/acme/base")
        let text = packages.refusal(.packageNotFound, "pkg", "env", "acme/app")
        #expect(text.contains("hint: install what is missing: bio pkg install \(PackageWorld.base)"))
    }
}
