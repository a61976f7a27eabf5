// SPDX-License-Identifier: Apache-2.0

import BioPluginHost
import Testing

@Suite struct RunnerTrialTests {
    @Test func aTrialTravelsWithTheStart() throws {
        var trial = RunnerTrial()
        trial.abi = ABIVersion(rawValue: 0xFFFF)
        trial.growth = 64
        trial.withheld = ["bio.host.log/1", "bio.host.oci/1"]
        trial.fault = RunnerTrial.Fault(call: 7, code: 8)
        trial.workingDirectory = "/usr"
        trial.environment = ["TZ=Asia/Kathmandu"]
        trial.umask = 0o077
        trial.hasTwin = true
        var start = RunnerStart(bundle: PluginBundle(directory: "/d", library: "l.so"), hostVersion: "1")
        start.trial = trial
        start.sharesProcess = true
        let message = HostMessage.start(start)
        #expect(try HostMessage(parsing: message.bytes) == message)
        // The user's wish to stop is the host's affair.
        trial.cancelPhase = .run
        start.trial = trial
        #expect(HostMessage.start(start).bytes == message.bytes)
    }

    @Test func anExportOfAUsersHasNone() throws {
        let start = RunnerStart(bundle: PluginBundle(directory: "/d", library: "l.so"), hostVersion: "1")
        #expect(start.trial == nil)
        #expect(try HostMessage(parsing: HostMessage.start(start).bytes) == .start(start))
    }

    @Test(arguments: [
        RunnerObservation.threads(2), .descriptors([5, 6]), .workingDirectory, .umask, .environment, .locale,
        .signals([11, 13]), .streams, .entryDiffers, .written(["a", "b"]), .calls(40), .entryTime(123),
    ])
    func anObservationTravels(_ observation: RunnerObservation) throws {
        let message = RunnerMessage.observed(.plan, observation)
        #expect(try RunnerMessage(parsing: message.bytes) == message)
    }
}
