// SPDX-License-Identifier: Apache-2.0

/// What a value is, known by the word that stands for it in the tables, as `IDENT` does.
package enum ValueKind: Hashable, Sendable {
    /// An installed package.
    case ident
    /// A package that is installed or cached, or an artifact file.
    case package
    case artifact
    case origin
    case plugin
    /// A service that is loaded.
    case service
    case serviceGroup
    case target
    case file
    case directory
    /// Nothing that could be listed.
    case text

    package init(placeholder: String) {
        switch placeholder {
        case "IDENT", "PKG_IDENT", "IDENT_OR_NAME": self = .ident
        case "PKG", "PKG_IDENT_OR_ARTIFACT": self = .package
        case "HART", "ARTIFACT", "HART_FILE": self = .artifact
        case "ORIGIN": self = .origin
        case "PLUGIN": self = .plugin
        case "SERVICE": self = .service
        case "SERVICE.GROUP": self = .serviceGroup
        case "TARGET", "PKG_TARGET": self = .target
        case "FILE", "PATH", "TEMPLATE", "IMAGE", "OLD", "NEW", "PLACE", "SRC", "DST", "SOURCE", "DEST": self = .file
        case "DIR", "DIRECTORY", "DEST_DIR": self = .directory
        default: self = .text
        }
    }
}
