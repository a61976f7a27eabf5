// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// The real program, disturbed (docs/explanation/crash-safety.md): `Tests/Support/faults/faults` starts it, kills it or
/// lets its system calls fail, and looks at what it leaves. What it prints says how to repeat a failure.
@Suite(.serialized) struct FaultTests {
    private func expectNoFailure(
        _ arguments: String..., location: SourceLocation = #_sourceLocation
    ) throws {
        let program = try Repository.built("dist/bin/bio")
        let outcome = try Tool.run(
            ["python3", Repository.path("Tests/Support/faults/faults")] + arguments + ["--bio", program])
        #expect(outcome.code == 0, "\(outcome.text)\(outcome.errorText)", sourceLocation: location)
        #expect(outcome.text.contains(" run, 0 failed"), "\(outcome.text)", sourceLocation: location)
    }

    /// `BIO_FAULT_ROUNDS` and `BIO_FAULT_SEED` choose other rounds.
    @Test func killedAtRandomMomentsItLeavesNothingHalf() throws { try expectNoFailure("kill") }

    @Test func killedAtEveryCallThatChangesNamesItLeavesNothingHalf() throws { try expectNoFailure("points") }

    @Test func aCallThatFailsForWantOfRoomIsAFailureThatLeavesNothing() throws { try expectNoFailure("errors") }

    @Test func whatIsMissingIsNamed() throws { try expectNoFailure("limits") }

    @Test func fiftyInstallationsAtOnceInstallOnce() throws { try expectNoFailure("crowd") }

    /// Plugins that do what no plugin may do (docs/explanation/sandbox.md).
    @Test func aHostilePluginHarmsNeitherHostNorStore() throws { try expectNoFailure("runners") }
}
