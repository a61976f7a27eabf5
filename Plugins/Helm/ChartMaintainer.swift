// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import Workload

/// Somebody who looks after a chart: `NAME[,EMAIL[,URL]]`.
struct ChartMaintainer {
    let name: String
    let email: String?
    let url: String?

    init(_ text: String) throws(ExportFailure) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard (1...3).contains(parts.count), !parts[0].isEmpty else {
            throw Self.failure(text, "is not NAME[,EMAIL[,URL]]", "write it as in 'Ann,ann@example.com'")
        }
        name = parts[0]
        email = parts.count > 1 && !parts[1].isEmpty ? parts[1] : nil
        url = parts.count > 2 && !parts[2].isEmpty ? parts[2] : nil
        if let email, !Self.isAddress(email) {
            throw Self.failure(text, "has no mail address in its second part", "write one as in ann@example.com")
        }
        if let url { try WebAddress.check(url, HelmOptions.maintainer) }
    }

    var value: DocumentValue { ["name": "\(name)", "email": .string(email), "url": .string(url)] }

    private static func failure(_ text: String, _ what: String, _ hint: String) -> ExportFailure {
        .option(HelmOptions.maintainer, "'\(text)' \(what)", hint: hint)
    }

    /// What `helm lint` takes, without its rarer forms: a local part, and a domain of at least two labels.
    private static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count) else { return false }
        let local = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let domain = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return local.allSatisfy { !$0.isEmpty && $0.allSatisfy { isWord($0) || "!#$%&'*+-/=?^_`{|}~".contains($0) } }
            && domain.count >= 2 && domain.last?.allSatisfy(\.isLetter) == true
            && domain.allSatisfy {
                !$0.isEmpty && $0.first != "-" && $0.last != "-" && $0.allSatisfy { isWord($0) || $0 == "-" }
            }
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }
}
