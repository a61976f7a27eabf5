// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// Every plugin of this project keeps every rule.
@Suite(.timeLimit(.minutes(15))) struct FirstPartyTests {
    static let plugins = ["tar", "docker", "kubernetes", "helm", "cf", "mesos", "aci"]

    @Test(arguments: plugins) func keepsEveryRule(_ name: String) throws {
        let desk = try CheckDesk()
        let directory = try Repository.built("dist/lib/bio/plugins/\(name)")
        let report = try desk.check(directory, "--level", "full")
        #expect(report.failed == [] && report.names("blocked") == [], "\(report.errors)")
        let hasFunctions = ["kubernetes", "helm"].contains(name)
        #expect(report.skipped == ["go-runtime"] + (hasFunctions ? [] : ["functions"]))
        #expect(report.code == 0)
        try desk.expectNothingLeft(nil)
    }
}
