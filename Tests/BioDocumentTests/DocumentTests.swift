// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

/// The same document in three languages: the same value, and a place for every part of it.
@Suite struct DocumentTests {
    @Test func theReadersSayTheSame() throws {
        let json = try Document(json: Array("{\"a\": [1,\n {\"é\": \"x\", \"b\": {}}],\n\"c\": true}".utf8))
        let toml = try Document(toml: Array("a = [1,\n {\"é\" = \"x\", b = {}}]\nc = true".utf8))
        let yaml = try Document(yaml: Array("a: [1,\n {é: x, b: {}}]\nc: true".utf8))
        #expect(json.value == toml.value && toml.value == yaml.value)
        let paths: [[DocumentStep]] = [["a"], ["a", 0], ["a", 1], ["a", 1, "b"], ["c"], ["c", "none"], ["a", 9]]
        func places(_ document: Document) -> [String] { paths.map { document.position(of: $0).description } }
        #expect(places(json) == ["1:2", "1:8", "2:2", "2:13", "3:1", "3:1", "1:2"])
        #expect(places(toml) == ["1:1", "1:6", "2:2", "2:14", "3:1", "3:1", "1:1"])
        #expect(places(yaml) == ["1:1", "1:5", "2:2", "2:9", "3:1", "3:1", "1:1"])
    }

    enum Language: CaseIterable, Sendable { case json, toml, yaml }

    private func problem(_ language: Language, _ limits: DocumentLimits, _ text: String) -> DocumentError.Problem? {
        do throws(DocumentError) {
            switch language {
            case .json: _ = try Document(json: Array("{\"a\": \(text)}".utf8), limits: limits)
            case .toml: _ = try Document(toml: Array("a = \(text)".utf8), limits: limits)
            case .yaml: _ = try Document(yaml: Array("a: \(text)".utf8), limits: limits)
            }
            return nil
        } catch { return error.problem }
    }

    @Test(arguments: Language.allCases) func everyReaderHasTheSameLimits(_ language: Language) {
        #expect(problem(language, DocumentLimits(length: 3), "1") == .tooLong(limit: 3))
        #expect(problem(language, DocumentLimits(depth: 2), "[[1]]") == .tooDeep(limit: 2))
        #expect(problem(language, DocumentLimits(values: 3), "[1, 2]") == .tooMany(limit: 3))
        #expect(problem(language, DocumentLimits(values: 3), "[1]") == nil)
    }
}
