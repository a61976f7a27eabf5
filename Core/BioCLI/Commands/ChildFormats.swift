// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost

/// The formats that exports ask for while they run: each child is an export of its own, with the options that the format
/// which asks gives, and those of the user's that both formats know.
final class ChildFormats {
    private let context: CommandContext
    private let placement: OutputPlacement
    private let functions: FormatFunctions
    /// In the order in which they were asked for.
    private(set) var prepared: [PreparedExport] = []
    private let tree = ExportTree()

    /// `placement` is the user's: what children make as files goes beside it.
    init(_ placement: OutputPlacement, _ functions: FormatFunctions, _ context: CommandContext) {
        self.functions = functions
        self.context = context
        self.placement = placement
    }

    /// What makes the children of an export.
    ///
    /// - Parameter offers: the formats from the user's to the one that asks, which `arguments` are of.
    ///
    /// What it gives leads back here and is kept here: it does not own this object, so nothing outlives the export.
    func runs(of offers: [ExportFormat], _ arguments: ParsedArguments) -> ChildExportRuns {
        ChildExportRuns(of: offers.map(\.format.id), in: tree) { [unowned self] request, purpose, job, ancestors in
            func stopped(_ problem: ChildExportError.Problem) -> ChildExportError {
                ChildExportError(parent: ancestors.last ?? "", format: request.format, problem)
            }
            context.registryUse.share()
            let child: ExportFormat
            do {
                child = try ExportFormat(request.format, context)
                try context.checkSandbox(around: child.found, arguments)
            } catch { throw stopped(.unavailable(error)) }
            let childArguments: ParsedArguments
            do {
                childArguments = try self.arguments(of: child, request, from: offers[offers.count - 1], arguments)
            } catch {
                throw stopped(.refused(error))
            }
            let place: OutputPlacement =
                if case .directory(let directory, _) = placement { .directory(directory, name: nil) } else {
                    .directory(".", name: nil)
                }
            let choices =
                switch purpose {
                case .export: try ExportChoices(child, below: offers, childArguments, place, functions, context)
                case .image: try ExportChoices(ofImageAlone: child, below: offers, childArguments, functions)
                }
            let export = try PreparedExport(
                functions.runtime, child, childArguments, context, of: job, to: place, choices,
                children: runs(of: offers + [child], childArguments))
            if purpose == .export { prepared.append(export) }
            return ChildExportRuns.Child(export.export, observer: export.status) { [status = export.status] in
                status.wrote($0, of: $1)
            }
        }
    }

    /// Where an export writes and how it tells is for the user's own export alone.
    private static let notInherited: Set<String> = ["output", "results", "format"]

    private func arguments(
        of child: ExportFormat, _ request: ChildRequest, from parent: ExportFormat, _ given: ParsedArguments
    ) throws -> ParsedArguments {
        let own = Dictionary(uniqueKeysWithValues: child.format.options.map { ($0.id, $0.kind) })
        let named = parent.format.options.filter { $0.kind == .path }.flatMap { given.strings($0.id) }
        var words: [String] = []
        for option in request.options {
            guard let kind = own[option.id] else { throw UsageError.unknownOption("--\(option.id)", suggestion: nil) }
            switch (kind, option.value) {
            case (.flag, "true"): words.append("--\(option.id)")
            case (.flag, "false"): break
            // The child may read it: that is the user's to say, not the parent's.
            case (.path, let path) where !path.isEmpty && !named.contains(path):
                throw CommandFailure(
                    .usage, "--\(option.id): '\(path)' is no file that the user has named for '\(parent.format.id)'")
            default: words.append("--\(option.id)=\(option.value)")
            }
        }
        let command = try child.command(context.flavour)
        let parentsOwn = Set(parent.format.options.map(\.id))
        let shared = command.options.map(\.name).filter { name in
            own[name] == nil && !parentsOwn.contains(name) && !Self.notInherited.contains(name)
                && given.command.options.contains { $0.name == name }
        }
        do {
            let arguments = try CommandLineParser.arguments(
                words + ["--"] + given.arguments("PKG"), of: command, context: context
            ).inheriting(shared, from: given)
            try ExportOperand.checkRequired(arguments, child.format)
            return arguments
        } catch let failure as CommandLineParser.Failure { throw failure.error }
    }
}
