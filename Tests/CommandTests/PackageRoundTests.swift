// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// Keys, artifacts and packages with the built program alone.
@Suite struct PackageRoundTests {
    @Test func fromAKeyToAnInstalledPackage() throws {
        let scratch = try TemporaryDirectory(in: "/tmp", prefix: "bio-round-")
        var bio = Command()
        bio.environment["FS_ROOT"] = "\(scratch.path)/root"
        bio.environment["HOME"] = "\(scratch.path)/home"

        let generated = try bio.run("origin", "key", "generate", "acme")
        #expect(generated.code == 0)
        let key = generated.output.split(separator: "\n")[0]

        let payload = "\(scratch.path)/app.tar.xz"
        try AtomicFile.write(try PackageFixture("acme/app/1.0/20260101000000").payload(), to: payload)
        let hart = "\(scratch.path)/any name.hart"
        let signed = try bio.run("pkg", "sign", "--origin", "acme", payload, hart)
        #expect(signed.code == 0 && signed.output == "\(hart)\n")

        let hash = try bio.run("pkg", "hash", payload).output.prefix(64)
        let verified = try bio.run("pkg", "verify", hart)
        #expect(verified.code == 0 && verified.output == "\(hash)  \(key)\n")

        let installed = try bio.run("pkg", "install", hart)
        #expect(installed.code == 0 && installed.output == "acme/app/1.0/20260101000000\n")
        let path = try bio.run("pkg", "path", "acme/app")
        #expect(path.output == "\(scratch.path)/root/hab/pkgs/acme/app/1.0/20260101000000\n")
        let info = try bio.run("pkg", "info", "acme/app", "--json")
        #expect(try DocumentValue(json: info.output)["key_name"]?.string == String(key))

        // Another machine trusts the package only after it has the key.
        var other = bio
        other.environment["FS_ROOT"] = "\(scratch.path)/other"
        other.environment["HOME"] = "\(scratch.path)/otherhome"
        #expect(try other.run("pkg", "install", hart).code == 4)
        other.input = try bio.run("origin", "key", "export", "acme").output
        #expect(try other.run("origin", "key", "import").output == "\(key)\n")
        #expect(try other.run("pkg", "install", hart).code == 0)
        #expect(try other.run("pkg", "list", "--all").output == "acme/app/1.0/20260101000000\n")
    }
}
