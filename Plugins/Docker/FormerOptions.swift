// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// Options of the original exporter that told an engine how to build. Scripts give them still; nothing is left for them
/// to change, and each one says so.
enum FormerOptions {
    static let memory = former(.string("memory", "LIMIT", "Limit the engine that builds"), aliases: ["m"])
    static let engine: Option = {
        var option = former(
            .choice(
                "engine", [("docker", "Docker's"), ("buildah", "buildah")], default: "docker",
                "Choose the engine that builds"))
        option.environment = "HAB_PKG_EXPORT_CONTAINER_ENGINE"
        return option
    }()
    static let multiLayer = former(.flag("multi-layer", "Make one layer for each package"))

    static let all = [memory, engine, multiLayer]

    /// One line for each of them that was given.
    static func notes(_ job: Job) -> [String] {
        var notes: [String] = []
        if job.text(memory) != nil {
            notes.append("--memory changes nothing: no engine builds the image, and bio itself needs little memory")
        }
        if job.isGiven(engine) {
            notes.append("--engine changes nothing: bio builds the image itself, and --to says where it goes")
        }
        if job.flag(multiLayer) {
            notes.append("--multi-layer changes nothing: one layer for each package is how every image is made")
        }
        return notes
    }

    private static func former(_ option: Option, aliases: [String] = []) -> Option {
        var option = option
        option.aliases = aliases
        option.isHidden = true
        option.isDeprecated = true
        return option
    }
}
