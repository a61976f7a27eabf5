// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// The options of `bio pkg export aci`, and the base packages it needs.
enum ACIOptions {
    static let name = Option.string("name", "NAME", "Call the image so, instead of ORIGIN/NAME")
    static let environment = Option.list("env", "NAME=VALUE", "Set a variable for the service; repeatable")
    static let sign: Option = {
        var option = Option.flag("sign", "Sign the image with gpg; the signature is a file beside it")
        option.environment = "SIGN"
        return option
    }()
    static let signKey = Option.string("sign-key", "KEY", "Sign with this key of gpg's instead of its default")
    static let signPassphrase = Option.path(
        "sign-passphrase-file", "FILE", "Take the key's passphrase from the first line of a file; - is standard input")
    static let signArguments: Option = {
        var option = Option.string("sign-args", "WORDS", "Give gpg these options, too")
        option.environment = "SIGN_ARGS"
        return option
    }()

    static let all =
        [DirectOptions.runtime, DirectOptions.config]
        + [name, environment, sign, signKey, signPassphrase, signArguments] + SupervisorWords.options

    static let basePackages = DirectOptions.basePackages([.cli, .supervisor, .launcher, .shell, .certificates])
}
