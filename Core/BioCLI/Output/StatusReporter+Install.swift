// SPDX-License-Identifier: Apache-2.0

import BioPackage
package import BioStore
package import BioSupervisor

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

extension StatusReporter {
    /// A step of a removal.
    package func show(_ event: PackageRemoval.Event) {
        switch event {
        case .removed(let ident): status(.deleted, ident.description)
        case .waiting(let ident): status(.waiting, "for another installation or removal of \(ident)")
        case .sweptAbandoned(let path): status(.deleting, "what a killed bio left: \(path)")
        case .leftAbandoned(let path, let error): warn("'\(path)' cannot be deleted: \(error)")
        }
    }
}

extension StatusReporter {
    /// A step of running a hook.
    package func show(_ event: PackageHook.Event) {
        switch event {
        case .executing(let kind, let ident): status(.executing, "\(kind.rawValue) hook for '\(ident)'")
        case .oldUserConfiguration(let path, let better):
            warn("'\(path)' is read from where older releases had it; move it to '\(better)'")
        case .deferred(let kind, let ident, let path):
            warn(
                "the \(kind.rawValue) hook of '\(ident)' is not run: it needs '\(path)', which is not on this system; "
                    + "install the package again where FS_ROOT is the root")
        }
    }
}
