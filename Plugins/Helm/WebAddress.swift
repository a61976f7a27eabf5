// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// An address of the web, as far as `helm lint` looks at one.
enum WebAddress {
    static func check(_ text: String, _ option: Option) throws(ExportFailure) {
        guard isAddress(text) else {
            throw .option(
                option, "'\(text)' is no address of the web", hint: "write one as in https://example.com/redis")
        }
    }

    /// `http://` or `https://`, a host, perhaps a port, and what RFC 3986 lets stand behind them.
    private static func isAddress(_ text: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else { return false }
        let rest = text.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let parts = host.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty,
            parts[0].allSatisfy({ isWord($0) || "-._".contains($0) }),
            parts.count == 1 || UInt16(parts[1]) != nil
        else { return false }
        var behind = rest.dropFirst(host.count)
        while let character = behind.popFirst() {
            if character == "%" {
                guard behind.count >= 2, behind.prefix(2).allSatisfy(\.isHexDigit) else { return false }
            } else if !isWord(character), !"-._~:/?#@!$&'()*+,;=".contains(character) {
                return false
            }
        }
        return true
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }
}
