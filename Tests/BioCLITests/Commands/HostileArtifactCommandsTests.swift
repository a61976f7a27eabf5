// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioHart
import BioStore
import BioSystem
import BioTestSupport
import Testing

/// What a user sees of every trick of the corpus.
@Suite struct HostileArtifactCommandsTests {
    private func check(
        _ command: String, _ artifact: String, _ expected: StoreError?, in root: String,
        location: SourceLocation = #_sourceLocation
    ) {
        let world = World(variables: ["FS_ROOT": root, "HOME": "/nowhere"], userID: 0)
        let code = world.run("pkg", command, artifact)
        guard let expected else {
            #expect(code == .done, "\(command): \(world.standardError)", sourceLocation: location)
            return
        }
        #expect(code.rawValue == HostileArtifact.exitCode(of: expected), "\(command)", sourceLocation: location)
        #expect(
            world.standardError.contains(expected.description), "\(command): \(world.standardError)",
            sourceLocation: location)
        #expect(world.standardOutput.isEmpty, sourceLocation: location)
    }

    @Test(arguments: HostileCorpus.all.filter { $0.limits == .verified })
    func isExplained(_ trick: HostileArtifact) throws {
        let scratch = try CLIScratch()
        let (root, folder) = ("\(scratch.path)/root", "\(scratch.path)/in")
        let keys = try TestKeys(in: "\(root)/hab/cache/keys")
        try Directory.create(folder)
        let artifact = try trick.write(into: folder, keys: keys)
        check("install", artifact, trick.error(artifact, ring: keys.ring), in: root)
        check("verify", artifact, trick.error(artifact, ring: keys.ring, of: trick.verify), in: root)
        check("info", artifact, trick.error(artifact, ring: keys.ring, of: trick.info), in: root)
        // The two lock files are made once and stay.
        let kept = ["d hab", "d hab/pkgs", "d hab/receipts", "f 0 hab/receipts/.lock", "f 0 hab/receipts/.staging"]
        let left = try treeListing(root, withModes: false).filter { line in
            !line.contains("hab/cache") && !kept.contains { line == $0 || line.hasPrefix($0 + " ") }
        }
        #expect(left.isEmpty, "\(left)")
    }
}
