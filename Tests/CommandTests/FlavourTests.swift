// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// The later Biome's world with the built program.
@Suite struct FlavourTests {
    @Test func aPackageOfTheLaterBiomeRoundTrips() throws {
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-flavour-")
        var bio = Command()
        bio.environment = [
            "FS_ROOT": "\(scratch.path)/root", "HOME": "\(scratch.path)/home", "BIO_FLAVOUR": "biome-2.1",
            "BIO_CACHE_KEY_PATH": "\(scratch.path)/keys", "BIO_ORIGIN": "acme",
        ]
        #expect(try bio.run("origin", "key", "generate").code == 0)
        var fixture = PackageFixture("acme/app/1.0/20260101000000")
        fixture.root = "bio"
        let payload = "\(scratch.path)/app.tar.xz"
        try AtomicFile.write(try fixture.payload(), to: payload)
        let artifact = "\(scratch.path)/app.bart"
        #expect(try bio.run("pkg", "sign", payload, artifact).code == 0)
        #expect(try bio.run("pkg", "header", artifact).output.contains("Format Version : BART-1\n"))
        let installed = try bio.run("pkg", "install", artifact)
        #expect(installed.code == 0, "\(installed.errors)")
        #expect(
            try bio.run("pkg", "path", "acme/app").output
                == "\(scratch.path)/root/bio/pkgs/acme/app/1.0/20260101000000\n")

        var other = bio
        other.environment["BIO_FLAVOUR"] = nil
        other.environment["HAB_CACHE_KEY_PATH"] = "\(scratch.path)/keys"
        let refused = try other.run("pkg", "install", artifact)
        #expect(refused.code == 1 && refused.errors.contains("BIO_FLAVOUR=biome-2.1"), "\(refused.errors)")
        #expect(try other.run("pkg", "info", artifact).code == 0)
        other.environment["BIO_FLAVOUR"] = "unknown"
        let unknown = try other.run("pkg", "list")
        #expect(unknown.code == 64 && unknown.errors.contains("habitat, biome, biome-2.1"))
        #expect(try other.run("--version").code == 0)
    }
}
