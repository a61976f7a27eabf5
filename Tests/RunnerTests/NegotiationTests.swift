// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

@testable import BioPluginHost

/// Which plugins a host of ABI 1.1 runs, by what they were built with, need and use: in their tables, and in the manifest
/// that is read before any library is.
@Suite(.timeLimit(.minutes(15))) struct NegotiationTests {
    struct Versions: Sendable, CustomTestStringConvertible {
        let variant: String
        let used: UInt32
        let built: UInt32
        let needed: UInt32
        var testDescription: String { variant }

        var refusal: PluginError.Problem {
            .notLoaded(
                .abi(
                    used: ABIVersion(rawValue: used), built: ABIVersion(rawValue: built),
                    needed: ABIVersion(rawValue: needed)))
        }
    }

    private func describe(_ variant: String, _ mode: Mode) throws -> PluginDescription {
        let scratch = try Scratch()
        let plugin = try CPlugin("misdescribed", variant: variant, in: scratch.path)
        return try PluginExport.describe(
            PluginBundle(libraryPath: plugin.library),
            PluginExport.Runtime(mode: try mode.runner, hostVersion: "test"))
    }

    @Test(
        arguments: [
            Versions(variant: "OLDER_ABI", used: 9, built: 9, needed: 9),
            Versions(variant: "NEWER_ABI", used: 0x1_0002, built: 0x1_0002, needed: 0x1_0002),
            Versions(variant: "OTHER_MAJOR", used: 0x2_0000, built: 0x2_0000, needed: 0x2_0000),
            Versions(variant: "USES_NEWER", used: 0x1_0002, built: 0x1_0002, needed: 0x1_0000),
            Versions(variant: "USES_LESS_THAN_IT_NEEDS", used: 0xFFFF, built: 0x1_0001, needed: 0x1_0000),
        ], Mode.allCases)
    func isRefusedWithAllNumbers(_ versions: Versions, _ mode: Mode) throws {
        let error = #expect(throws: PluginError.self) { try describe(versions.variant, mode) }
        #expect(error?.problem == versions.refusal)
        #expect(error?.hint == "rebuild the plugin with this bio's bio_export.h")
    }

    @Test(arguments: Mode.allCases)
    func oneBuiltWithANewerHeaderRunsWhenItNeedsNoMore(_ mode: Mode) throws {
        let description = try describe("BUILT_WITH_NEWER", mode)
        #expect(description.abiBuilt == ABIVersion(rawValue: 0x1_0002))
        #expect(description.abiNeeded == ABIVersion(rawValue: 0x1_0000))
        #expect(description.abi == ABIVersion(rawValue: 0x1_0000))
    }

    @Test func theHeadersNumberIsTheHosts() {
        #expect("\(PluginLibrary.hostRange.oldest) \(PluginLibrary.hostRange.newest)" == "1.0 1.1")
    }
}
