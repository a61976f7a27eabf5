// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioSystem
import Testing

@Suite struct PackageHashTests {
    private let directory: CLIScratch
    private let hash = "20590a52c4f00588c500328b16d466c982a26fabaa5fa4dcc83052dd0a84f233"

    init() throws {
        directory = try CLIScratch()
        try AtomicFile.write(Array("foo\n".utf8), to: "\(directory.path)/a b")
    }

    @Test func hashesArguments() {
        let world = World()
        #expect(world.run("pkg", "hash", "\(directory.path)/a b", "\(directory.path)/a b") == .done)
        #expect(world.standardOutput == "\(hash)  \(directory.path)/a b\n\(hash)  \(directory.path)/a b\n")
        #expect(world.standardError.isEmpty)
    }

    @Test func readsNamesFromStandardInput() throws {
        let world = World(input: "\(directory.path)/a b\r\n\n\(directory.path)/a b")
        #expect(world.run("pkg", "hash", "--format", "json") == .done)
        let result = try DocumentValue(json: world.standardOutput)
        #expect(result["schema_version"] == 1)
        #expect(result["files"]?.array?.count == 2)
        #expect(result["files"]?.array?.first?["blake2b"]?.string == hash)
    }

    @Test func namesWhatCannotBeRead() {
        let missing = World()
        #expect(missing.run("pkg", "hash", "\(directory.path)/nothing") == .failure)
        #expect(missing.standardError.contains("cannot open '\(directory.path)/nothing': No such file or directory"))
        let folder = World()
        #expect(folder.run("pkg", "hash", directory.path) == .failure)
        #expect(folder.standardError.contains("Is a directory"))
    }

    @Test func stopsWhenInterrupted() {
        let world = World()
        world.flag.set()
        #expect(world.run("pkg", "hash", "\(directory.path)/a b") == .interrupted)
        #expect(world.standardOutput.isEmpty)
    }
}
