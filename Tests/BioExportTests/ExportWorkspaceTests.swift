// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioSystem
import BioTestSupport
import Testing

@Suite struct ExportWorkspaceTests {
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
