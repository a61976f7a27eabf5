// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// Links lead somewhere, and pages name only what is there.
@Suite struct LinkTests {
    @Test func everyRelativeLinkLeadsToAFile() throws {
        for path in try SourceTree.files("", ".md") {
            let folder = path.split(separator: "/").dropLast().joined(separator: "/")
            for match in try SourceTree.text(path).matches(of: /\]\(([^)\s]+)\)/) {
                let target = String(match.output.1).split(separator: "#").first.map(String.init) ?? ""
                if target.isEmpty || target.contains("://") || target.hasPrefix("mailto:") { continue }
                let file = "\(SourceTree.root)/\(folder.isEmpty ? "" : folder + "/")\(target)"
                #expect(try FileStatus.of(file) != nil, "\(path) links to \(target)")
            }
        }
    }

    /// `docs/…` and `Tests/…` in comments and texts are files too.
    @Test func everyPageNamedInASourceIsThere() throws {
        for folder in ["Core", "Plugins", "plugin-sdk"] {
            for path in try SourceTree.files(folder, ".swift", ".h", ".c", ".md") {
                for match in try SourceTree.text(path).matches(of: /docs\/[a-z-]+\/[A-Za-z0-9-]+(\.md)?/) {
                    let named = String(match.output.0)
                    let candidates = named.hasSuffix(".md") ? [named] : [named + ".md"]
                    let isThere = try candidates.contains { try FileStatus.of("\(SourceTree.root)/\($0)") != nil }
                    let isDecision = named.hasPrefix("docs/decisions/")
                    let decision = try isDecision && hasDecision(named)
                    #expect(isThere || decision, "\(path) names \(named)")
                }
            }
        }
    }

    private func hasDecision(_ named: String) throws -> Bool {
        let number = named.split(separator: "/").last?.prefix(4) ?? ""
        return try Directory.names("\(SourceTree.root)/docs/decisions")
            .contains { String(decoding: $0, as: UTF8.self).hasPrefix(number) }
    }
}
