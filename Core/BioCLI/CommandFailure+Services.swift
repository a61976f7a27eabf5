// SPDX-License-Identifier: Apache-2.0

import BioSupervisor

/// The part of the table that is about services.
extension CommandFailure {
    init(_ error: SupervisorError) {
        switch error {
        case .store(let cause): self.init(mapping: cause)
        case .system(let cause): self.init(mapping: cause)
        case .cancelled: self = .interrupted
        case .refused(let refusal, path: nil): self.init(refusal)
        case .template, .badConfiguration, .badMockData, .badVariable, .tooDeep, .notText, .noAccount, .linkInService,
            .badStatus, .badSpec, .refused, .badApplied, .badToken, .notWritable, .loaded, .hookNotStarted, .hookFailed:
            self.init(.failure, error.description, hint: error.hint)
        }
    }

    init(_ error: DirectError) {
        switch error {
        case .refused(let cause): self.init(cause)
        case .notBound, .noRunHook: self.init(.usage, error.description, hint: error.hint)
        case .needsSupervisor, .template, .badConfiguration, .tooDeep, .noInterpreter:
            self.init(.failure, error.description, hint: error.hint)
        }
    }

    init(_ error: ServiceRefusal) {
        let kind: Kind =
            switch error {
            case .badGroup, .badBind, .badAddress, .bindTwice, .unknownBind, .unbound, .addressLacks, .noMember,
                .memberWithoutComposite, .bindWithoutMember, .needsRing:
                .usage
            case .notInstalled, .memberMissing: .packageNotFound
            case .bindCycle, .notRunnable, .membersAlike, .alreadyLoaded, .notLoaded, .supervisorRuns, .noSupervisor,
                .noProcessFiles, .badAnswer, .notNewer, .faultySpec,
                .unknownEntry, .badEntry:
                .failure
            }
        self.init(kind, error.description, hint: error.hint)
    }
}
