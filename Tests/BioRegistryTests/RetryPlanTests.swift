// SPDX-License-Identifier: Apache-2.0

import BioHTTP
import BioSystem
import Testing

@testable import BioRegistry

@Suite struct RetryPlanTests {
    @Test func waitsLongerEachTimeAndNotForever() {
        var plan = RetryPlan(retries: 9)
        for step in 0..<9 {
            let most = min(0.25 * Double(1 << step), 30)
            let wait = plan.wait(nil) ?? -1
            #expect((most / 2...most).contains(wait))
        }
        let last = plan.wait(nil)
        #expect(last == nil)
    }

    @Test func waitsAsLongAsItIsAskedTo() {
        var plan = RetryPlan(retries: 3)
        let waits = [plan.wait(7), plan.wait(0), plan.wait(3600)]
        #expect(waits[0] == 7 && waits[1].map { $0 > 0 } == true && waits[2] == nil)
    }

    @Test(
        arguments: [
            ("0", 0), ("120", 120), ("Sun, 06 Nov 1994 08:49:37 GMT", 7), ("Sun, 06 Nov 1994 08:49:00 GMT", 0),
            ("-1", nil),
            ("soon", nil), ("", nil), ("Sun, 06 Nov 1994 08:49:37", nil), ("Sun, 99 Nov 1994 08:49:37 GMT", nil),
            ("Sun, 06 Nov 1994 08:49 GMT", nil), ("1e3", nil),
        ] as [(String, Double?)]) func readsRetryAfter(text: String, seconds: Double?)
    {
        #expect(RetryAfter.seconds(text, now: 784_111_770) == seconds)
    }

    @Test func endsAWaitWhenItIsCancelled() {
        #expect(throws: HTTPError.cancelled) { try RetryPlan.sleep(60, Cancellation { true }) }
    }

    @Test(
        arguments: [
            (
                #"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown.","detail":{}}]}"#,
                "MANIFEST_UNKNOWN", "manifest unknown"
            ),
            (#"{"errors":[{"code":"a b","message":"x\u001b[31m\ny\u202e"}]}"#, nil, "x [31m y"),
            ("<html>x</html>", nil, ""),
            ("no space left on device\n", nil, "no space left on device"), (#"{"message":"denied"}"#, nil, "denied"),
            ("", nil, ""),
        ] as [(String, String?, String)]) func saysWhatARegistrySays(body: String, code: String?, text: String)
    {
        let message = RegistryMessage(Array(body.utf8))
        #expect(message.code == code && message.text == text, "\(message)")
    }

    @Test(
        arguments: [
            (#"299 - "gone \"soon\"""#, #"gone "soon""#), ("199 - \"x\"", nil), ("299 - \"", nil), ("299 - \"\"", nil),
            ("299 - x", nil),
        ] as [(String, String?)]) func readsWarnings(field: String, text: String?)
    { #expect(RegistryWarning.text(field) == text) }
}
