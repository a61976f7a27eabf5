// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
import BioPluginHost

extension FuzzTarget {
    private static var seed: [UInt8] {
        let entries = [("libthing.so", true), ("plugin.toml", false), ("share/note", false)].map { path, isExecutable in
            PluginFileList.Entry(
                path: path, size: 3, digest: .blake2b256(of: Array(path.utf8)), isExecutable: isExecutable)
        }
        let list = try? PluginFileList(id: "org.example.thing", version: "1.0", target: .x86_64Linux, entries: entries)
        return Array((list?.text ?? "").utf8)
    }

    /// Lists of files and signatures: what is read is what is written again, byte for byte.
    static let pluginFiles = FuzzTarget("plugin-files", seeds: { [seed] }) { bytes in
        do throws(PluginFileList.Refusal) {
            let list = try PluginFileList(parsing: bytes)
            promise(Array(list.text.utf8) == bytes, "one content has two lists")
            for entry in list.entries {
                let parts = entry.path.split(separator: "/", omittingEmptySubsequences: false)
                promise(parts.allSatisfy { !$0.isEmpty && $0.first != "." }, "a path that leaves or hides")
                promise(entry.size >= 0, "a file of less than nothing")
            }
        } catch { checkMessage(error.description) }
        guard let signature = PluginSignature(parsing: bytes) else { return }
        promise(Array(signature.text.utf8) == bytes, "one signature has two texts")
        promise(signature.signature.count == 64, "a signature of another length")
    }
}
