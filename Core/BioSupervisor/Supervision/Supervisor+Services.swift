// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPackage
import BioStore
import BioSystem
import Glibc

/// The services of a supervisor, by what files say.
extension Supervisor {
    func advanceAll() {
        repeat {
            // Whoever said so may have done it before this round.
            if membersChanged { for service in services where !service.spec.binds.isEmpty { service.needsLook = true } }
            membersChanged = false
            for service in services { service.advance() }
        } while membersChanged
        services.removeAll { $0.isForgotten }
    }

    private var surroundings: SupervisedService.Surroundings {
        SupervisedService.Surroundings(
            store: store, host: host, log: log, pause: settings.pause, hookLimit: settings.hookLimit,
            member: { [unowned self] group in services.first { $0.group == group }?.member },
            isWanted: { [unowned self] group in services.contains { $0.group == group && $0.wish == .up } },
            cycle: { [unowned self] group in
                BindCycle.through(group) { next in
                    services.first { $0.group == next }.map {
                        ServiceSpec.prerequisites($0.nextSpec ?? $0.spec)
                    } ?? []
                }
            },
            hasChanged: { [unowned self] in membersChanged = true })
    }

    /// Processes that an earlier supervisor has left although their specs have gone since: they are ended. Those whose
    /// specs cannot be read go on as they were started.
    func recoverLeftovers() {
        guard let found = try? ServiceSpecs(in: store.root).all() else { return }
        for name in ((try? Directory.names(places.runs)) ?? []).compactMap({ String(validating: $0, as: UTF8.self) }) {
            let record = ProcessRecord(directory: "\(places.runs)/\(name)")
            guard !found.specs.contains(where: { $0.name == name }), let entry = record.read(), entry.ident.name == name
            else { continue }
            let service = SupervisedService(entry.spec ?? ServiceSpec(entry.ident.ident), surroundings)
            service.wish = found.faults.contains { $0.name == name } ? .up : .gone
            service.recover()
            if service.process != nil { services.append(service) }
        }
    }

    /// Makes services what their specs say, and lets them look at their configuration.
    func lookAtFiles() {
        lookTime = nil
        lastLook = now
        restTime = now + 2 * nanosecondsPerSecond
        guard ending == nil else { return }
        // Before anything is read: what comes between is told.
        watchFiles()
        let found: (specs: [ServiceSpec], faults: [(name: String, error: SupervisorError)])
        do throws(SupervisorError) { found = try ServiceSpecs(in: store.root).all() } catch {
            return log.say("the specs cannot be read: \(error)")
        }
        var faults: [String: String] = [:]
        for (name, error) in found.faults {
            faults[name] = error.description
            if specFaults[name] != error.description { log.say("a service is left as it is: \(error)") }
        }
        specFaults = faults
        for spec in found.specs { follow(spec) }
        let names = Set(found.specs.map(\.name) + faults.keys)
        for service in services where !names.contains(service.spec.name) { service.wish = .gone }
        watchFiles()
        for service in services { service.lookIfChanged() }
    }

    private func follow(_ spec: ServiceSpec) {
        guard let service = services.first(where: { $0.spec.name == spec.name }) else {
            let service = SupervisedService(spec, surroundings)
            log.say("Starting \(spec.ident)")
            service.recover()
            services.append(service)
            return
        }
        service.wish = spec.desiredState == .up ? .up : .down
        // Without a process the next start is soon enough.
        if !spec.startsSame(as: service.nextSpec ?? service.spec) { service.nextSpec = spec }
    }

    private func watchFiles() {
        guard let watch else { return nextRound = now + Self.round }
        var paths: Set<String> = [
            ServiceSpecs(in: store.root).directory, AppliedConfiguration.directory(in: store.root),
        ]
        for service in services {
            let directory = ServiceDirectory(service.spec.name, in: store.root)
            paths.insert(Self.parent(directory.userConfiguration))
            paths.insert(directory.files)
            // Where user.toml was in older releases.
            paths.insert(directory.path)
        }
        watchIsWhole = watch.watch(paths)
        nextRound = watchIsWhole ? .max : now + Self.round
    }

    private static func parent(_ path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }
}
