// SPDX-License-Identifier: Apache-2.0

import BioExport
import BioPluginHost

/// What an export may reach.
extension CommandContext {
    func tools(of plugin: FoundPlugin) -> ToolBox {
        ToolBox(
            listed: Set(plugin.manifest?.tools ?? []),
            denied: plugin.deniedTools.mapValues { $0.because },
            searchPath: environment["PATH"] ?? "", variables: toolVariables)
    }

    func reach(of offer: ExportFormat, _ arguments: ParsedArguments) -> ExportReach {
        // The options of registries come with those of images.
        let pushes = offer.format.groups.contains(FormatDescription.imageGroup)
        return ExportReach(
            tools: offer.tools, secrets: SecretReader { [input] limit in try input.readToEnd(limit: limit) },
            registries: pushes ? ExportedArtifacts(arguments, self) : nil, conclude: registryUse.commit)
    }

    /// What a program needs to find its user's keys, the agent that has them open, and the user who is asked for a
    /// passphrase. Nothing else of the user's reaches it: what it makes is to be the same tomorrow.
    private var toolVariables: [String] {
        let given: [(name: String, value: String?)] = [
            ("HOME", environment["HOME"].map(absolute)),
            ("PATH", environment["PATH"].map { ToolBox.absoluteDirectories(of: $0).joined(separator: ":") }),
            ("GNUPGHOME", environment["GNUPGHOME"].map(absolute)), ("GPG_TTY", environment["GPG_TTY"]),
            ("TERM", environment["TERM"]), ("DISPLAY", environment["DISPLAY"]),
            ("WAYLAND_DISPLAY", environment["WAYLAND_DISPLAY"]), ("XAUTHORITY", environment["XAUTHORITY"]),
            ("XDG_RUNTIME_DIR", environment["XDG_RUNTIME_DIR"]),
            ("DBUS_SESSION_BUS_ADDRESS", environment["DBUS_SESSION_BUS_ADDRESS"]),
        ]
        return ["LANG=C"] + given.compactMap { name, value in value.map { "\(name)=\($0)" } }
    }
}
