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
        /// Of `bio plugin check` alone.
        package var trial: RunnerTrial?
        /// Hears of a plugin whose process ended before its time; in process nobody is left to hear it.
        package var crashed: (@Sendable (PluginError) -> Void)?
        /// Where files lie while a plugin needs them.
        package var temporaryDirectory = "/tmp"
        /// Gets every call across the boundary; nil: nobody wants them.
        package var trace: CallObserver?

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

        func hearing<R>(_ body: () throws -> R) throws -> R {
            do { return try body() } catch {
                if let error = error as? PluginError, CrashRecord.cause(of: error) != nil { crashed?(error) }
                throw error
            }
        }
    }

    package let runtime: Runtime
    package let bundle: PluginBundle
    /// What options were parsed with; the library must still say the same.
    package let description: PluginDescription
    package let format: FormatDescription
    package let job: ExportJob
    package let bytes: PackageBytes
    package let placement: OutputPlacement
    /// Where a result for standard output is made first.
    package let temporaryDirectory: String
    /// What the user wants of the image that the format makes; nil: it makes none itself.
    package let images: ImagePublishing?
    /// What images are called by the user's options; nil: the format does not include them.
    package let imageNames: ImageNames?
    /// Makes the exports that this one asks for; nil: nobody does.
    package let children: ChildExportRuns?
    package let reach: ExportReach
    /// Documents about what the plugin makes itself; nil: none. Those about an image are the image's affair.
    package let attestations: ExportAttestations?
    package let threads: Int

    package init(
        runtime: Runtime, bundle: PluginBundle, description: PluginDescription, format: FormatDescription,
        job: ExportJob,
        bytes: PackageBytes, placement: OutputPlacement, temporaryDirectory: String, images: ImagePublishing? = nil,
        imageNames: ImageNames? = nil, children: ChildExportRuns? = nil, reach: ExportReach = ExportReach(),
        attestations: ExportAttestations? = nil, threads: Int
    ) {
        self.runtime = runtime
        self.bundle = bundle
        self.description = description
        self.format = format
        self.job = job
        self.bytes = bytes
        self.placement = placement
        self.temporaryDirectory = temporaryDirectory
        self.images = images
        self.imageNames = imageNames
        self.children = children
        self.reach = reach
        self.attestations = attestations
        self.threads = threads
    }

    /// The services of this host.
    package static var services: Set<String> { HostTables.offered }

    /// A service that the format cannot do without and that this host lacks.
    package static func missingService(of format: FormatDescription) -> String? {
        format.needs.first { !HostTables.offered.contains($0) }
    }

    /// Asks a plugin what it is, in a runner of its own.
    package static func describe(
        _ bundle: PluginBundle, _ runtime: Runtime, observer: (any PluginObserver)? = nil
    ) throws -> PluginDescription {
        let session = try PluginSession(bundle, runtime, observer: observer)
        return try runtime.hearing { try session.describe() }
    }

    /// Runs the export. With `isDryRun` it ends after the plan, and the artifacts are what would be made. `planned` may
    /// refuse a plan before anything is made.
    package func run(
        isDryRun: Bool, observer: (any PluginObserver)?,
        archiveProgress: @escaping @Sendable (_ done: UInt64, _ total: UInt64) -> Void,
        planned: (ExportRun) throws -> Void = { _ in }, stream: (borrowing FileDescriptor) throws -> Void
    ) throws -> [Artifact] {
        let run = try ExportRun(self, observer: observer, archiveProgress: archiveProgress)
        let artifacts = try run.plan()
        try planned(run)
        if isDryRun { return artifacts }
        try run.make()
        return try run.commit(stream: stream) { artifacts in
            try reach.conclude()
            return artifacts
        }
    }
}
