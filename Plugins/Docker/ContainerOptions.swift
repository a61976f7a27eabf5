// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// What the options say of containers, read and checked: nothing here depends on a package.
struct ContainerOptions {
    enum Runtime: String { case supervisor, direct, none }

    let runtime: Runtime
    let program: String?
    /// Nil when it is not given; `[]` is an empty one.
    let entrypoint: [String]?
    let command: [String]?
    let user: ContainerUser?
    let environment: [(key: String, value: String)]
    let labels: [(key: String, value: String)]
    let workingDirectory: String?
    let healthCheck: HealthCheckOption
    let skipsInstallHooks: Bool

    init(_ job: Job) throws(ExportFailure) {
        runtime = job.text(DockerOptions.runtime).flatMap(Runtime.init(rawValue:)) ?? .supervisor
        if runtime != .direct { try DirectOptions.checkUnused(job) }
        program = job.text(DockerOptions.program)
        entrypoint = try Self.words(job, DockerOptions.entrypoint)
        command = try Self.words(job, DockerOptions.command)
        user = try job.text(DockerOptions.user).map { (text) throws(ExportFailure) in try ContainerUser(text) }
        environment = try NameValues.read(job, DockerOptions.environment, "a variable")
        labels = try NameValues.read(job, DockerOptions.label, "a label")
        workingDirectory = try Self.directory(job)
        healthCheck = try HealthCheckOption(job)
        skipsInstallHooks = job.text(DockerOptions.installHooks) == "skip"
        try checkProgram()
        if entrypoint?.first?.isEmpty == true {
            throw .option(
                DockerOptions.entrypoint, "its first word is empty",
                hint: "name a program, or give [] for no entrypoint")
        }
    }

    private func checkProgram() throws(ExportFailure) {
        guard let program else { return }
        guard runtime == .none else {
            throw .option(
                DockerOptions.program, "what runs is the first service, not a program",
                hint: "add --runtime none")
        }
        guard entrypoint == nil else {
            throw .option(
                DockerOptions.program, "the entrypoint says already what runs",
                hint: "give --program or --entrypoint, not both")
        }
        if program.isEmpty { throw .option(DockerOptions.program, "the name is empty") }
    }

    private static func words(_ job: Job, _ option: Option) throws(ExportFailure) -> [String]? {
        let values = job.list(option)
        guard !values.isEmpty else { return nil }
        do throws(CommandWords.Malformed) { return try CommandWords(values).words } catch {
            throw .option(
                option, "'\(values[0])' is no JSON list of words: \(error.reason)",
                hint: #"write ["word", "word"], or one word for each --\#(option.id)"#)
        }
    }

    private static func directory(_ job: Job) throws(ExportFailure) -> String? {
        guard let text = job.text(DockerOptions.workingDirectory) else { return nil }
        let pieces = text.split(separator: "/")
        guard text.hasPrefix("/"), !pieces.contains(".."), !pieces.contains("."),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
        else {
            throw .option(
                DockerOptions.workingDirectory, "'\(text)' is no absolute path without '.' and '..'",
                hint: "name a directory of the image, as in /data")
        }
        return "/" + pieces.joined(separator: "/")
    }
}
