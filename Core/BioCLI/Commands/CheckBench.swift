// SPDX-License-Identifier: Apache-2.0

import BioConformance
import BioCrypto
import BioExport
import BioPackage
import BioPluginHost
import BioStore
import BioSystem

/// Runs the exports of a check as `bio pkg export` does, in a temporary directory that has packages, a home and a result
/// of its own.
final class CheckBench: ExportBench {
    private let plugin: String
    private let user: CommandContext
    private let place: TemporaryDirectory
    private var formats: [String: ExportFormat] = [:]
    private var functions: PluginFunctions?
    private var count = 0

    init(_ plugin: String, _ user: CommandContext) throws {
        self.plugin = plugin
        self.user = user
        place = try TemporaryDirectory(in: user.temporaryDirectory, prefix: "bio-check-")
        for name in ["home", "tmp", "empty"] { try Directory.create("\(place.path)/\(name)") }
    }

    func describe(_ trial: RunnerTrial) -> DescribeOutcome {
        let observer = CheckObserver()
        var outcome = DescribeOutcome()
        do {
            outcome.description = try PluginExport.describe(bundle(), runtime(trial), observer: observer)
        } catch {
            outcome.error = error as? PluginError ?? PluginError(plugin: plugin, .notLoaded(.library("\(error)")))
        }
        outcome.observations = observer.seen.map(\.observation)
        outcome.notes = observer.notes
        return outcome
    }

    func call(
        _ function: FunctionDescription, _ values: [FunctionValue], of description: PluginDescription
    ) throws -> FunctionAnswer {
        if user.interruption.isRequested { throw ConformanceCancelled() }
        let called = try functions ?? PluginFunctions(description, bundle(), runtime(RunnerTrial()))
        functions = called
        return try called.call(function, values)
    }

    private func bundle() throws -> PluginBundle {
        let manifest = try PluginManifest.read(in: plugin)
        return PluginBundle(directory: plugin, library: manifest.library, startsProcesses: manifest.startsProcesses)
    }

    private func runtime(_ trial: RunnerTrial) -> PluginExport.Runtime {
        var runtime = user.pluginRuntime()
        runtime.trial = trial
        return runtime
    }

    func export(_ trial: ExportTrial) throws -> ExportOutcome {
        if user.interruption.isRequested { throw ConformanceCancelled() }
        count += 1
        let (out, work) = ("\(place.path)/out\(count)", "\(place.path)/work\(count)")
        for path in [out, work] { try Directory.create(path) }
        defer { for path in [out, work] { try? Directory.remove(path) } }
        var runner = trial.runner
        if runner.workingDirectory.isEmpty { runner.workingDirectory = work }
        let context = try context(trial.packages, runner)
        let observer = CheckObserver()
        var outcome = ExportOutcome()
        do {
            let artifacts = try run(trial, in: out, context, observer)
            outcome.artifacts = artifacts.map { "\($0.kind) \($0.address.replacing(out, with: ""))" }
        } catch { outcome.error = error }
        outcome.observations = observer.seen
        outcome.endError = observer.endError
        outcome.wasKilled = observer.wasKilled
        outcome.notes = observer.notes
        outcome.strays = try Directory.names(work).map { String(decoding: $0, as: UTF8.self) }
        outcome.files = try Self.files(below: out)
        return outcome
    }

    private func run(
        _ trial: ExportTrial, in out: String, _ context: CommandContext, _ observer: CheckObserver
    ) throws -> [Artifact] {
        let offer: ExportFormat
        if let known = formats[trial.format] {
            offer = known
        } else {
            offer = try ExportFormat(trial.format, context)
            formats[trial.format] = offer
        }
        for base in offer.format.basePackages { try add(base, below: context) }
        let arguments: ParsedArguments
        do {
            arguments = try CommandLineParser.arguments(
                trial.words + ["--output=\(out)", "--"] + trial.packages.wanted, of: offer.command(context.flavour),
                context: context)
        } catch let failure as CommandLineParser.Failure { throw failure.error }
        let placement = try OutputPlacement(out)
        let export = FormatExport(
            offer: offer, arguments: try ExportOperand.settled(arguments, offer.format), context: context)
        let functions = FormatFunctions(try context.pluginRuntime(of: offer.found, export.arguments), context)
        let children = ChildFormats(placement, functions, context)
        let own = try PreparedExport(
            functions.runtime, offer, export.arguments, context, of: try export.job(trial.packages.wanted),
            to: placement,
            try ExportChoices(offer, export.arguments, placement, functions, context),
            children: children.runs(of: [offer], export.arguments))
        do {
            return try own.export.run(
                isDryRun: trial.isDryRun, observer: observer, archiveProgress: { _, _ in }, stream: { _ in })
        } catch {
            for export in [own] + children.prepared { export.abandon() }
            throw error
        }
    }

