// SPDX-License-Identifier: Apache-2.0

package import BioOCI

extension ImageLocation {
    /// What the names of files with documents about an image there begin with: the place's path, and in a layout, which
    /// has room for several images, a dot and what the image is called there. Nil where there is no path.
    ///
    /// `name` is as the layout lists it; what may not stand in a file's name, and more, is written as `%XX`, so that two
    /// names never make one.
    package func documentBase(named name: String?) -> String? {
        guard let path else { return nil }
        let trimmed = String(decoding: Array(path.utf8.reversed().drop { $0 == 0x2F }.reversed()), as: UTF8.self)
        guard !trimmed.isEmpty else { return nil }
        guard case .layout = self, let name else { return trimmed }
        return "\(trimmed).\(PackageURL.encoded(name))"
    }
}
