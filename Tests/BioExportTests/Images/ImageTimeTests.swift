// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPackage
import Testing

@Suite struct ImageTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:01Z"), (951_782_399, "2000-02-28T23:59:59Z"),
            (951_868_799, "2000-02-29T23:59:59Z"), (951_868_800, "2000-03-01T00:00:00Z"),
            (1_767_225_599, "2025-12-31T23:59:59Z"), (1_767_225_600, "2026-01-01T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"), (8_589_934_591, "2242-03-16T12:56:31Z"),
        ] as [(Int64, String)])
    func secondsAreTimes(_ seconds: Int64, _ text: String) { #expect(ImageTime.text(seconds) == text) }

    @Test func theNewestReleaseCounts() throws {
        func idents(_ releases: String...) throws -> [QualifiedIdent] {
            try releases.map { try QualifiedIdent(parsing: "acme/app/1.0/\($0)") }
        }
        let newest = ImageTime.newest(of: try idents("20250101000000", "20260101000000", "20240101000000"))
        #expect(ImageTime.text(newest) == "2026-01-01T00:00:00Z")
        #expect(ImageTime.newest(of: try idents("20000229235959")) == 951_868_799)
        for release in ["1", "20261301000000", "20260100000000", "20260101240000", "2026010100000a", "19691231235959"] {
            #expect(ImageTime.newest(of: try idents(release)) == 1)
        }
        #expect(ImageTime.newest(of: []) == 1)
    }
}
