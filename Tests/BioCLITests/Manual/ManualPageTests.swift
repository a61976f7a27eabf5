// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioTestSupport
import Testing

@Suite struct ManualPageTests {
    @Test func sampleIsGolden() throws {
        let root = SampleTree.root()
        let make = try #require(root.subcommands.first)
        #expect(try Golden.mismatch(ManualPage.text(for: [root, make]), "sample-make-manual") == nil)
    }

    /// What begins like a macro, or with a backslash, is text all the same.
    @Test func textStaysText() {
        let command = CommandSpec(
            "bio", abstract: "Do",
            discussion: ".so /etc/passwd\n'quoted' \\fBnot bold\\fR\n\n  .listing -x ~ ^ `y`", action: { _, _ in })
        let page = ManualPage.text(for: [command])
        #expect(page.contains("\n\\&.so /etc/passwd\n\\(aqquoted\\(aq \\efBnot bold\\efR\n"))
        #expect(page.contains(".EX\n  .listing \\-x \\(ti \\(ha \\(gay\\(ga\n.EE\n"))
    }

    @Test func everyOptionAndExitCodeIsThere() {
        let root = SampleTree.root()
        for command in root.subcommands where !command.isHidden {
            let page = ManualPage.text(for: [root, command])
            for option in command.options {
                #expect(page.contains(option.spelling.replacing("-", with: "\\-")), "\(option.name)")
                for variable in option.environment { #expect(page.contains(variable)) }
            }
            #expect(page.contains(".SH EXIT STATUS") && page.contains(".SH SEE ALSO"))
        }
    }
}
