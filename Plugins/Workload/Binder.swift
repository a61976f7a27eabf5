// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// Finds what the services of one export bind to: what the user says, else one of the others.
struct Binder {
    /// Of each service.
    private(set) var binds: [[Bind]]
    /// Pairs of services that must be in one ring.
    private var links: [(Int, Int)] = []

    init(_ services: [ServicePackage], _ settings: WorkloadSettings, remark: (String) -> Void) throws(ExportFailure) {
        try Self.checkNames(services, settings.binds.map(\.name), WorkloadOptions.bind)
        binds = services.map { _ in [] }
        for (number, service) in services.enumerated() {
            for bind in service.binds {
                if let chosen = settings.binds.first(where: { $0.name == bind.name }) {
                    binds[number].append(chosen)
                    let target = services.firstIndex { $0.name == chosen.service && chosen.group == settings.group }
                    if let target {
                        if target != number { links.append((number, target)) }
                    } else if settings.peers.isEmpty && !settings.isOperated {
                        remark(
                            "\(service.ident): its bind '\(bind.name)' is to \(chosen.service).\(chosen.group), which is not in this export: name a supervisor of its ring with --\(WorkloadOptions.peer.id)"
                        )
                    }
                    continue
                }
                let option = "--\(WorkloadOptions.bind.id) \(bind.name):SERVICE.GROUP"
                guard let target = try Self.target(of: bind, number, services, option: option, remark) else { continue }
                binds[number].append(Bind(name: bind.name, service: services[target].name, group: settings.group))
                links.append((number, target))
            }
        }
    }

    /// The others in the ring of service `number`: everyone that it is linked to, one way or another.
    func ring(of number: Int) -> [Int] {
        var found: Set<Int> = [number]
        var waiting = [number]
        while let next = waiting.popLast() {
            for (one, other) in links where one == next || other == next {
                let neighbour = one == next ? other : one
                if found.insert(neighbour).inserted { waiting.append(neighbour) }
            }
        }
        return found.subtracting([number]).sorted()
    }

    /// The one service that has the keys, or, of several, the one that is called like the bind.
    ///
    /// - Parameter option: what the user chooses another with.
    static func target(
        of bind: ServicePackage.Bind, _ number: Int, _ services: [ServicePackage], option: String,
        _ remark: (String) -> Void
    ) throws(ExportFailure) -> Int? {
        let service = services[number]
        let able = services.indices.filter { candidate in
            candidate != number && bind.keys.allSatisfy { services[candidate].exports.contains($0) }
                && (!bind.keys.isEmpty || services[candidate].name == bind.name)
        }
        if able.count == 1 { return able[0] }
        if let named = able.first(where: { services[$0].name == bind.name }) { return named }
        if able.count > 1 {
            let names = able.map { services[$0].name }.joined(separator: ", ")
            guard bind.isOptional else {
                throw ExportFailure(
                    code: 2, subject: .package(service.ident), "its bind '\(bind.name)' could be to \(names)",
                    hint: "choose one with \(option)")
            }
            remark(
                "\(service.ident): the optional bind '\(bind.name)' could be to \(names), and is left out; \(option) binds it"
            )
        } else if !bind.isOptional {
            remark(
                "\(service.ident) will not start without its bind '\(bind.name)': add \(option), or the package that has \(bind.keys.joined(separator: ", "))"
            )
        }
        return nil
    }

    static func checkNames(
        _ services: [ServicePackage], _ chosen: [String], _ option: Option
    ) throws(ExportFailure) {
        let known = services.flatMap { $0.binds.map(\.name) }
        for name in chosen where !known.contains(name) {
            throw .option(
                option, "no service has a bind '\(name)'",
                hint: known.isEmpty ? "leave it out: they have none" : "they have \(known.joined(separator: ", "))")
        }
    }
}
