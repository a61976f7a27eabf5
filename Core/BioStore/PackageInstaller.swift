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
        case unpacking(QualifiedIdent)
        case removedAbandoned(path: String)
        case cached(path: String)
        case installed(QualifiedIdent)
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
    /// Threads to decode a payload with; more than one helps when it was compressed in several blocks.
    package let decoderThreads: Int
    /// Ends an installation between two blocks; nothing appears then.
    package let cancellation: Cancellation

    package init(
        store: PackageStore, keys: KeyRing, cache: ArtifactCache, target: PackageTarget = .host,
        limits: HartArchive.Limits = HartArchive.Limits(payload: .init(members: 2_000_000)), decoderThreads: Int = 2,
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
        let stage = ArtifactStage(installer: self, cacheArtifacts: cacheArtifacts)
        var staged: [StagedPackage] = []
        var present: [QualifiedIdent] = []
        let (ident, dependencies): (QualifiedIdent, [QualifiedIdent])
        switch try stage.stage(artifact, expected: nil, progress: progress) {
        case .staged(let package):
            (ident, dependencies) = (package.ident, package.metadata.tdeps)
            staged.append(package)
        case .present(let package):
            (ident, dependencies) = (package.ident, try package.metadata().tdeps)
            present.append(ident)
        }
        for (dependency, path) in try locate(dependencies, of: ident, beside: artifact) {
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
        let installed = try publish(staged, &present, progress)
        return Outcome(ident: ident, installed: installed, present: present)
    }

    /// Where each dependency is to be had: nil when it is installed. All that are missing are named at once.
    private func locate(
        _ dependencies: [QualifiedIdent], of ident: QualifiedIdent, beside artifact: String
    ) throws(StoreError) -> [(QualifiedIdent, String?)] {
        let slash = artifact.lastIndex(of: "/")
        let directory = slash.map { $0 == artifact.startIndex ? "/" : String(artifact[..<$0]) } ?? "."
        let beside = ArtifactCache(path: directory)
        var found: [(QualifiedIdent, String?)] = []
        var missing: [QualifiedIdent] = []
        var seen: Set<QualifiedIdent> = [ident]
        for dependency in dependencies where seen.insert(dependency).inserted {
            if store.package(dependency, target: target) != nil {
                found.append((dependency, nil))
            } else if let path = cache.artifact(dependency, target: target)
                ?? beside.artifact(dependency, target: target)
            {
                found.append((dependency, path))
            } else {
                missing.append(dependency)
            }
        }
        if !missing.isEmpty {
            throw .dependenciesMissing(missing, of: ident, searched: [cache.path, directory])
        }
        return found
    }

    private func publish(
        _ staged: [StagedPackage], _ present: inout [QualifiedIdent], _ progress: (Event) throws(StoreError) -> Void
    ) throws(StoreError) -> [QualifiedIdent] {
        // A package has more TDEPS than any package among them, so this puts dependencies first; releases before
        // 1.6.70 sorted TDEPS by name, which is why their own order does not help.
        let ordered = staged.sorted { ($0.metadata.tdeps.count, $0.ident) < ($1.metadata.tdeps.count, $1.ident) }
        var installed: [QualifiedIdent] = []
        do throws(SystemError) { try ordered.first?.synchronize() } catch { throw .system(error) }
        for package in ordered {
            let cached: String?
            do throws(SystemError) { cached = try package.cacheArtifact() } catch { throw .system(error) }
            if let cached { try progress(.cached(path: cached)) }
        }
        for package in ordered {
            let won: Bool
            do throws(SystemError) { won = try package.publish() } catch { throw .system(error) }
            if won {
                installed.append(package.ident)
                try progress(.installed(package.ident))
            } else if store.package(package.ident, target: target) != nil {
                present.append(package.ident)
            } else {
                throw .occupied(path: store.root.packagePath(package.ident))
            }
        }
        return installed
    }
}
