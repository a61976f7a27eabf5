// SPDX-License-Identifier: Apache-2.0

package import BioExport
package import BioSystem
import Glibc

/// An export under way: planned, then made, then in its places with all that it asked for, or gone without a trace.
package final class ExportRun {
    private let export: PluginExport
    private let workspace: ExportWorkspace
    private let services: ExportServices
    private let session: PluginSession
    private var made: [MadeArtifact] = []

    /// Starts the plugin and gives it the job.
    package init(
        _ export: PluginExport, observer: (any PluginObserver)?,
        archiveProgress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void
    ) throws {
        self.export = export
        let (runtime, format, job) = (export.runtime, export.format, export.job)
        if let service = PluginExport.missingService(of: format) {
            throw PluginError(plugin: export.description.id, .missingService(format: format.id, service: service))
        }
        workspace = try ExportWorkspace(in: Self.workspaceParent(of: export))
        services = ExportServices(
            job: job, artifactKinds: format.artifactKinds, bytes: export.bytes, workspace: workspace,
            images: export.images, imageNames: export.imageNames, children: export.children,
            options: Dictionary(zip(format.options.map(\.id), job.values), uniquingKeysWith: { first, _ in first }),
            reach: export.reach, threads: export.threads, isCancelled: runtime.isCancelled, progress: archiveProgress)
        session = try PluginSession(
            export.bundle, runtime, observer: observer,
            writable: [workspace.outDirectory, workspace.scratchDirectory]
                + [runtime.trial?.workingDirectory ?? ""].filter { !$0.isEmpty },
            readable: Self.files(named: job))
        guard try runtime.hearing({ try session.describe() }) == export.description else {
            throw PluginError(plugin: export.description.id, .descriptionStale)
        }
        if let note = session.sandboxNote { observer?.runnerNoted(note) }
        let snapshot = JobSnapshot(
            job, outDirectory: workspace.outDirectory, scratchDirectory: workspace.scratchDirectory)
        try session.open(snapshot, format: format.id, services: services)
    }

    deinit { session.close() }

    /// What would be made: the plugin's own artifacts, and those of the exports that it asks for.
    package func plan() throws -> [Artifact] {
        for phase in [ExportPhase.create, .validate, .plan] { try enter(phase) }
        let announced = try truth(.plan) { () throws(ServiceError) in try services.plan() }
        try checkName(announced)
        let documents = export.attestations?.planned(about: announced, of: export.job) ?? []
        if let taken = announced.first(where: { one in documents.contains { $0.path == one.path } }) {
            throw PlacementError.inTheWay(taken.path)
        }
        let planned = announced + documents
        try checkPlacement(of: planned)
        let images = export.images
        if export.placement != .stream {
            try export.children?.claim(
                planned.filter { $0.form != .reference }.map { export.placement.planned($0).address }, images)
        }
        return (images?.planned ?? []) + (images?.plannedDocuments(of: export.job) ?? [])
            + planned.map { export.placement.planned($0) } + (export.children?.planned ?? [])
    }

    /// Whether the plugin planned an export of another format, or an image that is based on one.
    package var asksForExports: Bool { services.asksForExports }

    /// Makes everything ready for its places, with all that the export asks for.
    package func make() throws {
        try enter(.run)
        // The plugin's process is gone before its files are hashed: it cannot change them any more.
        session.close()
        made = try truth(.run) { () throws(ServiceError) in try services.made() }
        export.attestations?.record(tools: services.toolRuns)
        for artifact in services.pushes { try export.reach.registries?.stage(artifact) }
    }

    /// What was made, before it is in its places.
    package var staged: [Artifact] {
        (export.images?.isMade == true ? export.images?.staged ?? [] : [])
            + made.map { export.placement.planned($0.emitted, digest: $0.digest, size: $0.size) }
    }

    /// The image that the plugin planned; nil when it planned none.
    package var image: ImageDraft? { export.images?.draft }

    /// Puts all of it into its places, or nothing. `then` is what else must come to its place for it to count. Throws
    /// `ExportCancelled` as long as nothing is in its place.
    package func commit<R>(
        stream: (borrowing FileDescriptor) throws -> Void, then: ([Artifact]) throws -> R
    ) throws -> R {
        // What was made, and what it replaced, lies in the workspace.
        try withExtendedLifetime(workspace) {
            guard let children = export.children else { return try commitOwn(stream: stream, then: then) }
            return try children.commit { artifacts in try commitOwn(stream: stream) { try then($0 + artifacts) } }
        }
    }

    private func commitOwn<R>(
        stream: (borrowing FileDescriptor) throws -> Void, then: ([Artifact]) throws -> R
    ) throws -> R {
        let isCancelled = export.runtime.isCancelled
        guard let images = export.images, images.isMade else {
            let documents = try export.attestations?.made(about: made, of: export.job, in: workspace) ?? []
            return try export.placement.commit(
                made + documents, isCancelled: isCancelled, stream: stream, then: then)
        }
        return try images.commit(isCancelled: isCancelled) { artifacts in
            if made.isEmpty { return try then(artifacts) }
            return try export.placement.commit(made, stream: stream) { try then(artifacts + $0) }
        }
    }

    /// What the user names in options that are paths, the plugin opens by itself. A relative one begins where the user
    /// is, and so does the runner. What the plugin itself says, as a default, opens nothing to it.
    static func files(named job: ExportJob) -> [String] {
        job.values.compactMap { value in
            guard value.source != .standard, case .text(let path, OptionValue.pathKind) = value.content,
                !path.isEmpty
            else { return nil }
            return path
        }
    }

    // MARK: - Checks

    private func checkPlacement(of planned: [EmittedArtifact]) throws(PlacementError) {
        if export.images?.isPlanned == true {
            // The image has its own places; nothing else can go to standard output then.
            guard let first = planned.first else { return }
            if case .stream = export.placement { throw .besideStream(first.path) }
            return try export.placement.check(planned, isStreamable: false, format: export.format.id)
        }
        try export.placement.check(planned, isStreamable: export.format.isStreamable, format: export.format.id)
    }

    /// What the host could not do is told as it is, whatever the plugin made of it.
    private func enter(_ phase: ExportPhase) throws {
        do { try export.runtime.hearing { try session.enter(phase) } } catch {
            if error is ExportCancelled { throw error }
            if let failure = export.images?.failure, !(failure is ServiceError) { throw failure }
            if var failure = services.childFailure as? ChildExportError {
                failure.advice = (error as? PluginError)?.advice
                throw failure
            }
            throw services.childFailure ?? renderFailure(behind: error) ?? services.pushFailure ?? error
        }
        if let failure = export.images?.failure ?? services.childFailure ?? services.pushFailure { throw failure }
    }

    /// Why a service could not be rendered, if that is what ended the phase: the plugin may have coped with it.
    private func renderFailure(behind error: any Error) -> (any Error)? {
        guard let failure = services.renderFailure, let error = error as? PluginError,
            case .service(_, let refusal) = error.problem, refusal.message == "\(failure)"
        else { return nil }
        return failure
    }

    /// The user's name for the primary artifact is no suggestion: under another one it could replace any file there.
    private func checkName(_ planned: [EmittedArtifact]) throws(PluginError) {
        guard let name = export.placement.name, let primary = planned.first(where: { $0.role == .primary }),
            primary.form != .reference, !primary.path.utf8.elementsEqual(name.utf8)
        else { return }
        throw PluginError(
            plugin: export.description.id,
            .lied(.plan, "it plans '\(primary.path)' where the user wants '\(name)'"), rule: .artifactsTrue)
    }

    private static func workspaceParent(of export: PluginExport) -> String {
        guard case .directory(let directory, _) = export.placement else { return export.temporaryDirectory }
        // An image may go elsewhere altogether.
        return export.images != nil && access(directory, W_OK) != 0 ? export.temporaryDirectory : directory
    }

    /// What a plugin promised and did not keep is a lie of the plugin.
    private func truth<R>(_ phase: ExportPhase, _ body: () throws(ServiceError) -> R) throws -> R {
        do throws(ServiceError) { return try body() } catch {
            if error.code == .cancelled { throw ExportCancelled() }
            throw PluginError(
                plugin: export.description.id, .lied(phase, error.message), rule: Self.rule(phase, error.code))
        }
    }
}

extension ExportRun {
    /// What a plan, or what was made, breaks when the ledger does not accept it.
    private static func rule(_ phase: ExportPhase, _ code: ServiceError.Code) -> PluginRule {
        switch (phase, code) {
        case (.plan, _): .onePrimary
        case (_, .digest): .artifactsTrue
        case (_, .notFound): .planIsRun
        default: .artifactsInside
        }
    }
}

extension PluginError {
    /// The next step that the plugin itself names.
    fileprivate var advice: String? {
        if case .failed(_, let failure) = problem, !failure.hint.isEmpty { failure.hint } else { nil }
    }
}
