// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport

/// What one export made.
struct MadeApplication {
    let document: DocumentValue
    /// As it was printed.
    let text: String
    let errorText: String
    /// Absolute.
    let path: String
}

extension ExportDesk {
    /// Exports to `app.tgz` and `app.tgz.json`, or with `--docker` to `app.json`. What Marathon would not take is a
    /// failure.
    borrowing func application(_ arguments: String...) throws -> MadeApplication { try application(arguments) }

    borrowing func application(_ arguments: [String]) throws -> MadeApplication {
        let isImage = arguments.contains("--docker")
        let outcome = try bio.mesos(arguments + ["-o", isImage ? "app.json" : "app.tgz"])
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: outcome.errorText) }
        let path = work(isImage ? "app.json" : "app.tgz.json")
        let judged = try Tool.run(["python3", Self.judge, path])
        guard judged.code == 0 else { throw BuiltBio.Missing(description: "Marathon: \(judged.text)") }
        return MadeApplication(
            document: try DocumentValue(json: try contents(of: path)), text: outcome.text, errorText: outcome.errorText,
            path: path)
    }

    private static var judge: String {
        "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/judge.py"
    }
}

extension BuiltBio {
    /// `bio pkg export mesos …`
    func mesos(_ arguments: [String]) throws -> Outcome { try run(["pkg", "export", "mesos"] + arguments) }
    func mesos(_ arguments: String...) throws -> Outcome { try mesos(arguments) }
}
