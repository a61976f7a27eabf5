// SPDX-License-Identifier: Apache-2.0

import BioPackage
package import BioStore

extension StatusReporter {
    /// A step of an installation, as Biome tells it.
    package func show(_ event: PackageInstaller.Event) {
        switch event {
        case .verifying(let artifact): status(.verifying, artifact)
        case .using(let ident): status(.using, ident.description)
        case .unpacking: break
        case .removedAbandoned(let path): status(.deleting, "unfinished installation \(path)")
        case .cached(let path): status(.cached, path)
        case .installed(let ident): status(.installed, ident.description)
        }
    }
}
