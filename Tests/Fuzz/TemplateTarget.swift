// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate

extension FuzzTarget {
    /// The input is a template, and the partial `own` of itself; what is not UTF-8 is cut away.
    static let templates = FuzzTarget("templates") { bytes in
        do throws(TemplateError) {
            let own = try Template(parsing: bytes, name: "own")
            let template = try Template(parsing: bytes, name: "config/fuzz", partials: ["own": own])
            checkReferences(template)
            if !String(decoding: bytes, as: UTF8.self).contains("{{") {
                promise(try template.render([:]).utf8.elementsEqual(bytes), "a text without tags is not itself")
            }
            for mode in [Template.Mode.lenient, .strict] { try checkRendering(template, mode) }
        } catch { checkError(error) }
    }

    private static let context: DocumentValue = [
        "cfg": ["port": 80, "on": true, "hosts": ["a", "b"], "env": ["LANG": "C"], "none": nil, "empty": []],
        "pkg": ["name": "fuzz"],
        "bind": ["db": ["members": [["alive": true, "sys": ["ip": "::1"]], ["alive": false]]]],
    ]

    /// Small enough that no input takes long.
    private static let limits = Template.Limits(output: 64 << 10, partials: 8, steps: 20_000)

    private static func checkRendering(_ template: Template, _ mode: Template.Mode) throws(TemplateError) {
        var lines = 0
        let log: (Template.LogLine) -> Void = { line in
            promise(line.position.line > 0 && line.position.column > 0, "a log line before the text")
            lines += 1
        }
        let text = try template.render(context, mode: mode, limits: limits, log: log)
        promise(text.utf8.count <= limits.output, "a result longer than allowed")
        promise(lines <= limits.steps, "more log lines than steps")
        let again = try template.render(context, mode: mode, limits: limits)
        promise(again.utf8.elementsEqual(text.utf8), "a template renders otherwise the second time")
    }

    private static func checkReferences(_ template: Template) {
        for reference in template.references() {
            promise(!reference.path.isEmpty, "a reference to nothing")
            promise(reference.position.line > 0 && reference.position.column > 0, "a reference before the text")
        }
        do throws(TemplateError) { try template.check(variables: ["cfg", "pkg"]) } catch { checkError(error) }
    }

    private static func checkError(_ error: TemplateError) {
        checkMessage(error.message)
        if let hint = error.hint { checkMessage(hint) }
        promise(error.line > 0 && error.column > 0, "an error before the text")
        promise(error.lineText.unicodeScalars.count <= 120, "an error that shows too much")
        promise(error.caretOffset <= error.lineText.unicodeScalars.count, "a caret behind the line")
        checkMessage("." + error.lineText.replacing("\t", with: " "))
    }
}
