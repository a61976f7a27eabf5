// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPluginHost

@Suite struct PhaseLimitsTests {
    @Test func everyPhaseHasOne() {
        let limits = PhaseLimits()
        #expect(ExportPhase.allCases.map { limits.seconds($0) } == [5, 10, 10, 30, 300, 10, 5])
    }

    @Test func oneLimitForAllLeavesTheTimeToCancelAlone() {
        let limits = PhaseLimits(all: 7)
        #expect(ExportPhase.allCases.allSatisfy { limits.seconds($0) == 7 })
        #expect(limits.cancel == 2)
    }
}
