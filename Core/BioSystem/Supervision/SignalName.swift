// SPDX-License-Identifier: Apache-2.0

import CSystem

/// Signals by their names.
package enum SignalName {
    /// The number of a signal that is named without `SIG`, as in `QUIT`; nil when there is none.
    package static func number(of name: String) -> Int32? {
        (1..<65).first { bio_signal_name($0).map { String(cString: $0) } == name }
    }

    /// The name of a signal without `SIG`; nil when it has none.
    package static func of(_ number: Int32) -> String? { bio_signal_name(number).map { String(cString: $0) } }
}
