// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The id of an application: a path of names, which Marathon also makes DNS names of.
/// SPEC: Marathon's REST API, PathId: each piece is lower-case letters, digits, and dots and hyphens between them; the
/// last is none of the words that stand behind an id in its own addresses.
enum MarathonID {
    private static let reserved = ["restart", "tasks", "versions"]

    /// The user's, or one made of the package's origin and name.
    static func text(_ job: Job, of package: Package) throws(ExportFailure) -> String {
        if let given = job.text(MesosOptions.id) {
            let pieces = given.split(separator: "/", omittingEmptySubsequences: false)
            guard (given.hasPrefix("/") ? pieces.dropFirst() : pieces[...]).allSatisfy({ isName(String($0)) }),
                !reserved.contains(pieces.last.map(String.init) ?? "")
            else {
                throw .option(
                    MesosOptions.id, "'\(given)' is no id of Marathon's",
                    hint:
                        "as in shop/cart: lower-case letters, digits, and hyphens and dots between them; at the end none of "
                        + reserved.joined(separator: ", "))
            }
            return given
        }
        let pieces = [package.origin, package.name].map { piece in
            String(piece.lowercased().map { $0 == "_" ? "-" : $0 })
        }
        guard pieces.allSatisfy(isName), !reserved.contains(pieces[1]) else {
            throw .option(
                MesosOptions.id, "Marathon takes no id '\(pieces.joined(separator: "/"))'", hint: "choose one with --id"
            )
        }
        return pieces.joined(separator: "/")
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
                !label.isEmpty && label.first != "-" && label.last != "-"
                    && label.utf8.allSatisfy { byte in
                        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                            || byte == UInt8(ascii: "-")
                    }
            }
    }
}
