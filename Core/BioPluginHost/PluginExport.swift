// SPDX-License-Identifier: Apache-2.0

package import BioExport
package import BioSystem
import Glibc

/// One export, from an opened plugin to artifacts in their places.
package struct PluginExport {
    /// How plugins run, the same for every command that runs one.
    package struct Runtime: Sendable {
        package var mode: RunnerMode
        package var limits: PhaseLimits
        package var hostVersion: String
        /// Readable once the user asked to stop; -1 when nobody can.
        package var interruption: CInt
        package var isCancelled: @Sendable () -> Bool
        package var showsDebug: Bool

        package init(
            mode: RunnerMode, limits: PhaseLimits = PhaseLimits(), hostVersion: String, interruption: CInt = -1,
            isCancelled: @escaping @Sendable () -> Bool = { false }, showsDebug: Bool = false
        ) {
            self.mode = mode
            self.limits = limits
            self.hostVersion = hostVersion
            self.interruption = interruption
            self.isCancelled = isCancelled
            self.showsDebug = showsDebug
        }
    }

    package let runtime: Runtime
    package let library: String
    /// What options were parsed with; the library must still say the same.
    package let description: PluginDescription
    package let format: FormatDescription
    package let job: ExportJob
    package let bytes: PackageBytes
    package let placement: OutputPlacement
    /// Where a result for standard output is made first.
    package let temporaryDirectory: String
    /// What the user wants of images; nil: the format does not include their options.
    package let images: ImagePublishing?
    /// Documents about what the plugin makes itself; nil: none. Those about an image are the image's affair.
    package let attestations: ExportAttestations?
    package let threads: Int

    package init(
        runtime: Runtime, library: String, description: PluginDescription, format: FormatDescription, job: ExportJob,
        bytes: PackageBytes, placement: OutputPlacement, temporaryDirectory: String, images: ImagePublishing? = nil,
        attestations: ExportAttestations? = nil, threads: Int
    ) {
        self.runtime = runtime
        self.library = library
        self.description = description
        self.format = format
        self.job = job
        self.bytes = bytes
        self.placement = placement
        self.temporaryDirectory = temporaryDirectory
        self.images = images
        self.attestations = attestations
        self.threads = threads
    }

    /// A service that the format cannot do without and that this host lacks.
    package static func missingService(of format: FormatDescription) -> String? {
        format.needs.first { !HostTables.offered.contains($0) }
    }

    /// Asks a library what it is, in a runner of its own.
    package static func describe(library: String, _ runtime: Runtime) throws -> PluginDescription {
        let session = try PluginSession(
            library: library, mode: runtime.mode, hostVersion: runtime.hostVersion, limits: runtime.limits,
            interruption: runtime.interruption, showsDebug: runtime.showsDebug)
        return try session.describe()
    }

    /// Runs the export. With `isDryRun` it ends after the plan, and the artifacts are what would be made.
    package func run(
        isDryRun: Bool, observer: (any PluginObserver)?,
        archiveProgress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void,
        stream: (borrowing FileDescriptor) throws -> Void
    ) throws -> [Artifact] {
        if let service = Self.missingService(of: format) {
            throw PluginError(plugin: description.id, .missingService(format: format.id, service: service))
        }
        let workspace = try ExportWorkspace(in: workspaceParent)
        let services = ExportServices(
            job: job, artifactKinds: format.artifactKinds, bytes: bytes, workspace: workspace, images: images,
            threads: threads, isCancelled: runtime.isCancelled, progress: archiveProgress)
        let session = try PluginSession(
            library: library, mode: runtime.mode, hostVersion: runtime.hostVersion, limits: runtime.limits,
            interruption: runtime.interruption, observer: observer, showsDebug: runtime.showsDebug)
        guard try session.describe() == description else {
            throw PluginError(plugin: description.id, .descriptionStale)
        }
        let snapshot = JobSnapshot(
            job, outDirectory: workspace.outDirectory, scratchDirectory: workspace.scratchDirectory)
        try session.open(snapshot, format: format.id, services: services)
        defer { session.close() }

        for phase in [ExportPhase.create, .validate, .plan] { try session.enter(phase) }
        let announced = try truth(.plan) { () throws(ServiceError) in try services.plan() }
        try checkName(announced)
        let documents = attestations?.planned(about: announced, of: job) ?? []
        if let taken = announced.first(where: { one in documents.contains { $0.path == one.path } }) {
            throw PlacementError.inTheWay(taken.path)
        }
        let planned = announced + documents
        try checkPlacement(of: planned)
        if isDryRun {
            return (images?.planned ?? []) + (images?.plannedDocuments(of: job) ?? [])
                + planned.map { placement.planned($0) }
        }

        try make(session)
        // The plugin's process is gone before its files are hashed: it cannot change them any more.
        session.close()
        let made = try truth(.run) { () throws(ServiceError) in try services.made() }
        // What was made, and what it replaced, lies in the workspace.
        return try withExtendedLifetime(workspace) {
            guard let images, images.isMade else {
                let documents = try attestations?.made(about: made, of: job, in: workspace) ?? []
                return try placement.commit(made + documents, isCancelled: runtime.isCancelled, stream: stream)
            }
            return try images.commit(isCancelled: runtime.isCancelled) { artifacts in
                try artifacts + (made.isEmpty ? [] : placement.commit(made, stream: stream))
            }
        }
    }

    private func checkPlacement(of planned: [EmittedArtifact]) throws(PlacementError) {
        if images?.isPlanned == true {
            // The image has its own places; nothing else can go to standard output then.
            guard !planned.isEmpty else { return }
            return try placement.check(planned, isStreamable: false, format: format.id)
        }
        try placement.check(planned, isStreamable: format.isStreamable, format: format.id)
    }

    private func make(_ session: PluginSession) throws {
        do { try session.enter(.run) } catch {
            // What the host could not do is told as it is, whatever the plugin made of it.
            if let failure = images?.failure, !(failure is ServiceError), !(error is ExportCancelled) { throw failure }
            throw error
        }
        if let failure = images?.failure { throw failure }
    }

    /// The user's name for the primary artifact is no suggestion: under another one it could replace any file there.
    private func checkName(_ planned: [EmittedArtifact]) throws(PluginError) {
        guard let name = placement.name, let primary = planned.first(where: { $0.role == .primary }),
            primary.form != .reference, !primary.path.utf8.elementsEqual(name.utf8)
        else { return }
        throw PluginError(
            plugin: description.id,
            .lied(.plan, "it plans '\(primary.path)' where the user wants '\(name)'"))
    }

    private var workspaceParent: String {
        guard case .directory(let directory, _) = placement else { return temporaryDirectory }
        // An image may go elsewhere altogether.
        return images != nil && access(directory, W_OK) != 0 ? temporaryDirectory : directory
    }

    /// What a plugin promised and did not keep is a lie of the plugin.
    private func truth<R>(_ phase: ExportPhase, _ body: () throws(ServiceError) -> R) throws(PluginError) -> R {
        do throws(ServiceError) { return try body() } catch {
            throw PluginError(plugin: description.id, .lied(phase, error.message))
        }
    }
}
