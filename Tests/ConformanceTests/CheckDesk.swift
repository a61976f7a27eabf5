// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// A place to check plugins at: `bio` as it is built, with nothing of the user's.
struct CheckDesk: ~Copyable {
    private let scratch: Scratch
    let bio: BuiltBio

    struct Report {
        struct Case {
            let name: String
            let rule: String
            let verdict: String
        }

        let code: Int32
        let cases: [Case]
        let summary: DocumentValue
        let errors: String

        func names(_ verdict: String) -> [String] { cases.filter { $0.verdict == verdict }.map(\.name) }
        var failed: [String] { names("failed") }
        var skipped: [String] { names("skipped") }
    }

    init() throws {
        let made = try Scratch()
        for name in ["work", "home", "tmp", "keys"] { try Directory.create(made.file(name)) }
        bio = BuiltBio(
            root: made.file("root"), directory: made.file("work"), home: made.file("home"), temporary: made.file("tmp"),
            keys: made.file("keys"))
        scratch = made
    }

    var path: String { scratch.path }

    func check(_ words: String...) throws -> Report {
        let outcome = try bio.run(["plugin", "check", "--format", "json"] + words)
        let document = try DocumentValue(json: outcome.output)
        let cases = (document["cases"]?.array ?? []).map {
            Report.Case(
                name: $0["case"]?.string ?? "", rule: $0["rule"]?.string ?? "", verdict: $0["verdict"]?.string ?? "")
        }
        #expect(!cases.isEmpty, "\(outcome.errorText)")
        return Report(code: outcome.code, cases: cases, summary: document, errors: outcome.errorText)
    }

    /// Neither files nor processes.
    ///
    /// - Parameter library: nil for one that other tests load, too.
    func expectNothingLeft(_ library: String?, _ location: SourceLocation = #_sourceLocation) throws {
        #expect(try Directory.names(scratch.file("tmp")) == [], sourceLocation: location)
        #expect(try Directory.names(scratch.file("work")) == [], sourceLocation: location)
        #expect(try Directory.names(scratch.file("home")) == [], sourceLocation: location)
        if let library { #expect(try ProcessSearch.isGone(library), sourceLocation: location) }
    }
}
