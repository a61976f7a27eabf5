// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK
import ServiceRoot

/// What the user wants in `user.toml`: TOML with holes that the shell fills when a container starts.
struct Mapping {
    enum Part {
        /// TOML as it stands.
        case text(String)
        /// What a string means, whose own spelling will not do.
        case meaning(String)
        case hole(Hole, isQuoted: Bool)
    }

    private let name: String
    private let parts: [Part]

    /// What the user named must be UTF-8, and TOML once its holes are filled.
    init(_ bytes: [UInt8], path: String, _ host: Host) throws(ExportFailure) {
        name = path.split(separator: "/").last.map(String.init) ?? path
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .option(CloudFoundryOptions.mapping, "'\(path)' is not UTF-8")
        }
        var reader = MappingReader(text)
        do throws(MappingFault) { try reader.read() } catch {
            throw .option(
                CloudFoundryOptions.mapping, "\(Self.position(name, error.place)): \(error.message)", hint: error.hint)
        }
        parts = reader.parts
        _ = try host.read(
            Array(reader.filled.utf8), as: .toml, name: name, from: .option(CloudFoundryOptions.mapping.id))
    }

    /// A string with its quotes. Single quotes keep no hole from being filled, but TOML has no escapes in them: such a
    /// string is written in double quotes.
    static func string(_ content: [Part], delimiter: String) -> [Part] {
        let hasHole = content.contains { if case .hole = $0 { true } else { false } }
        guard hasHole, delimiter != "\"" else { return [.text(delimiter)] + content + [.text(delimiter)] }
        var content = content
        // A line end right behind three quotes is no part of the string.
        if delimiter.count == 3, case .text("\r")? = content.first { content.removeFirst() }
        if delimiter.count == 3, case .text("\n")? = content.first { content.removeFirst() }
        // And one that comes there because a hole was filled with nothing is.
        if delimiter == "\"\"\"" { return [.text(delimiter + "\n")] + content + [.text(delimiter)] }
        return [.text("\"")] + content.map { if case .text(let text) = $0 { .meaning(text) } else { $0 } } + [
            .text("\"")
        ]
    }

    /// The services that it asks for by name, each once.
    var services: [String] {
        var seen: Set<String> = []
        return commands.filter { $0.name == "service" }.compactMap(\.argument).filter { seen.insert($0).inserted }
    }

    /// Whether it wants to know where to listen.
    var asksForPort: Bool {
        let words = parts.flatMap { part -> [Substring] in
            guard case .hole(let hole, _) = part else { return [] }
            return hole.code.split { $0 != "_" && !$0.isLetter && !$0.isNumber }
        }
        return words.contains("PORT") || commands.contains { $0.name == "port" }
    }

    /// One line for each command that looks like a helper, is none, and is nothing else either.
    func remarks(known programs: Set<String>) -> [String] {
        commands.compactMap { command in
            guard !programs.contains(command.name), let meant = MappingCommand.meant(by: command.name) else {
                return nil
            }
            return
                "\(Self.position(name, command.place)): there is no '\(command.name)' in the image; is it '\(meant)'?"
        }
    }

    private var commands: [Hole.Command] {
        parts.flatMap { part -> [Hole.Command] in if case .hole(let hole, _) = part { hole.commands } else { [] } }
    }

    private static func position(_ name: String, _ place: TextCursor.Place) -> String {
        "\(name):\(place.line):\(place.column)"
    }

    /// Shell commands that print it with its holes filled, with the functions of `RenderScript`.
    func script(_ host: Host) throws(ExportFailure) -> String {
        var script = ""
        var text = ""
        for part in parts {
            switch part {
            case .text(let more): text += more
            case .meaning(let meaning):
                text += String(try host.text(of: .string(meaning), as: .jsonCompact).dropFirst().dropLast())
            case .hole(let hole, let isQuoted):
                script += Self.copy(text)
                text = ""
                script += "cf_\(isQuoted ? "quoted" : "bare") \(hole.place.line) \(ShellWord.quoted(hole.code))\n"
            }
        }
        return script + Self.copy(text)
    }

    private static func copy(_ text: String) -> String { text.isEmpty ? "" : "cf_copy \(ShellWord.quoted(text))\n" }
}
