// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// What lies below a directory, as sorted lines to compare: `kind mode path -> target` or `kind mode size path`.
package func treeListing(_ root: String, withModes: Bool = true) throws -> [String] {
    var lines: [String] = []
    func walk(_ directory: String, _ prefix: String) throws {
        for name in try Directory.names(directory) {
            let text = String(decoding: name, as: UTF8.self)
            let path = directory + "/" + text
            guard let status = try FileStatus.ofLink(path) else { continue }
            let mode = withModes ? " " + String(status.mode, radix: 8) : ""
            switch status.kind {
            case .directory:
                lines.append("d\(mode) \(prefix)\(text)")
                try walk(path, prefix + text + "/")
            case .symlink:
                var buffer = [CChar](repeating: 0, count: 4097)
                let count = readlink(path, &buffer, 4096)
                let target = buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }
                lines.append("l \(prefix)\(text) -> \(String(decoding: target, as: UTF8.self))")
            case .file: lines.append("f\(mode) \(status.size) \(prefix)\(text)")
            case .other: lines.append("? \(prefix)\(text)")
            }
        }
    }
    try walk(root, "")
    return lines
}
