// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioSystem
import BioTestSupport
import Glibc
import Testing

@Suite struct ExportWorkspaceTests {
    @Test func itsPathsAreAbsoluteAndWithoutLinks() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file("real"))
        symlink("real", scratch.file("link"))
        let workspace = try ExportWorkspace(in: scratch.file("link/../link"))
        #expect(workspace.outDirectory.hasPrefix("/") && workspace.outDirectory.contains("/real/.bio-export-"))
        // The tests' own directory, as the user writes it.
        #expect(try ExportWorkspace(in: ".").scratchDirectory.hasPrefix("/"))
        #expect(throws: SystemError("create a temporary directory in", scratch.file("none"), .noSuchFile)) {
            try ExportWorkspace(in: scratch.file("none"))
        }
    }

    @Test func clearsAwayWhatAKilledExportLeft() throws {
        let scratch = try Scratch()
        try Directory.create(scratch.file(".bio-export-killed/made"))
        let other = try ExportWorkspace(in: scratch.path)
        let workspace = try ExportWorkspace(in: scratch.path)
        #expect(try FileStatus.of(scratch.file(".bio-export-killed")) == nil)
        #expect(try FileStatus.of(other.outDirectory)?.mode == 0o700)
        #expect(try FileStatus.of(workspace.madeDirectory)?.kind == .directory)
    }
}
