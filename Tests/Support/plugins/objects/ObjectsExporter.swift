// SPDX-License-Identifier: Apache-2.0

import BioPluginSDK

/// A Kubernetes exporter in miniature: what a plugin needs of documents, and how much of it that takes.
final class ObjectsExporter: Exporter {
    private let host: Host

    init(host: Host) { self.host = host }

    static let config = Option.path("config", "FILE", "Take the configuration from this file")
    static let namespace = Option.string("namespace", "NAME", "Put the objects into this namespace")
    static let notes = Option.list("note", "TEXT", "Add this text")

    func validate(_ job: Job) throws(ExportFailure) { _ = try settings(job) }

    func plan(_ job: Job) throws(ExportFailure) {
        try host.emit(Artifact(.file("objects.yaml"), kind: "manifest", mediaType: "application/yaml"))
        try host.emit(Artifact(.directory("chart"), role: .sidecar, kind: "chart"))
    }

    func run(_ job: Job) throws(ExportFailure) {
        let settings = try settings(job)
        let map = configMap(job, settings)
        try job.write(try host.text(of: [map, service(job, settings)], as: .yaml), to: "objects.yaml")
        try job.write(try host.text(of: chart(job), as: .yaml), to: "chart/Chart.yaml")
        try job.write(try host.text(of: values(job, settings), as: .yaml), to: "chart/values.yaml")
        try job.write(try host.text(of: labels(job), as: .yamlTemplate), to: "chart/templates/_labels.tpl")
        try job.write(try host.text(of: templates(job), as: .yamlTemplate), to: "chart/templates/objects.yaml")
        try plan(job)
    }

    /// The user's file, whose `port` is wanted.
    private func settings(_ job: Job) throws(ExportFailure) -> (port: Int64, text: [UInt8]?) {
        guard let text = try job.contents(of: Self.config) else { return (80, nil) }
        let read = try host.read(
            text, as: .toml, name: job.text(Self.config) ?? "", from: .option(Self.config.id))
        guard let port = read.value["port"] else { return (80, text) }
        guard let number = port.integer, (1...65535).contains(number) else {
            throw read.failure(at: port, "a port is a number from 1 to 65535")
        }
        return (number, text)
    }

    private func name(_ job: Job) -> String { job.roots.first?.name ?? "none" }

    private func configMap(_ job: Job, _ settings: (port: Int64, text: [UInt8]?)) -> DocumentValue {
        let config = settings.text.map { String(decoding: $0, as: UTF8.self) }
        let notes = job.list(Self.notes).enumerated().map { (key: "note-\($0)", value: DocumentValue.string($1)) }
        return [
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": ["name": "\(name(job))", "namespace": .string(job.text(Self.namespace))],
            "data": DocumentValue.map(notes).adding(["user.toml": .string(config)]).unlessEmpty,
        ]
    }

    private func service(_ job: Job, _ settings: (port: Int64, text: [UInt8]?)) -> DocumentValue {
        [
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": ["name": "\(name(job))", "namespace": .string(job.text(Self.namespace))],
            "spec": [
                "clusterIP": .string("None").commented("Every instance is found by its own name"),
                "selector": ["app.kubernetes.io/name": "\(name(job))"],
                "ports": [["name": "main", "port": .integer(settings.port)]],
            ],
        ]
    }

    // MARK: - The chart

    private func chart(_ job: Job) -> DocumentValue {
        [
            "apiVersion": "v2", "name": "\(name(job))", "version": "0.0.1",
            "appVersion": .string(job.roots.first?.version),
        ]
    }

    private func values(_ job: Job, _ settings: (port: Int64, text: [UInt8]?)) -> DocumentValue {
        [
            "notes": .strings(job.list(Self.notes)).commented("Texts of the user, {{ as they are }}"),
            "service": .map(["enabled": true, "port": .integer(settings.port)]).commented("Where it listens"),
            "annotations": .map([]),
        ]
    }

    /// `{{ include "labels" . }}`
    private func labels(_ job: Job) -> DocumentValue {
        .map([
            "app.kubernetes.io/name": .expression(".Chart.Name | quote"),
            "bio/ident": .string(job.roots.first?.ident),
        ]).within("define \"labels\"")
    }

    private func templates(_ job: Job) -> [DocumentValue] {
        let map: DocumentValue = [
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": [
                "name": "\(name(job))",
                "labels": .lines("include \"labels\" ."),
                "annotations": .lines("toYaml .").within("with .Values.annotations"),
            ],
            "data": [
                "": .lines("printf \"note-%d: %s\" $i ($note | toJson)")
                    .within("range $i, $note := .Values.notes"),
                "fixed": .strings(job.list(Self.notes)).first,
            ],
        ]
        let service: DocumentValue = [
            "apiVersion": "v1",
            "kind": "Service",
            "metadata": ["name": "\(name(job))", "labels": .lines("include \"labels\" .")],
            "spec": [
                "selector": ["app.kubernetes.io/name": .expression(".Chart.Name | quote")],
                "ports": [["name": "main", "port": .expression(".Values.service.port")]],
            ],
        ]
        return [map, service.when(".Values.service.enabled")]
    }
}

extension DocumentValue {
    /// The first element of a list; absent when there is none.
    fileprivate var first: DocumentValue { elements.first ?? .absent }
}
