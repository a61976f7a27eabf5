// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import BioPackage

@Suite struct HookStatusFileTests {
    @Test func namesAreUpstreams() {
        #expect(HookStatusFile.allCases.map(\.rawValue) == ["INSTALL_HOOK_STATUS", "UNINSTALL_HOOK_STATUS"])
    }

    @Test(arguments: [("0", 0), ("1\n", 1), ("-1", -1), ("127\r\nrest", 127)])
    func readsTheFirstLine(text: String, code: Int32) {
        #expect(HookStatusFile.exitCode(in: Array(text.utf8)) == code)
    }

    @Test(arguments: ["", "\n0", "ok", "99999999999"])
    func whatIsNoNumberIsNone(text: String) {
        #expect(HookStatusFile.exitCode(in: Array(text.utf8)) == nil)
    }

    @Test func writesNoLineEnd() { #expect(HookStatusFile.contents(exitCode: 42) == Array("42".utf8)) }
}
