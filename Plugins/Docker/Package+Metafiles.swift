// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

extension Package {
    /// The text of a metafile; nil when there is none, or nothing in it.
    func filledMetadata(_ name: String) -> String? {
        guard let text = metadata(name), !text.isEmpty else { return nil }
        return text
    }
}
