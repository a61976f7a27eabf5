// SPDX-License-Identifier: Apache-2.0

import BioDocument
import Testing

/// What only YAML has, and templates of it.
@Suite struct DocumentDraftTests {
    private func yaml(_ items: [DocumentItem], isTemplate: Bool = false) -> String {
        DocumentItem.yamlText(items, isTemplate: isTemplate)
    }

    @Test func commentsStandBeforeTheirItems() throws {
        let draft: DocumentDraft = .map([
            .comment("first\n\nthird \u{1B}\u{2028}"), .member("a", .value(1)),
            .member(
                "list",
                .list([.comment("one"), .element(.value("x")), .element(.list([.comment("in"), .element(.value(2))]))])),
            .member(
                "maps", .list([.element(.map([.comment("k"), .member("k", .value(true)), .member("l", .value(nil))]))])),
            .member("none", .map([.comment("nothing")])), .member("empty", .list([.comment("nothing")])),
        ])
        let text = yaml([.comment("made by bio"), .element(draft), .element(.value("second"))])
        #expect(
            text == """
                # made by bio
                # first
                #
                # third \u{FFFD}\u{FFFD}
                a: 1
                list:
                  # one
                  - x
                  -
                    # in
                    - 2
                maps:
                  -
                    # k
                    k: true
                    l: null
                none: {}
                empty: []
                ---
                second

                """)
        let read = try Document.all(yaml: Array(text.utf8)).map(\.value)
        #expect(read == [try #require(draft.plainValue), "second"])
    }

    @Test func templatesHaveTheirParts() {
        let draft: DocumentDraft = .map([
            .member("name", .expression(".Values.name | quote")), .member("labels", .lines("include \"l\" .")),
            .lines("include \"more\" ."),
            .section("if .Values.x", [.member("x", .value("{{")), .comment("{{ x }}")]),
            .member(
                "list",
                .list([
                    .section("range .Values.list", [.element(.expression(". | quote")), .lines("toYaml .")]),
                    .element(.map([.section("with .y", [.member("k", .list([.element(.lines("toYaml ."))]))])])),
                ])),
        ])
        #expect(
            yaml([.element(draft)], isTemplate: true) == """
                name: {{ .Values.name | quote }}
                labels: {{- include "l" . | nindent 2 }}
                {{- include "more" . | nindent 0 }}
                {{- if .Values.x }}
                x: "{{"{{"}}"
                # {{"{{"}} x }}
                {{- end }}
                list:
                  {{- range .Values.list }}
                  - {{ . | quote }}
                  {{- toYaml . | nindent 2 }}
                  {{- end }}
                  -
                    {{- with .y }}
                    k:
                      - {{- toYaml . | nindent 8 }}
                    {{- end }}

                """)
        #expect(draft.plainValue == nil)
    }

    @Test func documentsOfATemplateAreApart() {
        let documents: [DocumentItem] = [
            .section("define \"a\"", [.element(.map([.member("x", .value(1))]))]), .element(.value(2)),
            .section("if .y", [.element(.value(3)), .element(.value(4))]), .element(.value(5)),
        ]
        #expect(
            yaml(documents, isTemplate: true) == """
                {{- define "a" -}}
                x: 1
                {{- end }}
                ---
                2
                {{- if .y }}
                ---
                3
                ---
                4
                {{- end }}
                ---
                5

                """)
    }

    @Test(arguments: [
        (".x }}\u{301} y", false), ("{\u{301}{", true), ("{{\u{301}", false),
        (".Values.x | quote", true), ("", false), ("a\nb", false), ("x }}", false), ("{{ x", false), ("\u{1B}", false),
        ("\"{\"", true),
    ])
    func expressionsStayBetweenTheirBraces(_ text: String, _ isOne: Bool) {
        #expect(DocumentItem.isExpression(text) == isOne)
    }

    @Test(arguments: [
        ("if .x", true), ("range .x", true), ("with .x", true), ("define \"x\"", true), ("end", false), ("iffy", false),
    ])
    func sectionsBeginWithAWord(_ text: String, _ isOne: Bool) { #expect(DocumentItem.isOpener(text) == isOne) }
}
