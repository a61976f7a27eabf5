// SPDX-License-Identifier: Apache-2.0

import BioPluginHost

/// `bio plugin new`
enum PluginNew {
    private static let languages = PluginProject.Language.allCases.map {
        OptionSpec.Choice($0.rawValue, "needs \($0.need)")
    }

    static let spec = CommandSpec(
        "new", abstract: "Begin a plugin: a project that builds, in the language of your choice",
        discussion: """
            Makes a directory NAME with a manifest, a source of a small complete format, a build file, tests and a copy \
            of the SDK: it builds without a network, by 'make', into NAME/out. Prints the directory.
            """,
        examples: [
            .init("bio plugin new --lang c nomad", "A plugin in C"),
            .init("bio plugin new --lang exec nomad --id com.acme.nomad", "A format that a script makes"),
        ],
        arguments: [ArgumentSpec("NAME", help: "Name of the plugin, of its directory and its library")],
        options: [
            OptionSpec("lang", .choice("LANGUAGE", languages), required: true, help: "Write it in this language"),
            OptionSpec("id", .string("ID"), help: "Its id, a reverse domain (default: org.example.NAME)"),
            OptionSpec("format", .string("FORMAT"), help: "The word that users type (default: NAME)"),
            OptionSpec("license", .string("SPDX"), fallback: "Apache-2.0", help: "Its licence, an SPDX expression"),
            OptionSpec("into", .path("DIR"), fallback: ".", help: "Make the project's directory in this one"),
        ],
        action: { arguments, context in
            guard let language = arguments.string("lang").flatMap(PluginProject.Language.init(rawValue:)) else {
                return
            }
            let project = try PluginProject(
                arguments.argument("NAME") ?? "", language: language, id: arguments.string("id"),
                format: arguments.string("format"), license: arguments.string("license") ?? "Apache-2.0")
            let directory = arguments.string("into") ?? "."
            let share = "\(context.installPrefix ?? "/usr/local")/share/bio"
            let path = try ProjectDirectory(project, share: share).make(in: context.absolute(directory))
            context.status.status(.created, "a plugin in \(path), which needs \(language.need)")
            context.status.info("Next: make -C \(directory)/\(project.name)")
            try context.result.line(directory == "." ? project.name : "\(directory)/\(project.name)")
        })
}
