// SPDX-License-Identifier: Apache-2.0

import BioExport
import CBioExport

extension PluginFailure {
    /// How the runner's own reason begins when it could not read the arguments of a service.
    static let wrongCall = "the plugin called a service wrongly: "
    /// What a service says that fails because a trial wants it.
    package static let injected = "the check had a service fail"
    /// Whether the runner says that an exporter is none.
    static func isOfExporter(_ message: String) -> Bool {
        ["create returned 0, but no exporter", "the exporter lacks one of", "bio_exporter "].contains {
            message.hasPrefix($0)
        }
    }
    static let wrongThread = "a service was called from a thread that is not the job's"
}

extension PluginError.Problem {
    /// The rule that it breaks, as far as the problem tells it; nil when the plugin did what a plugin may do.
    var rule: PluginRule? {
        switch self {
        case .notLoaded(let failure): failure.rule
        case .unsound: .descriptionSound
        case .descriptionStale: .descriptionLasting
        case .missingService: .needsKnown
        case .crashed(.describe, _, _): .entrySurvives
        case .crashed(.destroy, _, _): .destroyable
        case .crashed: .survives
        case .hung(.describe, _): .entryPrompt
        case .hung: .inTime
        case .flooded: .quiet
        case .lied: .truthful
        case .failed(_, let failure) where failure.message == PluginFailure.wrongThread: .jobThread
        case .failed(_, let failure) where failure.message.hasPrefix(PluginFailure.wrongCall): .callsSound
        case .failed(.create, let failure) where PluginFailure.isOfExporter(failure.message): .exporterComplete
        case .failed: nil
        case .gaveNoReason: .giveReason
        case .service(_, let error): Self.rule(error)
        case .notConfined, .runnerBroken: nil
        case .unconfined: .allowed
        case .forbidden(_, let refusal): refusal.rule
        }
    }

    /// What is refused may be the user's choice; these codes never are.
    private static func rule(_ error: ServiceError) -> PluginRule? {
        guard error.fault == .plugin else { return nil }
        return switch error.code {
        case .handle: .handlesOnly
        case .misuse: .emitInTime
        case .digest: .artifactsTrue
        default: nil
        }
    }
}

extension LoadFailure {
    package var rule: PluginRule {
        switch self {
        case .library(let text) where text.contains("undefined symbol"): .symbolsProvided
        case .library(let text) where text.contains("cannot open shared object file"): .librariesFound
        case .library: .loads
        case .flaw(let flaw): flaw.rule
        case .machine: .machine
        case .runtime: .ownSwiftRuntime
        case .noEntry: .entryExported
        case .refused(let code) where code != BIO_E_NEWER: .tableReadable
        case .refused, .abi: .abiHonest
        case .table: .tableReadable
        }
    }
}
