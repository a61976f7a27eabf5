// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// The checkout that the tests were built from.
package enum SourceTree {
    /// Absolute.
    package static let root: String = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

    /// Every file below `folder` with one of the endings, as a path from the root; build folders are left out.
    package static func files(_ folder: String, _ endings: String...) throws -> [String] {
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

    /// The whole of a text file, by its path from the root.
    package static func text(_ path: String) throws -> String {
        String(decoding: try contents(of: "\(root)/\(path)"), as: UTF8.self)
    }

    /// The same by lines, empty ones too.
    package static func lines(_ path: String) throws -> [Substring] {
        try text(path).split(separator: "\n", omittingEmptySubsequences: false)
    }
}
