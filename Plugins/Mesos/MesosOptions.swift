// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The options of `bio pkg export mesos`, and the base packages it needs.
enum MesosOptions {
    static let cpu = from("CPU", .string("cpu", "N", default: "0.5", "Ask for so many processors"))
    static let memory = from(
        "MEM", .integer("mem", "MB", in: 1...16_777_216, default: 256, "Ask for so much memory"))
    static let disk = from(
        "DISK", .integer("disk", "MB", in: 0...1_073_741_824, default: 0, "Ask for so much room on disk"))
    static let instances = from(
        "INSTANCES", .integer("instances", "N", in: 0...100_000, default: 1, "Run so many of it"))
    static let id = Option.string("id", "PATH", "Call the application so, instead of ORIGIN/NAME")
    static let uri = Option.string(
        "uri", "URL", "Say where the tarball will be; what ends with / is the directory it will be in")
    static let environment = Option.list("env", "NAME=VALUE", "Set a variable for the service; repeatable")
    static let docker = Option.flag("docker", "Run a container image instead of a tarball")
    static let noHealthCheck = Option.flag("no-health-check", "Let Marathon not ask for the service's health")

    static let all =
        [cpu, memory, disk, instances, id, uri, environment, docker, noHealthCheck, DirectOptions.runtime]
        + [DirectOptions.config] + SupervisorWords.options

    static let basePackages = DirectOptions.basePackages([.cli, .supervisor, .launcher, .shell, .certificates])

    private static func from(_ variable: String, _ option: Option) -> Option {
        var option = option
        option.environment = variable
        return option
    }
}
