// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioSystem
import Glibc

/// `description.json` beside a plugin's manifest: what the plugin said of itself when it was built or installed.
package enum DescriptionFile {
    /// The description that lies beside the manifest; nil when there is none that can be used.
    package static func read(in directory: String) -> PluginDescription? { bytes(in: directory).flatMap { parse($0) } }

    private static func bytes(in directory: String) -> [UInt8]? {
        // Without waiting: a pipe of that name would keep every listing from its end.
        let path = "\(directory)/\(PluginDescription.fileName)"
        guard let file = try? FileDescriptor.open(path, O_RDONLY | O_NONBLOCK),
            (try? file.status())?.kind == .file
        else { return nil }
        return try? file.readToEnd(limit: 4 << 20)
    }

    private static func parse(_ bytes: [UInt8]) -> PluginDescription? {
        guard let document = try? DocumentValue(json: bytes), let description = PluginDescription(document),
            description.problem == nil
        else { return nil }
        return description
    }

    /// A service without which no format of the plugin works and that this host lacks; nil when there is none, or no
    /// description. It is asked of every plugin that is listed: only a file with a service that is not offered is parsed.
    static func missingNeed(in directory: String) -> String? {
        guard let bytes = bytes(in: directory), !needsOnlyWhatIsOffered(bytes), let description = parse(bytes) else {
            return nil
        }
        let missing = description.formats.map { PluginExport.missingService(of: $0) }
        return missing.allSatisfy { $0 != nil } ? missing.first ?? nil : nil
    }

    /// Whether every list of needs, as `write` writes it, has only services of this host. False for any other form.
    private static func needsOnlyWhatIsOffered(_ bytes: [UInt8]) -> Bool {
        let start = Array("\"needs\": [".utf8)
        var rest = bytes[...]
        var count = 0
        while let place = rest.firstIndex(of: start) {
            let list = rest[(place + start.count)...].prefix { $0 != UInt8(ascii: "]") }
            let names = String(decoding: list, as: UTF8.self).split(separator: "\"").filter { $0.contains("/") }
            guard names.allSatisfy({ HostTables.offered.contains(String($0)) }) else { return false }
            count += 1
            rest = rest[list.endIndex...]
        }
        return count > 0
    }

    /// Writes it, whole or not at all.
    package static func write(_ description: PluginDescription, in directory: String) throws(SystemError) {
        try AtomicFile.write(
            description.document.jsonBytes(.pretty), to: "\(directory)/\(PluginDescription.fileName)")
    }
}

extension ArraySlice<UInt8> {
    /// Where `part`, which is not empty, begins for the first time.
    fileprivate func firstIndex(of part: [UInt8]) -> Int? {
        withUnsafeBufferPointer { here in
            part.withUnsafeBufferPointer { wanted in
                guard let start = here.baseAddress, let other = wanted.baseAddress, here.count >= wanted.count else {
                    return nil
                }
                for offset in 0...(here.count - wanted.count)
                where here[offset] == wanted[0] && memcmp(start + offset, other, wanted.count) == 0 {
                    return startIndex + offset
                }
                return nil
            }
        }
    }
}
