// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct PackageTargetTests {
    @Test(arguments: [
        ("x86_64-darwin", "x86_64", "darwin"), ("x86_64-linux", "x86_64", "linux"),
        ("x86_64-linux-kernel2", "x86_64", "linux"), ("x86_64-windows", "x86_64", "windows"),
        ("aarch64-darwin", "aarch64", "darwin"), ("aarch64-linux", "aarch64", "linux"),
        ("aarch64-windows", "aarch64", "windows"),
    ])
    func knowsEveryTarget(text: String, architecture: String, system: String) throws {
        let target = try PackageTarget(parsing: text)
        #expect(target.description == text)
        #expect(target.architecture == architecture)
        #expect(target.system == system)
    }

    @Test(arguments: ["", "linux", "X86_64-linux", "x86_64-linux ", "x86_64-linux-kernel3", "armv7-linux"])
    func refusesOthers(text: String) {
        #expect(throws: PackageTarget.ParseError(text: text)) { try PackageTarget(parsing: text) }
    }

    @Test func theHostIsLinux() {
        #expect(PackageTarget.host.system == "linux")
    }
}
