// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// docs/reference/environment.md names every variable that the sources look up, and no other.
@Suite struct EnvironmentTests {
    private static var lookups: [Regex<(Substring, Substring)>] {
        [
            #/environment\["([A-Z][A-Z0-9_]*)"\]/#, #/isOn\("([A-Z][A-Z0-9_]*)"\)/#, #/getenv\("([A-Z][A-Z0-9_]*)"\)/#,
            #/lookup\("([A-Z][A-Z0-9_]*)"\)/#,
        ]
    }

    private static func read() throws -> Set<String> {
        var found: Set<String> = []
        for folder in ["Core", "Plugins", "plugin-sdk"] {
            for path in try SourceTree.files(folder, ".swift", ".c", ".cpp", ".h") {
                let text = try SourceTree.text(path)
                for lookup in lookups { for match in text.matches(of: lookup) { found.insert(String(match.output.1)) } }
                // `environment: ["A", "B"]` of an option.
                for match in text.matches(of: #/environment: \[("[^\]]*)\]/#) {
                    for name in String(match.output.1).matches(of: #/"([A-Z][A-Z0-9_]*)"/#) {
                        found.insert(String(name.output.1))
                    }
                }
            }
        }
        return found
    }

    @Test func everyVariableIsDocumented() throws {
        let found = try Self.read()
        #expect(found.count >= 15)
        let page = try SourceTree.text("docs/reference/environment.md")
        let documented = Set(page.matches(of: #/\n\| `([A-Z][A-Z0-9_]*)` \|/#).map { String($0.output.1) })
        #expect(found.subtracting(documented).isEmpty, "read, not documented")
        #expect(documented.subtracting(found).isEmpty, "documented, not read")
    }

    /// A lookup by a name that is put together, or in another way, would escape the test above.
    @Test func variablesAreLookedUpInOneWay() throws {
        for path in try SourceTree.files("Core", ".swift") where path != "Core/BioCLI/Program.swift" {
            for line in try SourceTree.lines(path) where line.contains("environment[") {
                #expect(
                    line.contains(#/environment\["[A-Z0-9_]+"\]/#) || line.contains("environment[variable]"),
                    "\(path): \(line)")
            }
        }
    }
}
