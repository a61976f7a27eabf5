// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// The user asks to stop once the plugin says that it is at work.
@Suite(.timeLimit(.minutes(15))) struct CancellationTests {
    private func cancel(_ behaviour: String, _ mode: RunnerMode, within limit: Duration = .seconds(30)) throws {
        var limits = PhaseLimits()
        limits.run = 60
        let world = try HostileWorld()
        let interruption = try Interruption()
        let observer = Observer { if $0 == "ready" { interruption.request() } }
        let clock = ContinuousClock()
        let began = clock.now
        #expect(throws: ExportCancelled()) {
            try world.export(behaviour, mode, limits: limits, observer: observer, interruption: interruption)
        }
        #expect(began.duration(to: clock.now) < limit)
        try world.expectNothingLeft()
    }

    @Test(arguments: Mode.allCases)
    func aPluginThatHeedsItEndsByItself(_ mode: Mode) throws { try cancel("heed-cancel", try mode.runner) }

    @Test(arguments: Mode.allCases)
    func theWishStaysThoughItsEventIsRead(_ mode: Mode) throws { try cancel("read-cancel", try mode.runner) }

    @Test(arguments: Mode.allCases)
    func aPluginThatIgnoresItIsLeft(_ mode: Mode) throws { try cancel("hang-run", try mode.runner) }

    /// Its own end of what the host tells it by is all that it can spoil.
    @Test func aPluginThatFillsTheEventIsLeft() throws {
        try cancel("fill-cancel", try HostileWorld.child, within: .seconds(25))
    }

    @Test func aPluginThatTalksWithoutEndIsEnded() throws { try cancel("progress-forever", try HostileWorld.child) }
}
