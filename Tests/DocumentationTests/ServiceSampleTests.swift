// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Testing

/// `docs/reference/services`: a page for each service of the header, whose sample does what the page shows.
@Suite(.timeLimit(.minutes(15))) struct ServiceSampleTests {
    static let pages = [
        "log", "progress", "cancel", "fail", "arena", "files", "rootfs", "archive", "oci", "document", "chain", "tool",
        "secret", "registry", "template",
    ]

    @Test(arguments: pages, ["gcc", "clang"])
    func theSampleShowsWhatThePageSays(page: String, compiler: String) throws {
        let path = "docs/reference/services/\(page).md"
        #expect(try SourceTree.text(path).hasPrefix("# bio.host.\(page)/1\n"))
        let plugin = try SamplePlugin(path, compiler: compiler)
        let hosts = page == "registry" ? ["registry.example": try TestRegistry.shared(.plain).host] : [:]
        try PageShell.check(path, in: plugin.directory, plugin.variables(), hosts: hosts)
    }

    /// The header's services, the pages, the list of them, and the samples that are run.
    @Test func everyServiceHasItsPage() throws {
        let ids = try SourceTree.text("plugin-sdk/include/bio_export.h")
            .matches(of: /#define BIO_EXT_[A-Z]+ "bio\.host\.([a-z]+)\/1"/).map { String($0.output.1) }
        #expect(ids.count >= 14)
        let files = try Directory.names("\(SourceTree.root)/docs/reference/services").map {
            String(decoding: $0, as: UTF8.self)
        }
        let list = try SourceTree.text("docs/reference/services.md")
            .matches(of: /\[bio\.host\.([a-z]+)\/1\]\(services\/([a-z]+)\.md\)/)
        #expect(list.allSatisfy { $0.output.1 == $0.output.2 })
        for found in [files.map { String($0.split(separator: ".")[0]) }, list.map { String($0.output.1) }, Self.pages] {
            #expect(found.sorted() == ids.sorted())
        }
    }

    /// A sample uses the service that its page is about.
    @Test(arguments: pages) func theSampleIsAboutItsService(page: String) throws {
        let name = page.uppercased()
        let code = try Page("docs/reference/services/\(page).md").code
        #expect(code.first?.contains("BIO_EXT_\(name)") == true)
        #expect(code.first?.hasPrefix("static int32_t sample(const bio_host *host, const bio_job *job) {\n") == true)
    }
}
