// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioPluginHost
import BioSystem

/// `bio plugin verify`
enum PluginVerify {
    static let spec = CommandSpec(
        "verify", abstract: "Verify the signature and every file of a plugin",
        discussion: """
            Reads all files, holds them against the list plugin.files, and its signature against the key, which must \
            be in the key cache, or be the one that was accepted when the plugin was installed. A file that is not \
            listed is refused too.
            """,
        examples: [
            .init("bio plugin verify org.example.thing", "An installed plugin"),
            .init("bio plugin verify ./out", "One that is about to be shipped"),
        ],
        arguments: [ArgumentSpec("PLUGIN", help: "Id, name or directory of the plugin")],
        options: [.cacheKeyPath, .format], exitCodes: [.trustRefused, .pluginUnusable],
        action: { arguments, context in
            let directory = try directory(arguments.argument("PLUGIN") ?? "", context)
            let checked = try check(directory, context.keyRing(arguments))
            guard arguments.wantsJSON else {
                return try context.result.line(
                    "\(checked.list.id) \(checked.list.version): \(checked.list.entries.count) files, \(checked.sentence)"
                        .terminalSafe())
            }
            try context.result.json(document(checked, directory))
        })

    private struct Checked {
        let list: PluginFileList
        let provenance: PluginProvenance

        var sentence: String {
            provenance.evidence == .unsigned ? "not signed, and accepted as they are" : provenance.evidence.sentence
        }
    }

    private static func directory(_ name: String, _ context: CommandContext) throws -> String {
        let path = context.absolute(name)
        if try FileStatus.of("\(path)/\(PluginManifest.fileName)") != nil { return path }
        return try PluginInfo.find(name, context).directory
    }

    private static func check(_ directory: String, _ ring: KeyRing) throws -> Checked {
        let manifest = try PluginManifest.read(in: directory)
        let found = try PluginFileList.naming(directory) { try PluginFileList(of: manifest, in: directory) }
        var reader = PluginEvidenceReader(rings: [ring])
        let place = directory.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
        let provenance = reader.provenance(of: manifest, in: directory, place: place, standing: .foreign)
        switch provenance.evidence {
        case .badSignature(let why): throw PluginTrustError.badSignature(plugin: manifest.id, why)
        case .unknownKey(let key):
            throw PluginTrustError.unknownKey(plugin: manifest.id, key: try KeyName(parsing: key))
        case .unsigned where provenance.acceptance != .unsigned:
            throw PluginTrustError.unsigned(plugin: manifest.id)
        case .altered, .unsigned, .signed, .installed, .bundled, .developer: break
        }
        guard let list = try PluginFileList.read(in: directory) else {
            throw PluginTrustError.unsigned(plugin: manifest.id)
        }
        try list.check(found)
        // What the list's own reading found, and the files do not show: they were changed in between.
        if case .altered(let why) = provenance.evidence {
            throw PluginTrustError.badSignature(plugin: manifest.id, why)
        }
        return Checked(list: list, provenance: provenance)
    }

    private static func document(_ checked: Checked, _ directory: String) -> DocumentValue {
        let evidence = checked.provenance.evidence
        var package: String?
        if case .installed(let ident, _) = evidence { package = ident }
        return [
            "schema_version": 1, "id": .string(checked.list.id), "version": .string(checked.list.version),
            "directory": .string(directory), "evidence": .string(evidence.word), "key": .optional(evidence.key),
            "package": .optional(package), "accepted": .bool(checked.provenance.acceptance != .none),
            "digest": .string("\(checked.list.digest)"),
            "files": .array(
                checked.list.entries.map { entry in
                    [
                        "path": .string(entry.path), "size": .integer(entry.size),
                        "digest": .string("\(entry.digest)"), "executable": .bool(entry.isExecutable),
                    ]
                }),
        ]
    }
}
