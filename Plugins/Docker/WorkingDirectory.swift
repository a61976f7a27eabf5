// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// `--workdir`: a directory of the image.
struct WorkingDirectory {
    /// Absolute.
    let path: String
    let root: ServiceRoot

    /// Nothing can be made at or below a file or a link of the layer.
    func check() throws(ExportFailure) {
        var above = ""
        for piece in path.split(separator: "/") {
            above += above.isEmpty ? piece : "/\(piece)"
            guard root.isTaken(above) else { continue }
            throw .option(
                DockerOptions.workingDirectory, "'\(path)' cannot be made: the image's /\(above) is no directory",
                hint: "name a directory of the image, as in /data")
        }
    }

    /// As an engine would make it, but writable for group 0. One inside a package is there or is a mistake.
    func write(to tree: RootFilesystem) throws(ExportFailure) {
        let path = String(path.dropFirst())
        let flavour = root.packages.root
        guard !path.isEmpty, !path.hasPrefix("\(flavour)/pkgs/"),
            !(root.directories.map(\.path) + [flavour, "\(flavour)/pkgs"]).contains(path)
        else { return }
        try tree.addDirectory(at: path, mode: 0o775)
    }
}
