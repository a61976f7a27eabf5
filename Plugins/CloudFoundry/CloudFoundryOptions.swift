// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The options of `bio pkg export cf`, and the base packages of what it makes.
enum CloudFoundryOptions {
    static let mapping: Option = {
        var option = Option.path(
            "mapping", "MAPPING.toml", "Fill this TOML from the environment when a container starts")
        // Without a supervisor there is none.
        option.isOperand = true
        return option
    }()
    static let app = Option.string(
        "app", "NAME", "Call the application so in the manifest; the package's name by default")
    static let user = Option.string("user", "USER[:GROUP]", "Run as this user, by name or number")
    static let noManifest = Option.flag("no-manifest", "Write no manifest for `cf push`")

    static let all = [mapping, DirectOptions.runtime] + DirectOptions.options + [app, user, noManifest]

    /// Those of docker under its supervisor, and what the helpers read JSON with.
    static let basePackages =
        DirectOptions.basePackages([.cli, .supervisor, .launcher, .shell, .certificates])
        + [.other("jq", package: "jq-static", omitWhen: "runtime=direct")]
}
