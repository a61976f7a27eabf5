// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct MetaFileTests {
    @Test func isFoundByItsFileName() {
        #expect(MetaFile(rawValue: "TDEPS") == .tdeps)
        #expect(MetaFile(rawValue: "default.toml") == .defaultToml)
        #expect(MetaFile(rawValue: "CONFIG") == nil)
        #expect(MetaFile(rawValue: "tdeps") == nil)
    }

    @Test func theFileListIsNoMetadata() {
        #expect(!MetaFile.metadata.contains(.files))
        #expect(MetaFile.metadata.count == MetaFile.allCases.count - 1)
    }
}
