// SPDX-License-Identifier: Apache-2.0

import BioCrypto
package import BioOCI

/// Copies what a plan names into a repository: blobs first, several at a time, then manifests, children first, the tag
/// last. What is there already is not sent; what another repository of the registry has is mounted.
package struct RegistryCopy {
    private let repository: Repository
    /// Nil: the image gets no tag.
    private let tag: String?
    private let session: RegistrySession
    private let places: BlobPlaces
    private let report: PushReport

    package init(
        to repository: Repository, tag: String?, _ session: RegistrySession, places: BlobPlaces,
        report: PushReport = .silent
    ) {
        self.repository = repository
        self.tag = tag
        self.session = session
        self.places = places
        self.report = report
    }

    /// With `isDry` nothing is changed: the registry is only asked what it has.
    package func run(_ plan: CopyPlan, from contents: any ImageContents, isDry: Bool = false) throws -> CopyResult {
        let push = RepositoryPush(
            repository, session, places: places, writes: !isDry, progress: { report.advance($0) })
        var result = CopyResult(top: plan.top)
        result.manifests = plan.manifests.count
        result.referrers = plan.referrers.count
        result.referrersLeft = plan.leftBehind.count
        result.blobsOmitted = plan.omitted.count
        let (lacking, known) = try lookAround(plan, push.manifests)
        result.wasThere = !lacking.contains { $0.digest == plan.top.digest }
        let isLacking = { (manifest: CopyPlan.Manifest) in
            lacking.contains { $0.digest == manifest.document.descriptor.digest }
        }
        let manifests = plan.manifests.filter(isLacking)
        let referrers = plan.referrers.filter(isLacking)
        let blobs = unique((manifests + referrers).flatMap(\.blobs)).map { blob in
            PushedBlob(
                digest: blob.digest, size: blob.size, content: StoredContent(contents: contents, blob: blob),
                isLayer: true)
        }
        if isDry {
            let missing = try push.missing(blobs, known: known)
            result.blobsFound = blobs.count - missing.count
            if source(contents).isEmpty {
                result.blobsSent = missing.count
                result.bytesSent = missing.reduce(0) { $0 + $1.size }
            } else {
                result.blobsMounted = missing.count
            }
            return result
        }
        report.begin(blobs.reduce(0) { $0 + $1.size })
        defer { report.end() }
        try push.bring(blobs, known: known, from: source(contents))
        do { try put(plan, manifests, referrers, push.manifests) } catch let error as RegistryError
            where error.saysBlobsAreMissing
        {
            // Blobs that were there have gone since: all are asked for again, once.
            push.doubt()
            try push.bring(blobs, from: source(contents))
            try put(plan, manifests, referrers, push.manifests)
        }
        let outcomes = blobs.map { push.outcome(of: $0.digest) }
        result.blobsSent = outcomes.count { $0 == .sent }
        result.blobsMounted = outcomes.count { $0 == .mounted }
        result.blobsFound = outcomes.count { $0 == .found }
        result.bytesSent = push.bytesSent
        return result
    }

    // MARK: -

    /// Manifests that the repository has not got, and blobs that it must have because of others.
    private func lookAround(
        _ plan: CopyPlan, _ manifests: RepositoryManifests
    ) throws -> (lacking: [Descriptor], known: Set<Digest>) {
        let former = try manifests.digest(of: tag ?? "\(plan.top.digest)")
        let isTop = former == plan.top.digest
        var lacking: [Descriptor] = []
        var known: Set<Digest> = []
        // Where the top is there, so is what it names.
        let isNamed = try isTop || manifests.digest(of: "\(plan.top.digest)") != nil
        if isNamed { known.formUnion(plan.manifests.flatMap(\.blobs).map(\.digest)) }
        // The image before it under that tag shares most of its layers.
        if !isNamed, let former { known.formUnion(try manifests.blobs(of: former)) }
        if !isTop { lacking.append(plan.top) }
        for manifest in plan.manifests where !isNamed && manifest.document.descriptor.digest != plan.top.digest {
            let descriptor = manifest.document.descriptor
            let isThere = try manifests.digest(of: "\(descriptor.digest)") != nil
            if isThere { known.formUnion(manifest.blobs.map(\.digest)) } else { lacking.append(descriptor) }
        }
        for referrer in plan.referrers {
            let descriptor = referrer.document.descriptor
            let names = plan.tags.filter { $0.digest == descriptor.digest }.map(\.tag)
            let isThere = try (names.isEmpty ? ["\(descriptor.digest)"] : names).allSatisfy {
                try manifests.digest(of: $0) == descriptor.digest
            }
            if isThere { known.formUnion(referrer.blobs.map(\.digest)) } else { lacking.append(descriptor) }
        }
        return (lacking, known)
    }

    /// What is said of the image is there before its tag is.
    private func put(
        _ plan: CopyPlan, _ images: [CopyPlan.Manifest], _ referrers: [CopyPlan.Manifest],
        _ manifests: RepositoryManifests
    ) throws {
        for image in images where image.document.descriptor.digest != plan.top.digest { try put(image, manifests) }
        let top = images.first { $0.document.descriptor.digest == plan.top.digest }
        if let top, tag == nil || !referrers.isEmpty { try put(top, manifests) }
        for referrer in referrers { try putReferrer(referrer, plan, manifests) }
        if let top, let tag { try put(top, manifests, as: tag) }
    }

    private func put(_ manifest: CopyPlan.Manifest, _ manifests: RepositoryManifests, as tag: String? = nil) throws {
        let descriptor = manifest.document.descriptor
        try manifests.put(manifest.document.bytes, descriptor.mediaType, as: tag ?? "\(descriptor.digest)")
    }

    private func putReferrer(
        _ referrer: CopyPlan.Manifest, _ plan: CopyPlan, _ manifests: RepositoryManifests
    ) throws {
        let document = referrer.document
        for (tag, digest) in plan.tags where digest == document.descriptor.digest {
            try manifests.put(document.bytes, document.descriptor.mediaType, as: tag)
        }
        guard let subject = referrer.subject else { return }
        try manifests.put(referrer: document.bytes, referrer.descriptor, subject: subject.digest)
    }

    /// Repositories of the same registry that certainly have the blobs.
    private func source(_ contents: any ImageContents) -> [String] {
        guard let registry = contents as? RegistryContents, registry.repository.registry == repository.registry else {
            return []
        }
        return [registry.repository.path]
    }

    private func unique(_ blobs: [Descriptor]) -> [Descriptor] {
        var seen: Set<Digest> = []
        return blobs.filter { seen.insert($0.digest).inserted }
    }
}
