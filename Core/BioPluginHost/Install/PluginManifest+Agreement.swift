// SPDX-License-Identifier: Apache-2.0

extension PluginManifest {
    /// In what the library contradicts its manifest; nil: in nothing.
    package func disagreement(with description: PluginDescription) -> String? {
        let words = description.formats.flatMap { [$0.id] + $0.aliases }
        if description.id == id, Set(words) == Set(formats), description.version == version { return nil }
        return "plugin '\(id)' says of itself '\(description.id) \(description.version)' with the formats "
            + "\(words.joined(separator: ", ")), its manifest says '\(id) \(version)' with "
            + formats.joined(separator: ", ")
    }
}
