// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Testing

@testable import BioCLI

@Suite struct CompleteTests {
    /// Bash puts a candidate on the line as it stands: one that a shell would take apart is not offered.
    @Test func bashIsOfferedPlainWordsOnly() throws {
        let packages = try PackageWorld()
        for version in ["1.0", "1;$(id)", "2 3"] {
            let path = "\(packages.root)/hab/pkgs/acme/evil/\(version)/1"
            try Directory.create(path)
            try AtomicFile.write(Array("x86_64-linux\n".utf8), to: "\(path)/TARGET")
        }
        let world = packages.world()
        #expect(world.run("__complete", "bash", " \t\n\"'><=;|&(:", "bio pkg path acme/evil/") == .done)
        #expect(world.standardOutput.contains("acme/evil/1.0"))
        #expect(!world.standardOutput.contains { ";$( ".contains($0) })
    }
}
