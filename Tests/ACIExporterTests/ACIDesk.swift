// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioTestSupport

extension ExportDesk {
    /// Exports to `image.aci`, which appc's own tool must find nothing wrong with, and returns the manifest.
    @discardableResult
    borrowing func manifest(_ arguments: String...) throws -> DocumentValue {
        let outcome = try bio.aci(arguments + ["-o", "image.aci"])
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: outcome.errorText) }
        let judged = try Tool.run(["actool", "validate", work("image.aci")])
        guard judged.code == 0 else { throw BuiltBio.Missing(description: "actool: \(judged.errorText)") }
        return try DocumentValue(json: try tool("tar", "-xOzf", work("image.aci"), "manifest"))
    }
}

extension BuiltBio {
    /// `bio pkg export aci …`
    func aci(_ arguments: [String]) throws -> Outcome { try run(["pkg", "export", "aci"] + arguments) }
    func aci(_ arguments: String...) throws -> Outcome { try aci(arguments) }
}