    /// A user who has nothing but these packages and the plugins that there are, the checked one first.
    private func context(_ packages: FixturePackages, _ runner: RunnerTrial) throws -> CommandContext {
        let root = "\(place.path)/\(packages.rawValue)"
        if try FileStatus.of(root) == nil { try packages.write(in: root) }
        var variables = [
            "FS_ROOT": root, "HOME": "\(place.path)/home", "TMPDIR": "\(place.path)/tmp", "PATH": "/usr/bin:/bin",
        ]
        if let path = user.environment["BIO_PLUGIN_PATH"] { variables["BIO_PLUGIN_PATH"] = path }
        // What decides about plugins decides about those that make child formats, too.
        variables.merge(user.policyVariables) { $1 }
        var access = user.plugins
        access.named.insert(.plugin(plugin), at: 0)
        access.trial = PluginTrial(directory: plugin, runner: runner)
        return CommandContext(
            environment: Environment(variables), userID: user.userID, workingDirectory: "\(place.path)/empty",
            executablePath: user.executablePath, terminal: TerminalFacts(),
            status: StatusReporter(appearance: .init(), now: { 0 }, write: { _ in }),
            result: ResultWriter { _ in nil }, input: StandardInput(bytes: []), interruption: user.interruption,
            clock: { 0 }, plugins: access)
    }

    /// A format's base packages are as little there as others.
    private func add(_ base: BasePackageDescription, below context: CommandContext) throws {
        let (root, ident) = (context.fileSystemRoot.path, base.ident(context.flavour))
        guard try FileStatus.of("\(root)/hab/pkgs/\(ident)") == nil else { return }
        try FixturePackages.writeBase(ident, program: base.name, in: root)
    }

    /// Every entry: kind, mode, name and, of a file, the digest of its content.
    private static func files(below directory: String, _ prefix: String = "") throws -> [String] {
        var found: [String] = []
        for name in try Directory.names(directory) {
            let name = String(decoding: name, as: UTF8.self)
            let path = "\(directory)/\(name)"
            guard let status = try FileStatus.of(path) else { continue }
            let mode = String(status.mode, radix: 8)
            switch status.kind {
            case .directory:
                found.append("directory \(mode) \(prefix)\(name)")
                found += try files(below: path, "\(prefix)\(name)/")
            case .file:
                let digest = try Digest.sha256(ofFile: FileDescriptor.open(path), path: path)
                found.append("file \(mode) \(prefix)\(name) \(digest)")
            default: found.append("other \(mode) \(prefix)\(name)")
            }
        }
        return found
    }
}

/// What the runner tells of the checked plugin.
private final class CheckObserver: PluginObserver {
    private(set) var seen: [ExportOutcome.Observed] = []
    private(set) var endError: PluginError?
    private(set) var wasKilled = false
    private(set) var notes: [String] = []

    func pluginLogged(_ level: RunnerMessage.LogLevel, _ message: String) {}
    func pluginProgressed(_ title: String, done: UInt64, total: UInt64, ended: Bool) {}
    func pluginObserved(_ phase: ExportPhase, _ observation: RunnerObservation) {
        if seen.count < 4096 { seen.append(.init(phase, observation)) }
    }
    func pluginEndedBadly(_ error: PluginError) { endError = error }
    func pluginWasKilled() { wasKilled = true }
    func runnerNoted(_ note: String) { if notes.count < 64 { notes.append(note) } }
}
