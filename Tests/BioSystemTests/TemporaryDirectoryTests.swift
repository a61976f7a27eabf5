// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

@Suite struct TemporaryDirectoryTests {
    @Test func goesWithAllThatIsInIt() throws {
        let scratch = try Scratch()
        let path: String
        do {
            let directory = try TemporaryDirectory(in: scratch.path, prefix: ".work-")
            path = directory.path
            try Directory.create(path + "/deep/deeper")
            #expect(try FileStatus.of(path)?.mode == 0o700)
        }
        #expect(try FileStatus.of(path) == nil)
    }

    @Test func staysWhenItIsKept() throws {
        let scratch = try Scratch()
        let path = try TemporaryDirectory(in: scratch.path, prefix: "kept-").keep()
        #expect(try FileStatus.of(path)?.kind == .directory)
    }
}
