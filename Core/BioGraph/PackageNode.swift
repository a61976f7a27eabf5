// SPDX-License-Identifier: Apache-2.0

package import BioPackage

/// What the graph needs to know of one package: its own word on what it needs.
package struct PackageNode: Hashable, Sendable {
    package let ident: QualifiedIdent
    /// The metafile DEPS: direct runtime dependencies.
    package let deps: [QualifiedIdent]
    /// The metafile TDEPS: all runtime dependencies. It decides (docs/explanation/architecture.md).
    package let tdeps: [QualifiedIdent]

    package init(ident: QualifiedIdent, deps: [QualifiedIdent], tdeps: [QualifiedIdent]) {
        self.ident = ident
        self.deps = deps
        self.tdeps = tdeps
    }
}
