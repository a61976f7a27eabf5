// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// Writes a text and a service that the host has rendered.
final class Rendered: Exporter {
    private static let template = Option.string(
        "template", "TEXT", default: "{{package}} on {{port}}", "Render this")
    private static let bind = Option.list("bind", "NAME=HOST:PORT", "Bind the service so")
    static let options = [template, bind]

    private let host: Host

    init(host: Host) throws(ExportFailure) { self.host = host }

    func validate(_ job: Job) throws(ExportFailure) {}

    func plan(_ job: Job) throws(ExportFailure) {
        try host.emit(Artifact(.file("rendered.json"), kind: "rendered", mediaType: "application/json"))
        try host.emit(
            Artifact(.file("rendered.tar"), role: .sidecar, kind: "rendered-tree", mediaType: "application/x-tar"))
    }

    func run(_ job: Job) throws(ExportFailure) {
        guard let root = job.roots.first else { return }
        let context: DocumentValue = [
            "package": .string(root.name), "port": 6379, "tags": .strings(["a", "b"]), "on": true,
        ]
        let text = try host.render(
            job.text(Self.template) ?? "", named: "the template", context, from: .option("template"))
        let tree = try host.makeRootFilesystem()
        let service = try host.render(
            ServiceCall(
                root, binds: job.list(Self.bind), configuration: ("made.toml", "greeting = \"made\"\n"), group: "blue"),
            into: tree)
        let hooks: [DocumentValue] = service.hooks.map {
            ["name": .string($0.name), "path": .string($0.path), "interpreter": .string($0.interpreter)]
        }
        let document: DocumentValue = [
            "text": .string(text), "directory": .string(service.directory), "user": .string(service.user),
            "group": .string(service.group), "stop_signal": .string(service.stopSignal),
            "stop_seconds": .integer(service.stopSeconds), "hooks": .list(hooks),
            "environment": .map(service.environment.map { ($0.key, .string($0.value)) }),
            "left_out": .strings(service.leftOut),
        ]
        try job.write(try host.text(of: document, as: .json), to: "rendered.json")
        _ = try host.writeArchive(tree, path: "rendered.tar", compression: "none")
        try plan(job)
    }
}
