// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// `--healthcheck` and what belongs to it, as in a Dockerfile: a line for the shell, a JSON list of words, or NONE.
struct HealthCheckOption {
    /// Nil when it is not given.
    private let test: [String]?
    /// Interval, timeout, start period, retries.
    private let figures: [(option: Option, value: Int64?)]

    init(_ job: Job) throws(ExportFailure) {
        test = try job.text(DockerOptions.health).map { (text) throws(ExportFailure) in try Self.test(text) }
        figures = [
            DockerOptions.healthInterval, DockerOptions.healthTimeout, DockerOptions.healthStartPeriod,
            DockerOptions.healthRetries,
        ].map { ($0, job.integer($0)) }
    }

    /// - Parameter hook: what the service itself says its check is; the user's wins.
    func check(hook: [String]?) throws(ExportFailure) -> ImageConfig.HealthCheck? {
        let test = test ?? hook.map { ["CMD"] + $0 }
        if test == nil || test == ["NONE"], let lone = figures.first(where: { $0.value != nil }) {
            throw .option(
                lone.option, "there is no health check that it could be about", hint: "add --healthcheck COMMAND")
        }
        return test.map {
            ImageConfig.HealthCheck(
                test: $0, interval: figures[0].value, timeout: figures[1].value, startPeriod: figures[2].value,
                retries: figures[3].value)
        }
    }

    private static func test(_ text: String) throws(ExportFailure) -> [String] {
        if text == "NONE" { return ["NONE"] }
        guard text.utf8.first == UInt8(ascii: "[") else {
            guard text.contains(where: { !$0.isWhitespace }) else {
                throw .option(DockerOptions.health, "the command is empty", hint: "NONE means no health check")
            }
            return ["CMD-SHELL", text]
        }
        let words: [String]
        do throws(CommandWords.Malformed) { words = try CommandWords([text]).words } catch {
            throw .option(
                DockerOptions.health, "'\(text)' is no JSON list of words: \(error.reason)",
                hint: #"write ["program", "argument"], or a line for the shell"#)
        }
        guard words.first?.isEmpty == false else {
            throw .option(DockerOptions.health, "'\(text)' names no program", hint: "NONE means no health check")
        }
        return ["CMD"] + words
    }
}
