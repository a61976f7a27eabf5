// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport

extension ExportDesk {
    /// `bio pkg export cf` with a mapping of this text.
    borrowing func export(_ mapping: String, _ package: String = "core/redis", options: [String]) throws
        -> BuiltBio.Outcome
    {
        try AtomicFile.write(Array(mapping.utf8), to: work("cf-mapping.toml"))
        return try bio.run(["pkg", "export", "cf", package, "cf-mapping.toml"] + options)
    }

    /// The image of such an export, which must succeed, in a real engine and under a name of this desk's own.
    func image(
        _ mapping: String, _ package: String = "core/redis", as name: String, _ options: String...
    ) throws -> EngineImage {
        let engine = try TestEngine.shared(.docker)
        var bio = bio
        bio.environment["DOCKER_HOST"] = engine.host
        try AtomicFile.write(Array(mapping.utf8), to: work("cf-mapping.toml"))
        let name = "cf/\(name)-\(file("").split(separator: "/").last ?? "")".lowercased()
        let outcome = try bio.run(
            ["pkg", "export", "cf", package, "cf-mapping.toml", "-i", name, "--no-manifest"] + options)
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: "no image: \(outcome.errorText)") }
        return EngineImage(engine: engine, reference: "\(name):cf-latest", errorText: outcome.errorText)
    }
}

/// An image in an engine.
struct EngineImage {
    let engine: TestEngine
    let reference: String
    /// What the export said.
    let errorText: String

    /// Runs a container to its end.
    func run(
        _ words: [String] = [], environment: [String: String] = [:], options: [String] = []
    ) throws -> Tool.Outcome {
        let variables = environment.sorted { $0.key < $1.key }.flatMap { ["-e", "\($0.key)=\($0.value)"] }
        return try engine.docker(
            ["run", "--rm", "--network", "none"] + variables + options + [reference] + words)
    }

    /// What the mapping becomes, as Python reads it.
    func filled(_ environment: [String: String]) throws -> DocumentValue {
        let outcome = try run(environment: environment, options: ["--entrypoint", "/cf-render.sh"])
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: "not filled: \(outcome.errorText)") }
        return try Self.toml(outcome.output)
    }

    /// A TOML text as Python's reader has it: nothing of bio judges it.
    static func toml(_ text: [UInt8]) throws -> DocumentValue {
        let script = "import json, sys, tomllib; json.dump(tomllib.load(sys.stdin.buffer), sys.stdout)"
        return try DocumentValue(json: try tool("python3", "-c", script, input: text))
    }
}

/// What Cloud Foundry tells a container.
enum CloudFoundryVariables {
    static func services(_ services: [(name: String, credentials: DocumentValue)]) -> String {
        let bound = services.map { service -> DocumentValue in
            ["name": .string(service.name), "label": "user-provided", "credentials": service.credentials]
        }
        let all: DocumentValue = ["user-provided": .array(bound)]
        return all.json(.compact)
    }
}
