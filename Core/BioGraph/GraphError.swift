// SPDX-License-Identifier: Apache-2.0

package import BioPackage

/// Why some packages have no runtime closure.
package enum GraphError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `ident` is needed by `dependents` (at least one), but is not there. Every hole is told at once.
    case missing([Hole])
    /// Two releases of one package inside the closure of `root`; each with a package that asks for it.
    case conflict(root: QualifiedIdent, Claim, Claim)
    /// Each package needs the next, the last needs the first.
    case cycle([QualifiedIdent])

    package struct Hole: Hashable, Sendable {
        package let ident: QualifiedIdent
        package let neededBy: QualifiedIdent
    }

    package struct Claim: Hashable, Sendable {
        package let ident: QualifiedIdent
        package let neededBy: QualifiedIdent
    }

    package var description: String {
        switch self {
        case .missing(let holes):
            let list = holes.map { "'\($0.ident)' (needed by '\($0.neededBy)')" }.joined(separator: ", ")
            return "not installed: \(list)"
        case .conflict(let root, let one, let other):
            return "the closure of '\(root)' holds two releases of one package: '\(one.ident)' "
                + "(needed by '\(one.neededBy)') and '\(other.ident)' (needed by '\(other.neededBy)')"
        case .cycle(let idents):
            let chain = (idents + idents.prefix(1)).map { "'\($0)'" }.joined(separator: " needs ")
            return "packages need each other in a circle: \(chain)"
        }
    }

    package var hint: String? {
        switch self {
        case .missing(let holes):
            return "install \(holes.count == 1 ? "it" : "them") with 'bio pkg install', each from its .hart"
        case .conflict(_, let one, let other):
            return "rebuild the packages in between against one release of '\(one.ident.origin)/\(other.ident.name)'"
        case .cycle: return "one of these packages was built wrongly: its TDEPS names a package that is built on it"
        }
    }
}

/// Something that does not stop the graph, but tells of a package built in a strange way.
package enum GraphWarning: Hashable, Sendable, CustomStringConvertible {
    /// DEPS of `ident` names `dependency`, TDEPS does not. TDEPS decides.
    case dependencyNotTransitive(ident: QualifiedIdent, dependency: QualifiedIdent)

    package var description: String {
        switch self {
        case .dependencyNotTransitive(let ident, let dependency):
            return "DEPS of '\(ident)' names '\(dependency)', which its TDEPS lacks; TDEPS decides"
        }
    }
}
