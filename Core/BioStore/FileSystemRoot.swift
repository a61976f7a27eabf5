// SPDX-License-Identifier: Apache-2.0

package import BioPackage

/// The root that a store lives under: `/`, or what FS_ROOT says (package-model: 4 "Filesystem layout").
package struct FileSystemRoot: Hashable, Sendable {
    /// `/`, or a path without a closing slash.
    package let path: String
    package let flavour: Flavour

    /// `fsRoot` is the value of FS_ROOT; nil or empty means `/`.
    package init(fsRoot: String? = nil, flavour: Flavour = .biome) {
        var path = fsRoot ?? ""
        while path.utf8.count > 1 && path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
        self.path = path.isEmpty ? "/" : path
        self.flavour = flavour
    }

    /// A path below the root's own directory, as in `pkgs/core` for `/hab/pkgs/core`.
    package func path(_ relative: String) -> String {
        "\(path == "/" ? "" : path)/\(flavour.rootDirectory)/\(relative)"
    }

    /// Where an absolute path, as a package writes it, is below this root; other paths stay as they are.
    package func rooted(_ path: String) -> String {
        self.path == "/" || !path.hasPrefix("/") ? path : self.path + path
    }

    /// Installed packages: always here, whoever the user is.
    package var packages: String { path("pkgs") }

    package func packagePath(_ ident: QualifiedIdent) -> String {
        path("pkgs/" + ident.pathComponents.joined(separator: "/"))
    }

    /// Where the receipt of `ident` is or would be.
    package func receiptPath(_ ident: QualifiedIdent) -> String {
        path("receipts/\(ident.origin)/\(ident.name)/\(ident.version)/\(ident.release).receipt")
    }
}
