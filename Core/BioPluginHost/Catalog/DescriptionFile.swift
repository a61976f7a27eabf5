// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioSystem
import Glibc

/// `description.json` beside a plugin's manifest: what the plugin said of itself when it was built or installed.
package enum DescriptionFile {
    /// The description that lies beside the manifest; nil when there is none that can be used.
    package static func read(in directory: String) -> PluginDescription? {
        // Without waiting: a pipe of that name would keep every listing from its end.
        let path = "\(directory)/\(PluginDescription.fileName)"
        guard let file = try? FileDescriptor.open(path, O_RDONLY | O_NONBLOCK),
            (try? file.status())?.kind == .file, let bytes = try? file.readToEnd(limit: 4 << 20),
            let document = try? DocumentValue(json: bytes), let description = PluginDescription(document),
            description.problem == nil
        else { return nil }
        return description
    }

    /// Writes it, whole or not at all.
    package static func write(_ description: PluginDescription, in directory: String) throws(SystemError) {
        try AtomicFile.write(
            description.document.jsonBytes(.pretty), to: "\(directory)/\(PluginDescription.fileName)")
    }
}
