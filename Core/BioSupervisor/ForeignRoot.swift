// SPDX-License-Identifier: Apache-2.0

import BioPackage
import BioStore
import BioSystem

/// A root that is not `/`: the programs of its packages name files below `/hab`, which need not be there on this
/// system (docs/decisions/0013).
struct ForeignRoot {
    private let root: FileSystemRoot

    init(_ root: FileSystemRoot) { self.root = root }

    /// The first path that the rendered hook `text` needs and this system lacks: its interpreter, or something below
    /// `/hab/pkgs`. Below `/` nothing is asked: the hook says itself what it misses.
    func missingPath(in text: String) throws(SupervisorError) -> String? {
        guard root.path != "/" else { return nil }
        do throws(SystemError) {
            for path in Self.interpreter(of: text) + packagePaths(in: text) where try FileStatus.of(path) == nil {
                return path
            }
        } catch { throw .system(error) }
        return nil
    }

    /// `/bin/sh` of `#!/bin/sh -e`.
    private static func interpreter(of text: String) -> [String] {
        guard text.hasPrefix("#!") else { return [] }
        let words = text.dropFirst(2).prefix { !$0.isNewline }.split(separator: " ")
        return words.first.map { [String($0)] } ?? []
    }

    /// What begins with `/hab/pkgs/` in `text`, and not with this root before it.
    private func packagePaths(in text: String) -> [String] {
        let start = Array("/\(root.flavour.rootDirectory)/pkgs/".utf8)
        let bytes = Array(text.utf8)
        let prefix = Array(root.path.utf8)
        var found: [String] = []
        var index = 0
        while index + start.count <= bytes.count {
            guard bytes[index] == start[0], bytes[index...].starts(with: start) else {
                index += 1
                continue
            }
            let end = bytes[index...].firstIndex { !Self.isPathByte($0) } ?? bytes.count
            if !bytes[..<index].suffix(prefix.count).elementsEqual(prefix) {
                found.append(String(decoding: bytes[index..<end], as: UTF8.self))
            }
            index = end
        }
        return found
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
