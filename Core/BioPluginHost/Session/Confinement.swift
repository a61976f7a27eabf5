// SPDX-License-Identifier: Apache-2.0

import BioSystem
import Glibc

/// The sandbox around one runner, as the host sees it: what it may do, what the kernel cannot enforce, and what was
/// refused.
final class Confinement {
    let request: SandboxRequest
    private(set) var report = SandboxReport(missing: [])
    /// Each kind of call once, in the order in which it was first refused.
    private(set) var refusals: [SandboxJudge.Refusal] = []
    private var judge: SandboxJudge?

    /// More kinds than this tell nobody anything.
    private static let mostRefusals = 20

    init(_ request: SandboxRequest) { self.request = request }

    /// The runner has entered its sandbox, and nothing of the plugin has run yet.
    func began(_ report: SandboxReport, listener: consuming FileDescriptor?, group: pid_t) {
        guard let listener else {
            self.report = report
            return
        }
        let judge = SandboxJudge(listener: listener, group: group, request)
        self.judge = judge
        self.report = report.lacking(judge.unable)
    }

    /// Readable when a call waits; -1 when none can.
    var descriptor: CInt { judge?.descriptor ?? -1 }

    /// Judges one waiting call. `isNew` with what is refused for the first time; with `mustEnd` the runner must not go on.
    func judgeCall() -> (refusal: SandboxJudge.Refusal, mustEnd: Bool, isNew: Bool)? {
        switch judge?.judge() {
        case nil, .allowed: return nil
        case .over:
            judge = nil
            return nil
        case .mustEnd(let refusal): return (refusal, true, false)
        case .refused(let refusal):
            let isNew = refusals.count < Self.mostRefusals && !refusals.contains(refusal)
            if isNew { refusals.append(refusal) }
            return (refusal, false, isNew)
        }
    }
}

extension SandboxJudge.Refusal {
    /// The rule that is broken by the call.
    package var rule: PluginRule {
        switch purpose {
        case .network: .noNetwork
        case .process: .noProcesses
        case .otherProcesses, .system: .othersUntouched
        case .files: .writesInside
        case .limits: .modestMemory
        }
    }

    /// `socket (network)`
    package var text: String {
        switch purpose {
        case .network: "\(call) (network)"
        case .process: "\(call) (processes)"
        case .otherProcesses: "\(call) (other processes)"
        case .system: "\(call) (the machine)"
        case .files: "\(call) (files outside of its directories)"
        case .limits: "\(call) (more threads than it may have)"
        }
    }
}
