// SPDX-License-Identifier: Apache-2.0

import BioSystem

/// Names of files that a value begins, for shells that are not asked to list them themselves.
struct FileCandidates {
    let files: Completion.Files
    /// As in `hart`.
    let artifactExtensions: [String]
    let home: String?

    /// Paths that begin with `value`, directories with a slash behind when `marksDirectories`. Names with control
    /// characters are left out: they cannot be shown, and lines end at some of them.
    func paths(_ value: String, marksDirectories: Bool) -> [String] {
        if files == .none { return [] }
        let cut = value.lastIndex(of: "/").map { value.index(after: $0) } ?? value.startIndex
        let folder = String(value[..<cut])
        let begin = String(value[cut...])
        let names = (try? Directory.names(folder.isEmpty ? "." : expanded(folder))) ?? []
        return names.compactMap { bytes in
            guard let name = String(validating: bytes, as: UTF8.self), name.hasPrefix(begin),
                begin.hasPrefix(".") || !name.hasPrefix("."), name.terminalSafe() == name
            else { return nil }
            let isDirectory = (try? FileStatus.of("\(expanded(folder))\(name)"))?.kind == .directory
            let isWanted =
                switch files {
                case .none: false
                case .any: true
                case .directories: isDirectory
                case .artifacts: isDirectory || artifactExtensions.contains { name.hasSuffix(".\($0)") }
                }
            return isWanted ? "\(folder)\(name)\(isDirectory && marksDirectories ? "/" : "")" : nil
        }
    }

    private func expanded(_ folder: String) -> String {
        guard folder.hasPrefix("~/"), let home else { return folder }
        return home + folder.dropFirst()
    }
}
