// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPluginHost
import BioSystem

/// `bio plugin install`
enum PluginInstall {
    static let spec = CommandSpec(
        "install", abstract: "Install a plugin",
        discussion: """
            SOURCE is a plugin's directory, an archive of it (.tar, .tar.gz, .tar.xz, .tar.zst), a package's artifact, \
            or the ident of a package in the artifact cache; a package holds its plugin in lib/bio/plugins.

            The signature is verified, every file is held against the signed list, the library describes itself in a \
            child process, and what the plugin may do is shown before it is asked whether to install it. It appears \
            whole or not at all, and runs from then on because you accepted its key; bytes that are changed later do \
            not run. A plugin that nobody signed is refused unless you say --allow-unsigned.

            Prints the plugin's directory.
            """,
        examples: [
            .init("bio plugin install ./thing-1.0.0.tar.gz", "For yourself"),
            .init("bio plugin install acme/thing --site --yes", "For all users, from a package"),
        ],
        arguments: [PluginInstalling.source], options: PluginInstalling.options,
        exitCodes: PluginInstalling.exitCodes,
        action: { arguments, context in
            try PluginInstalling(arguments, context, isUpdate: false).run(arguments.argument("SOURCE") ?? "")
        })
}

/// `bio plugin update`
enum PluginUpdate {
    static let spec = CommandSpec(
        "update", abstract: "Bring an installed plugin up to date",
        discussion: """
            SOURCE is what 'bio plugin install' takes, or the id of an installed plugin: then the newest release of \
            the package that it came from is taken, or what lies by now where it came from.

            An older version is refused, and so is another key than that of the installed one, unless you say which: \
            --accept-key. The old plugin stays until the new one takes its place, in one step.
            """,
        examples: [
            .init("bio plugin update org.example.thing", "From where it came from"),
            .init("bio plugin update ./thing-1.1.0.tar.gz", "From a file"),
        ],
        arguments: [PluginInstalling.source], options: PluginInstalling.options,
        exitCodes: PluginInstalling.exitCodes,
        action: { arguments, context in
            try PluginInstalling(arguments, context, isUpdate: true).run(arguments.argument("SOURCE") ?? "")
        })
}

/// `bio plugin uninstall`
enum PluginUninstall {
    static let spec = CommandSpec(
        "uninstall", abstract: "Remove a plugin that was installed",
        discussion: "Removes what 'bio plugin install' put there, and nothing else. Prints the id.",
        examples: [.init("bio plugin uninstall org.example.thing", "One of yours")],
        arguments: [ArgumentSpec("ID", help: "Id of the plugin")], options: [PluginInstalling.site],
        exitCodes: [.pluginUnusable, .interrupted],
        action: { arguments, context in
            let id = arguments.argument("ID") ?? ""
            if let wrong = PluginDescription.wrongID(id) {
                throw UsageError.refused("the id '\(id)' \(wrong)", hint: nil)
            }
            let place = try context.installPlace(isSite: arguments.flag("site")).directory
            guard try FileStatus.of(place) != nil else {
                throw PluginInstallError.absent(plugin: id, place: place)
            }
            try PluginInstaller(place: place, cancellation: context.cancellation).remove(id)
            context.status.status(.deleted, "\(place)/\(id)")
            try context.result.line(id)
        })
}
