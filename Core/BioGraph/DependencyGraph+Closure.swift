// SPDX-License-Identifier: Apache-2.0

package import BioPackage

extension DependencyGraph {
    /// The numbers of these packages and of all they need; of a package that is not there nothing.
    package func closure(of idents: [QualifiedIdent]) -> Set<Int> {
        let wanted = Set(idents)
        var found: Set<Int> = []
        var rest = packages.indices.filter { wanted.contains(packages[$0].ident) }
        while let index = rest.popLast() {
            if found.insert(index).inserted { rest += packages[index].edges.map(\.to) }
        }
        return found
    }
}
