// SPDX-License-Identifier: Apache-2.0

import BioDocument

/// What an image says of itself, flat: one value by name, so that two images can be held against each other.
struct ImageFields {
    private var names: [String] = []
    /// By the name's bytes: canonically equal names are two names.
    private var values: [[UInt8]: DocumentValue] = [:]
    /// Docker's schema 2 and engines have no annotations: that one lacks them says nothing.
    private let hasAnnotations: Bool

    init(_ image: StoredImage) {
        hasAnnotations = image.manifest?.mediaType == .ociManifest
        let configuration = image.configuration
        add("created", configuration.created)
        add("author", configuration.author)
        add("platform", "\(configuration.platform)")
        add(configuration.process)
        if hasAnnotations { add("annotation", image.manifestAnnotations) }
    }

    private mutating func add(_ process: ProcessConfiguration) {
        add("user", process.user.isEmpty ? nil : process.user)
        add("working directory", process.workingDirectory.isEmpty ? nil : process.workingDirectory)
        add("entrypoint", process.entrypoint)
        add("command", process.command)
        for variable in process.environment {
            let parts = variable.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            add("environment \(parts.first ?? "")", parts.count > 1 ? String(parts[1]) : "")
        }
        add("ports", process.exposedPorts.sorted(by: ImageDiff.byBytes))
        add("volumes", process.volumes.sorted(by: ImageDiff.byBytes))
        add("label", process.labels)
        add("stop signal", process.stopSignal)
        guard let check = process.healthCheck else { return }
        add("health check", check.test)
        add("health check interval", check.interval.map { "\($0) s" })
        add("health check timeout", check.timeout.map { "\($0) s" })
        add("health check start period", check.startPeriod.map { "\($0) s" })
        add("health check retries", check.retries.map { "\($0)" })
    }

    private mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        set(name, .string(value))
    }

    private mutating func add(_ name: String, _ list: [String]) {
        if !list.isEmpty { set(name, .strings(list)) }
    }

    private mutating func add(_ kind: String, _ annotations: Annotations) {
        for pair in annotations.pairs { set("\(kind) \(pair.name)", .string(pair.value)) }
    }

    /// A variable that is there twice: the last counts, as for a process.
    private mutating func set(_ name: String, _ value: DocumentValue) {
        if values.updateValue(value, forKey: Array(name.utf8)) == nil { names.append(name) }
    }

    private subscript(_ name: String) -> DocumentValue? { values[Array(name.utf8)] }

    /// The fields that differ, in the order of the new image, and before them those that it does not have.
    func changes(to new: ImageFields) -> [ImageDiff.Field] {
        func isCompared(_ name: String) -> Bool {
            !name.hasPrefix("annotation ") || (hasAnnotations && new.hasAnnotations)
        }
        let gone = names.filter { new[$0] == nil }
        return (gone + new.names).filter(isCompared).compactMap { name in
            let (before, after) = (self[name], new[name])
            return before == after ? nil : ImageDiff.Field(name: name, old: before, new: after)
        }
    }
}
