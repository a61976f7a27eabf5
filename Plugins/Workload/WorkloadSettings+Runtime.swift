// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// Options that make no sense with what runs in the containers.
extension WorkloadSettings {
    func checkRuntime(_ job: Job) throws(ExportFailure) {
        switch runtime {
        case .ring:
            if job.isGiven(WorkloadOptions.bindAddress) {
                throw .option(
                    WorkloadOptions.bindAddress, "the supervisor of these images finds services through its ring",
                    hint: "name the service group with --\(WorkloadOptions.bind.id) BIND:SERVICE.GROUP")
            }
        case .alone:
            try checkUnused(
                job, "the supervisor that comes with bio has no ring",
                hint: "leave it out, or take another supervisor with --sup-pkg")
        case .direct:
            try checkUnused(
                job, "with --runtime direct there is no supervisor",
                hint: "leave it out, or say --runtime supervisor")
            if job.isGiven(WorkloadOptions.group) {
                throw .option(
                    WorkloadOptions.group, "with --runtime direct there is no supervisor, and so no group",
                    hint: "leave it out")
            }
            guard !makesImage else { return }
            for option in [WorkloadOptions.config, WorkloadOptions.bindAddress] where job.isGiven(option) {
                throw .option(
                    option, "with --runtime direct it is for making the image, and none is made",
                    hint: "leave out --\(WorkloadOptions.noImage.id), or configure the image where it is made")
            }
        }
    }

    private func checkUnused(_ job: Job, _ reason: String, hint: String) throws(ExportFailure) {
        if !binds.isEmpty {
            let address = "--\(WorkloadOptions.bindAddress.id) \(binds[0].name)=\(binds[0].service):PORT"
            throw .option(
                WorkloadOptions.bind, "\(reason): no bind leads to a service group",
                hint: "say where it leads: \(address)")
        }
        if isLeader { throw .option(WorkloadOptions.topology, "\(reason): nobody is elected", hint: hint) }
        if !peers.isEmpty { throw .option(WorkloadOptions.peer, "\(reason): there is nothing to join", hint: hint) }
        if ringSecret != nil { throw .option(WorkloadOptions.ring, "\(reason), and needs no key of one", hint: hint) }
        if isOperated {
            throw .option(
                WorkloadOptions.operated, "\(reason), and the operator makes one of its supervisors", hint: hint)
        }
    }
}
