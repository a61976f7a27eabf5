// SPDX-License-Identifier: Apache-2.0

import BioTestSupport
import Testing

/// How pages are read, and written again with what was really shown.
@Suite struct PageTests {
    @Test(arguments: ServiceSampleTests.pages.map { "docs/reference/services/\($0).md" } + [PluginErrorPageTests.path])
    func whatIsShownAsItWasIsNoChange(path: String) throws {
        let text = Page.text(try SourceTree.lines(path), showing: try Page(path).transcript.map(\.shown))
        #expect(text == (try SourceTree.text(path)))
    }

    @Test func onlyWhatIsShownIsReplaced() {
        let page = "text\n```console\n$ one\nold\n$ two\n```\n```sh\n$ no transcript\n```\n"
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            Page.text(lines, showing: ["new\nlines\n", ""])
                == "text\n```console\n$ one\nnew\nlines\n$ two\n```\n```sh\n$ no transcript\n```\n")
    }
}
