// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport

enum ImageWorld {
    static let shared = Result { try ExportWorld(ImageFixture.all) }
}

extension ExportDesk {
    /// A desk of the shared world.
    init() throws { try self.init(try ImageWorld.shared.get()) }

    init(installing packages: [PackageFixture]) throws {
        try self.init(try ImageWorld.shared.get(), installing: packages)
    }

    /// Exports to an OCI archive, which must succeed.
    borrowing func image(_ arguments: String...) throws -> MadeImage { try image(arguments) }

    borrowing func image(_ arguments: [String]) throws -> MadeImage {
        let outcome = try bio.docker(arguments + ["-o", "image.tar", "--compression", "none"])
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: "no image: \(outcome.errorText)") }
        return MadeImage(path: work("image.tar"), errorText: outcome.errorText)
    }
}

extension BuiltBio {
    /// `bio pkg export docker …`
    func docker(_ arguments: [String]) throws -> Outcome { try run(["pkg", "export", "docker"] + arguments) }
    func docker(_ arguments: String...) throws -> Outcome { try docker(arguments) }
}

/// An OCI archive, as Python reads it (`judge.py`).
struct MadeImage {
    let path: String
    let errorText: String

    func judge(_ command: String, _ arguments: String...) throws -> String {
        let script = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/judge.py"
        let outcome = try Tool.run(["python3", script, command, path] + arguments)
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: "judge.py: \(outcome.errorText)") }
        return outcome.text
    }

    /// The text of a file of the image.
    func text(_ path: String) throws -> String { try judge("file", path) }

    /// The lines of its root file system; `path` chooses what lies at or below it.
    func tree(_ path: String = "") throws -> [String] {
        try judge("tree").split(separator: "\n").map(String.init).filter { line in
            path.isEmpty || line.contains(" \(path) ") || line.hasSuffix(" \(path)") || line.contains(" \(path)/")
        }
    }

    /// `config` of the image's configuration: what a container runs.
    func process() throws -> DocumentValue {
        let configuration = try DocumentValue(json: try judge("config"))
        return configuration["config"] ?? [:]
    }
}

extension DocumentValue {
    /// The strings of a list; nil when it is none.
    var strings: [String]? { array?.compactMap(\.string) }
    /// The names of an object's members; nil when it is none.
    var keys: [String]? { object?.members.map(\.key) }
}
