// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport

/// The checkout this test was built from.
enum SourceTree {
    static let root: String = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")

    /// Every file below `folder` with one of the endings, as a path from the root; build folders are left out.
    static func files(_ folder: String, _ endings: String...) throws -> [String] {
        var found: [String] = []
        for name in try Directory.names("\(root)/\(folder)") {
            let name = String(decoding: name, as: UTF8.self)
            if name.hasPrefix(".") { continue }
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if try FileStatus.ofLink("\(root)/\(path)")?.kind == .directory {
                if ["dist", "dist.new", "build"].contains(path) { continue }
                for ending in endings { found += try files(path, ending) }
            } else if endings.contains(where: { name.hasSuffix($0) }) {
                found.append(path)
            }
        }
        return found
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try contents(of: "\(root)/\(path)"), as: UTF8.self)
    }

    static func lines(_ path: String) throws -> [Substring] {
        try text(path).split(separator: "\n", omittingEmptySubsequences: false)
    }
}
