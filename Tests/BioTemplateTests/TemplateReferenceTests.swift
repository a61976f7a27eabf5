// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTemplate
import Testing

@Suite struct TemplateReferenceTests {
    @Test func listsWhatATemplateUsesWithPlaces() throws {
        let template = try Template(
            parsing: """
                {{pkg_origin}}/{{toLowercase pkg_name}} {{#if cfg.on}}{{cfg.port}}{{/if}}
                {{#with cfg.repl}}{{size}} {{../top}}{{/with}}{{#each list as |x i|}}{{x.a}}{{b}}{{i}}{{@index}}{{/each}}
                {{#eachAlive m as |x|}}{{x.ip}}{{cfg.port}}{{/eachAlive}}{{@root.r}}{{lookup map "k"}}{{> p ctx a=arg}}
                """, name: "t")
        let shown = template.references().map { "\($0.position) \($0.path) \($0.names?.joined(separator: ".") ?? "?")" }
        #expect(
            shown == [
                "1:3 pkg_origin pkg_origin", "1:30 pkg_name pkg_name", "1:47 cfg.on cfg.on", "1:57 cfg.port cfg.port",
                "2:9 cfg.repl cfg.repl", "2:21 size cfg.repl.size", "2:30 ../top top", "2:55 list list",
                "2:72 x.a list.*.a", "2:79 b list.*.b", "2:84 i ?", "2:89 @index ?", "3:14 m m", "3:26 x.ip m.*.ip",
                "3:34 cfg.port cfg.port", "3:60 @root.r r", "3:78 map map", "3:93 ctx ctx", "3:99 arg arg",
            ])
    }

    @Test func aVariableMayHaveTheNameOfAFunction() throws {
        let template = try Template(parsing: "{{#with cfg.header}}{{len}}{{strConcat}}{{/with}}", name: "t")
        #expect(template.references().map(\.path) == ["cfg.header", "len"])
        #expect(throws: Never.self) { try template.check(variables: ["cfg"]) }
        let outside = try Template(parsing: "{{len}}", name: "t")
        #expect(throws: TemplateError.self) { try outside.check(variables: ["cfg"]) }
    }

    static func refusal(_ text: String) throws -> String? {
        let template = try Template(parsing: text, name: "--image-name")
        do throws(TemplateError) {
            try template.check(variables: ["pkg_origin", "pkg_name", "channel"])
            return nil
        } catch { return error.message + (error.hint.map { " / \($0)" } ?? "") }
    }

    @Test func unknownVariablesAreRefusedBeforeAnyWork() throws {
        #expect(try Self.refusal("{{pkg_origin}}/{{toLowercase pkg_name}}-{{channel}}") == nil)
        #expect(
            try Self.refusal("{{pkg_orign}}")
                == "--image-name:1:3: unknown variable 'pkg_orign' / did you mean 'pkg_origin'?")
        #expect(
            try Self.refusal("a{{version}}")
                == "--image-name:1:4: unknown variable 'version' / the variables are 'pkg_origin', 'pkg_name', 'channel'"
        )
        #expect(
            try Self.refusal("{{#if x}}{{/if}}")
                == "--image-name:1:7: unknown variable 'x' / the variables are 'pkg_origin', 'pkg_name', 'channel'")
        #expect(
            try Self.refusal("{{toLowercse pkg_name}}")
                == "--image-name:1:3: unknown function 'toLowercse' / did you mean 'toLowercase'?")
        #expect(try Self.refusal("{{toLowercase}}") == "--image-name:1:3: 'toLowercase' takes 1 argument (text), not 0")
    }
}
