// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPluginHost

@Suite struct PhaseClockTests {
    private let second: Int64 = 1_000_000_000

    private func clock(_ phase: ExportPhase) -> PhaseClock { PhaseClock(phase, PhaseLimits(all: 10), now: 5 * second) }

    @Test(arguments: ExportPhase.allCases)
    func aPhaseEndsAfterItsLimit(_ phase: ExportPhase) { #expect(clock(phase).end == 15 * second) }

    @Test(arguments: ExportPhase.allCases)
    func onlyWorkInRunBuysTime(_ phase: ExportPhase) {
        var clock = clock(phase)
        clock.worked(at: 12 * second)
        #expect(clock.end == (phase == .run ? 22 : 15) * second)
    }

    @Test(arguments: ExportPhase.allCases)
    func theHostsTimeDoesNotCountButForeverIsTooLong(_ phase: ExportPhase) {
        var clock = clock(phase)
        clock.excuse(3 * second)
        #expect(clock.end == 18 * second)
        clock.excuse(1000 * second)
        #expect(clock.end == (phase == .run ? 1018 : 45) * second)
    }
}
