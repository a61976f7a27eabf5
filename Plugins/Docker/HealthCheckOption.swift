// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// `--healthcheck` and what belongs to it, as in a Dockerfile: a line for the shell, a JSON list of words, or NONE.
enum HealthCheckOption {
    static func check(_ job: Job) throws(ExportFailure) -> ImageConfig.HealthCheck? {
        let figures = [
            DockerOptions.healthInterval, DockerOptions.healthTimeout, DockerOptions.healthStartPeriod,
            DockerOptions.healthRetries,
        ]
        let test = try job.text(DockerOptions.health).map { (text) throws(ExportFailure) in try Self.test(text) }
        if test == nil || test == ["NONE"], let lone = figures.first(where: { job.integer($0) != nil }) {
            throw .option(lone, "there is no health check that it could be about", hint: "add --healthcheck COMMAND")
        }
        return test.map {
            ImageConfig.HealthCheck(
                test: $0, interval: job.integer(figures[0]), timeout: job.integer(figures[1]),
                startPeriod: job.integer(figures[2]), retries: job.integer(figures[3]))
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
