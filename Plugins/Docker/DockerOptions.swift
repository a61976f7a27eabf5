// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The options of `bio pkg export docker`, and the base packages they let out.
enum DockerOptions {
    static let runtime = Option.choice(
        "runtime",
        [
            ("supervisor", "the supervisor runs the first service"),
            ("direct", "a small first process runs the first service, configured now"),
            ("none", "no base packages; a program of the packages runs by itself"),
        ], default: "supervisor", "Choose what runs in a container")
    static let program = Option.string(
        "program", "NAME", "With --runtime none, run this program of the packages")
    static let entrypoint = Option.list(
        "entrypoint", "WORD", "Run this instead: a word for each --entrypoint, or all of them as a JSON list")
    static let command = Option.list(
        "cmd", "WORD", "Give these words to the entrypoint: one for each --cmd, or all of them as a JSON list")
    static let user = Option.string("user", "USER[:GROUP]", "Run as this user, by name or number")
    static let environment = Option.list("env", "NAME=VALUE", "Set a variable in containers; repeatable")
    static let label = Option.list("label", "KEY=VALUE", "Put a label on the image; repeatable, wins over those made")
    static let workingDirectory = Option.string("workdir", "DIR", "Start in this directory of the image")
    static let health = Option.string(
        "healthcheck", "COMMAND", "Check health with a line for the shell, a JSON list of words, or NONE")
    static let healthInterval = seconds("healthcheck-interval", "Check health every so many seconds")
    static let healthTimeout = seconds("healthcheck-timeout", "Let a health check take so many seconds")
    static let healthStartPeriod = seconds(
        "healthcheck-start-period", "Let a container start for so many seconds before failures count")
    static let healthRetries = Option.integer(
        "healthcheck-retries", "N", in: 1...1000, "Call a container unhealthy after so many failures")
    static let installHooks = Option.choice(
        "install-hooks",
        [
            ("defer", "they run when the supervisor first loads the package"),
            ("skip", "the image says that they have run"),
        ], default: "defer", "Choose what becomes of the packages' install hooks")

    static let all =
        [
            runtime, DirectOptions.config, DirectOptions.bindAddress, program, entrypoint, command, user, environment,
            label, workingDirectory, health, healthInterval,
            healthTimeout, healthStartPeriod, healthRetries, installHooks,
        ] + FormerOptions.all

    static let basePackages =
        [BasePackage.Role.cli, .supervisor, .launcher, .shell, .certificates].map {
            BasePackage($0, omitWhen: "runtime=none runtime=direct")
        } + [DirectOptions.firstProcess(omitWhen: "runtime=none runtime=supervisor")]

    private static func seconds(_ id: String, _ summary: String) -> Option {
        .integer(id, "SECONDS", in: 1...86_400, summary)
    }
}
