// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// `docs/reference/bio_export.md` is generated: what `bio_export.h` declares, and what its comments say of it.
@Suite struct HeaderReferenceTests {
    static let path = "docs/reference/bio_export.md"
    static let header = "plugin-sdk/include/bio_export.h"

    private func header() throws -> CHeader { CHeader(try SourceTree.text(Self.header)) }

    @Test func isCurrent() throws {
        let page = HeaderReference(try header()).page
        if getenv("BIO_UPDATE_GOLDEN") != nil {
            try AtomicFile.write(Array(page.utf8), to: "\(SourceTree.root)/\(Self.path)")
        }
        #expect(try SourceTree.text(Self.path) == page, "run the tests with BIO_UPDATE_GOLDEN=1 and look at the diff")
    }

    /// What the reader of the header did not understand would be missing from the page without a word.
    @Test func nothingIsLeftOut() throws {
        let page = HeaderReference(try header()).page
        for line in try SourceTree.text(Self.header).split(separator: "\n") {
            if let match = line.wholeMatch(of: /(?:typedef )?struct (bio_[a-z_]+) {/) {
                #expect(page.contains("### \(match.1)\n"), "\(match.1)")
            }
            if let match = line.prefixMatch(of: /#define (BIO_[A-Z]+_[A-Z0-9_]+) [(\"]/) {
                #expect(page.contains("`\(match.1)`"), "\(match.1)")
            }
        }
    }

    /// Each function tells the four things that the header promises to tell.
    @Test func everyFunctionSaysWhatItDoesWhereAndForHowLong() throws {
        for declaration in try header().sections.flatMap(\.declarations) {
            guard case .structure(let members) = declaration.form else { continue }
            for member in members where member.isFunction {
                for word in ["Does ", "Thread ", "Lives ", "Returns "] {
                    #expect(member.comment.contains(word), "\(declaration.name).\(member.name) lacks '\(word)'")
                }
            }
        }
    }
}

/// The page, from the parts of the header.
struct HeaderReference {
    let header: CHeader

    init(_ header: CHeader) { self.header = header }

    var page: String {
        var page = "# bio_export.h\n\nGenerated from the comments of `plugin-sdk/include/bio_export.h`; "
        page += "`BIO_UPDATE_GOLDEN=1` rewrites it. How the parts play together is in [abi.md](abi.md).\n\n"
        page += "```text\n\(header.preamble)\n```\n"
        for section in header.sections {
            page += "\n## \(section.title)\n"
            page += text(of: section.declarations)
        }
        return page
    }

    private func text(of declarations: [CHeader.Declaration]) -> String {
        var page = ""
        var rest = declarations[...]
        while let declaration = rest.popFirst() {
            switch declaration.form {
            case .constant:
                var constants = [declaration]
                while let next = rest.first, case .constant = next.form { constants.append(rest.removeFirst()) }
                page += table(of: constants)
            case .type(let type): page += "\n### \(declaration.name)\n\n`\(type)`: \(line(declaration.comment))\n"
            case .function: page += "\n### \(declaration.name)\n" + prototype(declaration.code, declaration.comment)
            case .structure(let members): page += structure(declaration, members)
            }
        }
        return page
    }

    /// Constants that one comment is about stand in one table below it.
    private func table(of constants: [CHeader.Declaration]) -> String {
        var page = ""
        var last: String?
        for constant in constants {
            if constant.shared != last {
                page += constant.shared.isEmpty ? "" : "\n\(line(constant.shared))\n"
                page += "\n| constant | value | |\n|---|---|---|\n"
            }
            last = constant.shared
            guard case .constant(let value) = constant.form else { continue }
            page += "| `\(constant.name)` | `\(cell(value))` | \(cell(line(constant.comment))) |\n"
        }
        return page
    }

    private func structure(_ declaration: CHeader.Declaration, _ members: [CHeader.Member]) -> String {
        var page = "\n### \(declaration.name)\n"
        if !declaration.comment.isEmpty { page += "\n\(line(declaration.comment))\n" }
        let fields = members.filter { !$0.isFunction }
        if !fields.isEmpty {
            page += "\n| member | |\n|---|---|\n"
            for field in fields { page += "| `\(cell(plain(field.code)))` | \(cell(line(field.comment))) |\n" }
        }
        for function in members where function.isFunction {
            page += "\n#### \(declaration.name).\(function.name)\n" + prototype(function.code, function.comment)
        }
        return page
    }

    private func prototype(_ code: String, _ comment: String) -> String {
        var page = "\n```c\n\(plain(code))\n```\n\n"
        for (word, text) in facts(comment) { page += "- **\(word)** \(text)\n" }
        return page
    }

    /// `Does …`, `Thread …`, `Lives …`, `Returns …`, each in its own lines or behind each other.
    private func facts(_ comment: String) -> [(String, String)] {
        let words = ["Does", "Thread", "Lives", "Returns"]
        let text = line(comment)
        var starts: [(word: String, at: String.Index)] = []
        for word in words {
            guard let range = text.firstRange(of: "\(word) ") else { continue }
            starts.append((word, range.lowerBound))
        }
        return starts.enumerated().map { index, start in
            let from = text.index(start.at, offsetBy: start.word.count)
            let end = index + 1 < starts.count ? starts[index + 1].at : text.endIndex
            return (start.word, from <= end ? String(text[from..<end]).trimmed : "")
        }
    }

    private func plain(_ code: String) -> String {
        code.replacing("*BIO_NONNULL ", with: "*").replacing("(*BIO_NULLABLE ", with: "(*")
            .replacing("BIO_NONNULL ", with: "").replacing(" BIO_NOEXCEPT", with: "")
            .replacing("BIO_EXPORT ", with: "").replacing("BIO_NULLABLE", with: "_Nullable")
    }

    private func line(_ comment: String) -> String {
        comment.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
