// SPDX-License-Identifier: Apache-2.0

import BioPackage
package import BioStore

extension StatusReporter {
    /// A step of an installation, as Biome tells it.
    package func show(_ event: PackageInstaller.Event) {
        switch event {
        case .verifying(let artifact): status(.verifying, artifact)
        case .using(let ident): status(.using, ident.description)
        case .waiting(let ident): status(.waiting, "for another installation of \(ident)")
        case .unpacking: break
        case .removedAbandoned(let path): status(.deleting, "unfinished installation \(path)")
        case .leftAbandoned(_, let error): warn("an unfinished installation stays: \(error)")
        case .cached(let path): status(.cached, path)
        case .notCached(_, let error): warn("the artifact is not kept in the cache: \(error)")
        case .receipt(let ident): status(.created, "receipt of \(ident)")
        case .noReceipt(let ident, let error): warn("'\(ident)' gets no receipt: \(error)")
        case .installed(let ident): status(.installed, ident.description)
        }
    }
}
