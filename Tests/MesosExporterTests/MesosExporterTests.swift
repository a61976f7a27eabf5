// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

@Suite struct MesosExporterTests {
    @Test func theWorldIsThere() throws {
        let desk = try ExportDesk.platforms()
        let outcome = try desk.bio.run("pkg", "list", "--all")
        print(outcome.text, outcome.errorText)
    }
}
