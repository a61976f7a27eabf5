// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPackage
import BioPluginHost
import BioStore
import BioSystem
import Glibc

/// One run of `bio pkg export FORMAT PKG…`.
struct FormatExport {
    let offer: ExportFormat
    let arguments: ParsedArguments
    let context: CommandContext

    private var format: FormatDescription { offer.format }

    func run() throws {
        let streams = format.isStreamed && !arguments.wantsJSON
        let placement = try OutputPlacement(arguments.string("output") ?? (streams ? "-" : nil))
        try context.checkSandbox(around: offer.found, arguments)
        let functions = FormatFunctions(try context.pluginRuntime(of: offer.found, arguments), context)
        let choices = try ExportChoices(offer, arguments, placement, functions, context)
        let names = arguments.arguments("PKG")
        context.status.begin("Exporting \(names.joined(separator: ", ")) as \(offer.word)")

        let children = ChildFormats(placement, functions, context)
        let own = try PreparedExport(
            functions.runtime, offer, arguments, context, of: try job(names), to: placement, choices,
            children: children.runs(of: [offer], arguments))
        let isDryRun = arguments.flag("dry-run")
        let artifacts: [Artifact]
        do {
            artifacts = try own.export.run(
                isDryRun: isDryRun, observer: own.status,
                archiveProgress: { [status = own.status] in status.wrote($0, of: $1) },
                planned: { run in try checkImageOptions(run) },
                stream: { file in try stream(file) })
        } catch {
            for export in [own] + children.prepared { export.abandon() }
            for name in context.registryUse.pushed { context.status.warn("the registry has '\(name)'") }
            throw told(error)
        }
        let all = [own] + children.prepared
        for export in all { export.status.finish() }
        // What the user wanted gone goes, and a report of what was made is written, whichever of them fails.
        let removals = all.map { export in Result { try export.removeFromEngine() } }

        let pictured = all.first { $0.image != nil }
        let report = ExportReport(
            format: format.id, pluginID: offer.plugin.id, pluginVersion: offer.plugin.version, job: own.export.job,
            artifacts: artifacts, image: pictured?.image, sizes: pictured?.sizes, isDryRun: isDryRun)
        if !isDryRun && placement != .stream { try write(report) }
        try tell(report, placement)
        for export in all { export.tellSizes() }
        for removal in removals { _ = try removal.get() }
    }

    /// What stopped a child, without advice on options that the user's own command does not have.
    private func told(_ error: any Error) -> any Error {
        guard error is ChildExportError else { return error }
        let failure = CommandFailure(mapping: error)
        let known = Set(arguments.command.options.map(\.name))
        let hints = failure.hints.filter { hint in
            hint.matches(of: /--([a-z][a-z0-9-]*)/).allSatisfy { known.contains(String($0.output.1)) }
        }
        return CommandFailure(failure.kind, failure.message, hints: hints)
    }

    /// Options of images are for the exports that this one asks for. Where it asks for none they change nothing, and who
    /// gave them believes that an image went somewhere.
    private func checkImageOptions(_ run: ExportRun) throws(CommandFailure) {
        guard !format.makesImages, !run.asksForExports,
            let option = ImageOptions.aboutOneImage(format).first(where: { arguments.source($0) == .commandLine })
        else { return }
        throw CommandFailure(
            .usage, "--\(option): no image is made, so there is nothing that it could be about",
            hint: "leave it out, or have an image made: bio pkg export \(format.id) --help")
    }

    func job(_ names: [String]) throws -> ExportJob {
        let wanted = try names.map { try ExportResolver.Wanted(parsing: $0) }
        let status = context.status
        let interruption = context.interruption
        let resolver = ExportResolver(
            context.packageInstaller(keys: context.keyRing(arguments)), mayInstall: !arguments.flag("dry-run"),
            supply: context.suppliedPackages
        ) { (event) throws(StoreError) in
            if interruption.isRequested { throw .cancelled }
            status.show(event)
        }
        let resolution = try resolver.resolve(wanted, base: try ExportOptions.bases(format, arguments, context.flavour))
        for warning in resolution.warnings { status.warn(warning) }
        return ExportJob(
            packages: resolution.packages, graph: resolution.graph, values: [], outputName: nil, target: .host,
            sourceDateEpoch: Int64(arguments.integer("source-date-epoch") ?? 1))
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
