// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioPackage
package import BioSystem
import Glibc

/// What a host offers a plugin during one export: the services of `bio_export.h` as Swift, with every argument
/// checked. Indices, handles and paths come from a plugin that may lie.
package final class ExportServices {
    let job: ExportJob
    let bytes: PackageBytes
    let workspace: ExportWorkspace
    /// What the user wants of images; nil: the format does not include their options.
    let images: ImagePublishing?
    let threads: Int
    let cancelled: @Sendable () -> Bool
    let progress: @Sendable (UInt64, UInt64) -> Void
    var ledger: ArtifactLedger
    var trees: [UInt64: RootFilesystem] = [:]
    /// What the plugin has put into all trees, in bytes (`RootFilesystem.ownBytes`).
    var treeBytes = 0
    /// Images under construction, and those of them that need no more of it.
    var drafts: [UInt64: ImageDraft] = [:]
    var published: Set<UInt64> = []
    /// What the user's options say, by id.
    let options: [String: OptionValue]
    let reach: ExportReach
    /// What the plugin may hand to a program, and does not see.
    var secrets: [UInt64: [UInt8]] = [:]
    /// The programs that were run, one after the other.
    package internal(set) var toolRuns: [String] = []
    /// What is to be pushed when the plugin has ended.
    package internal(set) var pushes: [StagedRegistryArtifact] = []
    /// Why one of them came to nothing: told to the user as it is.
    package internal(set) var pushFailure: (any Error)?
    let artifactKinds: [String]
    /// Makes the exports that the plugin asks for; nil: nobody does.
    let children: (any ChildExports)?
    var plannedChildren: Set<ChildRequest> = []
    var madeChildren: Set<ChildRequest> = []
    var childImages: [ChildRequest: ImageDraft] = [:]
    /// Why one of them came to nothing: told to the user as it is.
    package internal(set) var childFailure: (any Error)?
    /// Why a service could not be rendered: told to the user as it is.
    package internal(set) var renderFailure: (any Error)?
    /// What images are called by the user's options; nil: the format does not include them.
    let imageNames: ImageNames?
    private(set) var isPlanning = false
    private(set) var isRunning = false

    /// The last refusal: what the user is told when the plugin just passes the code on.
    package private(set) var lastRefusal: ServiceError?

    /// - Parameters:
    ///   - artifactKinds: the kinds that the format names.
    ///   - options: the format's own, by id.
    ///   - progress: bytes done and in all, of the archive being written; called often.
    package init(
        job: ExportJob, artifactKinds: [String], bytes: PackageBytes, workspace: ExportWorkspace,
        images: ImagePublishing? = nil, imageNames: ImageNames? = nil, children: (any ChildExports)? = nil,
        options: [String: OptionValue] = [:], reach: ExportReach = ExportReach(), threads: Int,
        isCancelled: @escaping @Sendable () -> Bool,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void
    ) {
        self.job = job
        self.artifactKinds = artifactKinds
        self.bytes = bytes
        self.workspace = workspace
        self.images = images
        self.options = options
        self.reach = reach
        self.imageNames = imageNames
        self.children = children
        self.threads = threads
        cancelled = isCancelled
        self.progress = progress
        ledger = ArtifactLedger(
            kinds: artifactKinds, outDirectory: workspace.outDirectory, userName: job.outputName,
            packages: job.roots.map { $0.ident.pathComponents.joined(separator: "-") },
            cancellation: Cancellation(isCancelled))
    }

    package var isCancelled: Bool { cancelled() }
    var cancellation: Cancellation { Cancellation(cancelled) }

    package func phaseBegan(isPlanning: Bool, isRunning: Bool) {
        self.isPlanning = isPlanning
        self.isRunning = isRunning
        lastRefusal = nil
    }

    /// Runs one service and keeps its refusal for the user.
    package func serve<R>(_ service: () throws(ServiceError) -> R) throws(ServiceError) -> R {
        do throws(ServiceError) { return try service() } catch {
            lastRefusal = error
            throw error
        }
    }

    // MARK: - Artifacts

    package func emit(_ artifact: EmittedArtifact) throws(ServiceError) {
        if isPlanning {
            try ledger.plan(artifact)
        } else if isRunning {
            try ledger.make(artifact)
        } else {
            throw ServiceError(.misuse, "the plugin emitted an artifact outside of plan and run")
        }
    }

    /// What the plugin intends, after `plan`. Throws when it is no plan.
    package func plan() throws(ServiceError) -> [EmittedArtifact] {
        if let problem = ledger.planProblem(withImage: images?.isPlanned == true) {
            throw ServiceError(.invalid, problem)
        }
        return ledger.planned
    }

    /// What the plugin made, after it ended. Throws when something is missing or not what was said.
    package func made() throws(ServiceError) -> [MadeArtifact] {
        if let images, images.isPlanned, !images.isMade {
            throw ServiceError(.notFound, "the plugin planned an image, but did not publish it")
        }
        try checkChildren()
        guard ledger.missing.isEmpty else {
            throw ServiceError(
                .notFound, "the plugin planned '\(ledger.missing.joined(separator: "', '"))', but did not make it")
        }
        return try ledger.sealed().map { made in
            var emitted = made.emitted
            let pushed = pushed(emitted)
            if let pushed { emitted.reference = pushed.reference }
            return MadeArtifact(
                emitted: emitted, digest: made.digest ?? pushed?.digest, size: made.size,
                directory: made.isHostMade ? workspace.madeDirectory : workspace.outDirectory,
                shownText: made.shownText)
        }
    }

    /// Opens a file that an artifact could be: one that a host service wrote, or the plugin itself.
    func openWritten(_ path: String, for what: String) throws(ServiceError) -> FileDescriptor {
        try ledger.open(path, in: workspace, for: what)
    }

    /// Refuses a path that no new artifact may have.
    func checkNew(_ path: String) throws(ServiceError) {
        try ledger.checkPath(path)
        try ledger.checkWritten(path)
    }

    // MARK: - Files

    func package(_ index: UInt32) throws(ServiceError) -> ExportPackage {
        guard index < UInt32(job.packages.count) else {
            throw ServiceError(.notFound, "package \(index) is not in the graph, which has \(job.packages.count)")
        }
        return job.packages[Int(index)]
    }

    func file(_ index: UInt64, of package: ExportPackage) throws(ServiceError) -> PackageFile {
        guard index < UInt64(package.fileCount) else {
            throw ServiceError(.notFound, "'\(package.ident)' has no file \(index), it has \(package.fileCount)")
        }
        try package.readFiles()
        return package.files[Int(index)]
    }

    package func files(of index: UInt32, from first: UInt64, capacity: UInt64) throws(ServiceError)
        -> ArraySlice<PackageFile>
    {
        let package = try package(index)
        try package.readFiles()
        let files = package.files
        guard first < UInt64(files.count) else { return [] }
        return files[Int(first)...].prefix(Int(min(capacity, 1024)))
    }

    package func open(_ number: UInt64, of index: UInt32) throws(ServiceError) -> FileDescriptor {
        let package = try package(index)
        return try bytes.open(try file(number, of: package), of: package)
    }
}

/// The user asked to stop.
package struct ExportCancelled: Error, Hashable, Sendable, CustomStringConvertible {
    package init() {}
    package var description: String { "the export was interrupted" }
}
