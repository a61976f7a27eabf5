// SPDX-License-Identifier: Apache-2.0

import BioSupervisor
import BioSystem
import BioTemplate
import BioTestSupport
import Testing

@Suite struct TemplatePreviewTests {
    @Test func laterFilesAndMockDataWin() throws {
        let scratch = try Scratch()
        let defaults = try scratch.write(Array("port = 1\nname = \"n\"\n[a]\nb = 1\nc = 2\n".utf8), to: "default.toml")
        let user = try scratch.write(Array("port = 2\n[a]\nb = 3\n".utf8), to: "user.toml")
        let mock = try scratch.write(
            Array("{\"pkg\": {\"name\": \"p\"}, \"cfg\": {\"name\": \"m\", \"port\": 5}}".utf8), to: "mock.json")
        let template = try scratch.write(
            Array("{{cfg.port}}{{cfg.a.b}}{{cfg.a.c}}{{cfg.name}}{{pkg.name}}{{pkg.none}}".utf8), to: "app.conf")
        let preview = try TemplatePreview(defaults: defaults, mockData: mock, configuration: user)
        #expect(try preview.render(template, mode: .lenient, packagePath: { $0 }, log: nil) == "232mp")
        #expect {
            _ = try preview.render(template, mode: .strict, packagePath: { $0 }, log: nil)
        } throws: { error in
            (error as? TemplateError).map { "\($0)".contains("app.conf:1:") && "\($0)".contains("pkg.none") } ?? false
        }
    }

    @Test func whatCannotBeReadIsNamed() throws {
        let scratch = try Scratch()
        let bad = try scratch.write(Array("a = = 1".utf8), to: "bad.toml")
        #expect {
            _ = try TemplatePreview(defaults: bad, mockData: nil, configuration: nil)
        } throws: { "\($0)".contains("'\(bad)' is not TOML: 1:") }
        #expect(throws: SupervisorError.self) {
            try TemplatePreview(defaults: nil, mockData: nil, configuration: "/nowhere")
        }
        #expect(throws: SupervisorError.self) {
            try TemplatePreview(defaults: nil, mockData: bad, configuration: nil)
        }
    }
}
