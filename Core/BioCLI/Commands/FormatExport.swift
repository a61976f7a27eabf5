// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPackage
import BioPluginHost
import BioStore
import BioSystem
import Glibc

/// One run of `bio pkg export FORMAT PKG…`.
struct FormatExport {
    let word: String
    let library: String
    let description: PluginDescription
    let format: FormatDescription
    let arguments: ParsedArguments
    let context: CommandContext

    func run() throws {
        let streams = format.isStreamed && !arguments.wantsJSON
        let placement = try OutputPlacement(arguments.string("output") ?? (streams ? "-" : nil))
        let attestations = try AttestationOptions.attestations(format, description, arguments, context)
        let images = try ImageExport(format, arguments, placement, context)
        let values = try ExportOptions.values(format.options, arguments)
        let names = arguments.arguments("PKG")
        context.status.begin("Exporting \(names.joined(separator: ", ")) as \(word)")

        let job = try job(names, values, placement, images)
        let isDryRun = arguments.flag("dry-run")
        let status = ExportStatus(plugin: description.name, context.status)
        let publishing = try images?.publishing(job, attestations) { done, total in status.wrote(done, of: total) }
        try publishing?.checkRoomForDocuments(of: job)
        let export = PluginExport(
            runtime: context.pluginRuntime(
                inProcess: arguments.flag("in-process"),
                limits: arguments.integer("plugin-timeout").map { PhaseLimits(all: $0) } ?? PhaseLimits(),
                showsDebug: arguments.flag("verbose")),
            library: library, description: description, format: format, job: job,
            bytes: PackageBytes(root: context.fileSystemRoot.path), placement: placement,
            temporaryDirectory: context.absolute(context.environment["TMPDIR"] ?? "/tmp"), images: publishing,
            attestations: attestations, threads: arguments.exportThreads)
        let artifacts: [Artifact]
        do {
            artifacts = try export.run(
                isDryRun: isDryRun, observer: status,
                archiveProgress: { done, total in status.wrote(done, of: total) },
                stream: { file in try stream(file) })
        } catch {
            images?.abandon(publishing?.remaining ?? [])
            throw error
        }
        status.finish()
        // What the user wanted gone goes, and a report of what was made is written, whichever of them fails.
        let removal = Result { try images?.removeFromEngine(publishing?.exported?.places ?? []) }

        let report = ExportReport(
            format: format.id, pluginID: description.id, pluginVersion: description.version, job: job,
            artifacts: artifacts, image: publishing?.exported, sizes: images?.sizes(publishing?.exported, job),
            isDryRun: isDryRun)
        if !isDryRun && placement != .stream { try write(report) }
        try tell(report, placement)
        if let sizes = report.sizes { images?.tell(sizes) }
        _ = try removal.get()
    }

    private func job(
        _ names: [String], _ values: [OptionValue], _ placement: OutputPlacement, _ images: ImageExport?
    ) throws -> ExportJob {
        let wanted = try names.map { try ExportResolver.Wanted(parsing: $0) }
        let status = context.status
        let interruption = context.interruption
        let resolver = ExportResolver(
            context.packageInstaller(keys: context.keyRing(arguments)), mayInstall: !arguments.flag("dry-run")
        ) { (event) throws(StoreError) in
            if interruption.isRequested { throw .cancelled }
            status.show(event)
        }
        let resolution = try resolver.resolve(wanted, base: try ExportOptions.bases(format, arguments, context.flavour))
        for warning in resolution.warnings { status.warn(warning) }
        var job = ExportJob(
            packages: resolution.packages, graph: resolution.graph, values: values, outputName: placement.name,
            target: .host, sourceDateEpoch: Int64(arguments.integer("source-date-epoch") ?? 1))
        if let images { job.sourceDateEpoch = images.sourceDateEpoch(of: job.roots.map(\.ident)) }
        return job
    }

    /// The artifacts are in their places already: a report that nobody asked for does not make the export fail.
    private func write(_ report: ExportReport) throws {
        let directory = arguments.string("results") ?? "results"
        do { try report.write(to: directory, otherNames: format.aliases) } catch {
            if arguments.source("results") == .commandLine { throw error }
            context.status.warn("the report was not written: \(error); name a directory with --results")
        }
    }

    private func stream(_ file: borrowing FileDescriptor) throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
            if count == 0 { return }
            if context.interruption.isRequested { throw ExportCancelled() }
            try context.result.bytes(Array(buffer[..<count]))
        }
    }

    /// The one result on standard output, and a closing line for people.
    private func tell(_ report: ExportReport, _ placement: OutputPlacement) throws {
        let what = report.artifacts.map(\.address).joined(separator: ", ")
        switch (placement, report.isDryRun) {
        case (.stream, false): break
        case _ where arguments.wantsJSON: try context.result.json(report.document)
        default:
            if let text = report.artifacts.compactMap(\.shownText).first {
                try context.result.text(text)
            } else {
                try context.result.lines(report.artifacts.map(\.address))
            }
        }
        let count = report.job.packages.count
        context.status.end(
            report.isDryRun
                ? "Would make \(what) of \(count) package\(count == 1 ? "" : "s")"
                : "Export of \(arguments.arguments("PKG").joined(separator: ", ")) complete with \(count) package\(count == 1 ? "" : "s")"
        )
    }
}

extension ParsedArguments {
    /// `--threads` of an export, else one for each processor.
    var exportThreads: Int { integer("threads") ?? max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))) }
}
