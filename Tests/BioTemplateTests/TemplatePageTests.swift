// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate
import BioTestSupport
import Testing

/// Every row of docs/reference/templates.md renders as it says.
@Suite struct TemplatePageTests {
    /// The first two cells of a row: a template and its result, in code spans; `nothing` for an empty result.
    private static func row(_ line: Substring) -> (template: String, result: String)? {
        guard line.hasPrefix("| `") else { return nil }
        let cells = line.dropFirst(2).replacing("\\|", with: "\u{1}").split(
            separator: " | ", omittingEmptySubsequences: false)
        guard cells.count >= 2, let template = code(cells[0]) else { return nil }
        return cells[1] == "nothing" ? (template, "") : code(cells[1]).map { (template, $0) }
    }

    private static func code(_ cell: Substring) -> String? {
        guard cell.count > 2, cell.first == "`", cell.last == "`" else { return nil }
        return String(cell.dropFirst().dropLast()).replacing("\u{1}", with: "|").replacing("⏎", with: "\n")
    }

    @Test func everyRowRendersAsThePageSays() throws {
        let lines = try SourceTree.lines("docs/reference/templates.md")
        let start = try #require(lines.firstIndex(of: "```json"))
        let end = try #require(lines[start...].firstIndex(of: "```"))
        let context = try DocumentValue(json: lines[(start + 1)..<end].joined(separator: "\n"))
        var count = 0
        for line in lines where line.hasPrefix("| `") {
            let row = try #require(Self.row(line), "\(line)")
            let template = try Template(parsing: row.template, name: "templates.md")
            #expect(try template.render(context) == row.result, "\(line)")
            count += 1
        }
        #expect(count >= 40)
    }
}
