// SPDX-License-Identifier: Apache-2.0

import BioArchive
package import BioCrypto
package import BioHart
package import BioPackage
package import BioSystem

/// Installs packages from artifacts (package-model: 6.3).
///
/// Signature and hash come first. Then the artifact and every dependency that is not there are unpacked beside their
/// final places, unseen; one sync; then they appear by rename, dependencies first. A failure before that leaves nothing
/// but, after a kill, directories whose names begin with a dot, which the next installation of that package removes.
/// A package is never replaced, and being beaten by another process is no failure.
package struct PackageInstaller: Sendable {
    /// What is happening, for whoever watches.
    package enum Event: Hashable, Sendable {
        case verifying(artifact: String)
        /// It is installed already.
        case using(QualifiedIdent)
        /// Somebody else is installing or removing it.
        case waiting(for: QualifiedIdent)
        case unpacking(QualifiedIdent)
        case removedAbandoned(path: String)
        /// What a killed installation left cannot be removed.
        case leftAbandoned(path: String, because: StoreError)
        case cached(path: String)
        /// The artifact is not kept in the cache; the package is installed all the same.
        case notCached(path: String, because: StoreError)
        case installed(QualifiedIdent)
        /// A package that was there without a receipt is what its artifact says, and has one now.
        case receipt(QualifiedIdent)
        /// It still has none.
        case noReceipt(QualifiedIdent, because: StoreError)
    }

    /// What an installation did.
    package struct Outcome: Hashable, Sendable {
        /// The package that was asked for.
        package let ident: QualifiedIdent
        /// In the order they appeared.
        package let installed: [QualifiedIdent]
        /// What was there already, or another process was quicker with.
        package let present: [QualifiedIdent]
    }

    package let store: PackageStore
    package let keys: KeyRing
    package let cache: ArtifactCache
    /// Packages for other targets are refused.
    package let target: PackageTarget
    package let limits: HartArchive.Limits
    /// Threads to decode a payload with, beside the one that unpacks; more than one help when it was compressed in
    /// several blocks.
    package let decoderThreads: Int
    /// Ends an installation between two blocks; nothing appears then.
    package let cancellation: Cancellation

    package init(
        store: PackageStore, keys: KeyRing, cache: ArtifactCache, target: PackageTarget = .host,
        limits: HartArchive.Limits = .verified, decoderThreads: Int = 2,
        cancellation: Cancellation = .never
    ) {
        self.store = store
        self.keys = keys
        self.cache = cache
        self.target = target
        self.limits = limits
        self.decoderThreads = decoderThreads
        self.cancellation = cancellation
    }

    /// Installs the package in `artifact` and the dependencies that its TDEPS names. Those come from the store, else
    /// from the artifact cache, else from the artifact's own directory. With `cacheArtifacts` copies of the artifacts
    /// are kept in the cache. `progress` may throw to cancel; then no further package appears.
    package func install(
        artifact: String, cacheArtifacts: Bool = true, progress: (Event) throws(StoreError) -> Void = { _ in }
    ) throws(StoreError) -> Outcome {
        try removeAbandoned(progress)
        let locks = StagingLocks(in: store.root)
        defer { withExtendedLifetime(locks) {} }
        let stage = ArtifactStage(installer: self, locks: locks, cacheArtifacts: cacheArtifacts)
        var asked: StagedPackage?
        var staged: [StagedPackage] = []
        var present: [QualifiedIdent] = []
        let (ident, dependencies): (QualifiedIdent, [QualifiedIdent])
        switch try stage.stage(artifact, expected: nil, progress: progress) {
        case .staged(let package):
            (ident, dependencies) = (package.ident, package.metadata.tdeps)
            asked = package
        case .present(let package):
            (ident, dependencies) = (package.ident, try package.metadata().tdeps)
            present.append(ident)
        }
        let slash = artifact.lastIndex(of: "/")
        let directory = slash.map { $0 == artifact.startIndex ? "/" : String(artifact[..<$0]) } ?? "."
        let located = try lock(locks, progress) { () throws(StoreError) in
            try locate(dependencies, of: ident, beside: directory)
        }
        for (dependency, path) in located {
            guard let path else {
                try progress(.using(dependency))
                present.append(dependency)
                continue
            }
            switch try stage.stage(path, expected: dependency, progress: progress) {
            case .staged(let package): staged.append(package)
            case .present: present.append(dependency)
            }
        }
        // A package has more TDEPS than any package among them, so this puts dependencies first; releases before
        // 1.6.70 sorted TDEPS by name, which is why their own order does not help. What was asked for is last, whatever
        // a dependency claims of its own.
        staged.sort { ($0.metadata.tdeps.count, $0.ident) < ($1.metadata.tdeps.count, $1.ident) }
        if let asked { staged.append(asked) }
        let publication = Publication(packages: staged, store: store, target: target, cancellation: cancellation)
        let (installed, others) = try publication.run(progress)
        return Outcome(ident: ident, installed: installed, present: present + others)
    }
}
