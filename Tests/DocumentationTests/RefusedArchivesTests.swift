// SPDX-License-Identifier: Apache-2.0

import BioStore
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `docs/reference/refused-archives.md` is generated from the corpus that the tests install.
@Suite struct RefusedArchivesTests {
    static let path = "docs/reference/refused-archives.md"

    private func cell(_ text: String) -> String {
        let plain = text.replacing(HostileArtifact.prefix, with: "PREFIX").replacing(
            HostileArtifact.ident, with: "IDENT")
        return plain.replacing("|", with: "\\|").replacing(/[ntd\/]{60,}/, with: "nnn…")
    }

    private var generated: String {
        var page = """
            # Refused archives

            What `bio` does with artifacts that somebody made to do harm, or that are broken. Each is refused as a whole: \
            nothing of it becomes visible, and nothing is written outside the directory it is unpacked in, which goes \
            too. `bio pkg verify` looks at header and signature only. `PREFIX` is the package's directory in its \
            payload, `IDENT` its ident; numbers behind "byte" are those of the test's artifacts. Why what is refused \
            is refused: [decision 0014](../decisions/0014-hostile-archives.md).

            The tables are generated from the tests' own artifacts; `BIO_UPDATE_GOLDEN=1` rewrites them.

            """
        for layer in HostileArtifact.Layer.allCases {
            page += "\n## \(layer.rawValue)\n\n| name | what it is | what is said | code |\n|---|---|---|---|\n"
            for trick in HostileCorpus.all where trick.layer == layer {
                let error = trick.error("a.hart")
                page += "| \(trick.name) | \(trick.what) | \(cell(error.description)) |"
                page += " \(HostileArtifact.exitCode(of: error)) |\n"
            }
        }
        page += "\n## Odd, and accepted\n\n| name | what it is | why |\n|---|---|---|\n"
        for oddity in HostileCorpus.accepted { page += "| \(oddity.name) | \(oddity.what) | \(oddity.why) |\n" }
        return page
    }

    @Test func isCurrent() throws {
        let page = generated
        if getenv("BIO_UPDATE_GOLDEN") != nil {
            try AtomicFile.write(Array(page.utf8), to: "\(SourceTree.root)/\(Self.path)")
        }
        #expect(try SourceTree.text(Self.path) == page, "run the tests with BIO_UPDATE_GOLDEN=1 and look at the diff")
    }
}
