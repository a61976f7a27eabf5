// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport

/// A stream of objects, as Python reads it (`judge.py`).
struct Manifest {
    let text: String
    let errorText: String
    let objects: [DocumentValue]

    init(_ outcome: BuiltBio.Outcome) throws {
        try self.init(text: outcome.text, errorText: outcome.errorText)
    }

    init(text: String, errorText: String = "") throws {
        self.text = text
        self.errorText = errorText
        let read = try Self.judge("json", text)
        guard read.code == 0 else { throw BuiltBio.Missing(description: "judge.py: \(read.errorText)\n\(text)") }
        objects = try DocumentValue(json: read.text).array ?? []
    }

    /// What is wrong with it: nothing of what schemas and an API server know.
    func faults() throws -> String {
        var faults = ""
        for command in ["validate", "check"] {
            let outcome = try Self.judge(command, text)
            if outcome.code != 0 { faults += outcome.text + outcome.errorText }
        }
        return faults
    }

    func all(_ kind: String) -> [DocumentValue] { objects.filter { $0["kind"]?.string == kind } }

    /// The object of this kind and name.
    func object(_ kind: String, _ name: String) -> DocumentValue? {
        all(kind).first { $0["metadata"]?["name"]?.string == name }
    }

    func workload(_ name: String) -> DocumentValue? { object("StatefulSet", name) ?? object("Deployment", name) }

    func pod(_ name: String) -> DocumentValue? { workload(name)?["spec"]?["template"]?["spec"] }

    func container(_ name: String) -> DocumentValue? { pod(name)?["containers"]?.array?.first }

    func words(_ name: String) -> [String] { container(name)?["args"]?.array?.compactMap(\.string) ?? [] }

    var names: [String] {
        objects.map { "\($0["kind"]?.string ?? "?") \($0["metadata"]?["name"]?.string ?? "?")" }
    }

    private static func judge(_ command: String, _ text: String) throws -> Tool.Outcome {
        let scratch = try Scratch()
        let path = try scratch.write(Array(text.utf8), to: "manifest.yaml")
        let script = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/judge.py"
        return try Tool.run(["python3", script, command, path])
    }
}
