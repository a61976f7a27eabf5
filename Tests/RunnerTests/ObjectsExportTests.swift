// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioExport
import BioPluginHost
import BioSystem
import BioTestSupport
import Testing

/// One export by the Swift plugin that writes Kubernetes objects and a chart.
private struct ObjectsWorld: ~Copyable {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    func write(_ text: String, to name: String) throws -> String { try scratch.write(Array(text.utf8), to: name) }

    /// What was written, by its path.
    func export(_ mode: RunnerMode, config: String? = nil, namespace: String? = nil, notes: [String] = []) throws
        -> [String: String]
    {
        let out = scratch.file("out")
        try Directory.create(out)
        let fixture = try ExportFixture.small(in: scratch.file("root"))
        let library = try Repository.built(".build/debug/libobjects.so")
        let runtime = PluginExport.Runtime(mode: mode, hostVersion: "test")
        let description = try PluginExport.describe(PluginBundle(libraryPath: library), runtime)
        let values = [
            config.map { OptionValue(.text($0, kind: 4), source: .commandLine) } ?? OptionValue(.unset),
            namespace.map { OptionValue(.text($0, kind: 3)) } ?? OptionValue(.unset), OptionValue(.list(notes)),
        ]
        let export = PluginExport(
            runtime: runtime, bundle: PluginBundle(libraryPath: library), description: description,
            format: description.formats[0],
            job: fixture.job(values), bytes: fixture.bytes, placement: .directory(out, name: nil),
            temporaryDirectory: "/nowhere", threads: 1)
        _ = try export.run(isDryRun: false, observer: nil, archiveProgress: { _, _ in }) { _ in }
        var files: [String: String] = [:]
        for line in try treeListing(out, withModes: false) where line.hasPrefix("f ") {
            let path = String(line.split(separator: " ", maxSplits: 2)[2])
            files[path] = String(decoding: try contents(of: "\(out)/\(path)"), as: UTF8.self)
        }
        return files
    }
}

/// `bio.host.document/1` as plugins in Swift see it.
@Suite(.timeLimit(.minutes(15))) struct ObjectsExportTests {
    @Test(arguments: Mode.allCases) func objectsAreWrittenInOrder(_ mode: Mode) throws {
        let world = try ObjectsWorld()
        let config = try world.write("port = 6379\n", to: "user.toml")
        let files = try world.export(try mode.runner, config: config, namespace: "on", notes: ["a: b", "two\nlines\n"])
        #expect(
            files["objects.yaml"] == """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: app
                  namespace: "on"
                data:
                  note-0: "a: b"
                  note-1: |
                    two
                    lines
                  user.toml: |
                    port = 6379
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: app
                  namespace: "on"
                spec:
                  # Every instance is found by its own name
                  clusterIP: None
                  selector:
                    app.kubernetes.io/name: app
                  ports:
                    - name: main
                      port: 6379

                """)
        #expect(
            files["chart/templates/_labels.tpl"] == """
                {{- define "labels" -}}
                app.kubernetes.io/name: {{ .Chart.Name | quote }}
                bio/ident: acme/app/2.1/20260101000002
                {{- end }}

                """)
        #expect(
            files["chart/templates/objects.yaml"] == """
                apiVersion: v1
                kind: ConfigMap
                metadata:
                  name: app
                  labels: {{- include "labels" . | nindent 4 }}
                  {{- with .Values.annotations }}
                  annotations: {{- toYaml . | nindent 4 }}
                  {{- end }}
                data:
                  {{- range $i, $note := .Values.notes }}
                  {{- printf "note-%d: %s" $i ($note | toJson) | nindent 2 }}
                  {{- end }}
                  fixed: "a: b"
                {{- if .Values.service.enabled }}
                ---
                apiVersion: v1
                kind: Service
                metadata:
                  name: app
                  labels: {{- include "labels" . | nindent 4 }}
                spec:
                  selector:
                    app.kubernetes.io/name: {{ .Chart.Name | quote }}
                  ports:
                    - name: main
                      port: {{ .Values.service.port }}
                {{- end }}

                """)
        #expect(files["chart/values.yaml"]?.contains("# Where it listens\nservice:\n") == true)
    }

    /// What is absent is left out.
    @Test func nothingIsWrittenForWhatIsNotGiven() throws {
        let world = try ObjectsWorld()
        let files = try world.export(.inProcess)
        #expect(
            files["objects.yaml"]?.hasPrefix(
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\n---\n") == true)
    }

    /// The user reads which option, which file, which place.
    @Test(arguments: [
        ("port = \"x\"\n", ":1:1: a port is a number from 1 to 65535"),
        ("# port\n port = 70000\n", ":2:2: a port is a number from 1 to 65535"),
        ("port = \n", ":1:8: "),
    ])
    func aWrongFileIsNamedWithThePlace(_ text: String, _ message: String) throws {
        let world = try ObjectsWorld()
        let config = try world.write(text, to: "user.toml")
        let error = #expect(throws: PluginError.self) { try world.export(try HostileWorld.child, config: config) }
        guard case .failed(.validate, let failure)? = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failure.message.hasPrefix(config + message), "\(failure.message)")
        #expect(failure.subjectKind == .option && failure.subject == "config")
    }

    @Test func aFileThatIsNotThereIsNamed() throws {
        let world = try ObjectsWorld()
        let error = #expect(throws: PluginError.self) { try world.export(.inProcess, config: "/nowhere/user.toml") }
        #expect(
            error?.problem
                == .failed(
                    .validate,
                    PluginFailure(
                        code: 2, subjectKind: .option, subject: "config",
                        message: "cannot open '/nowhere/user.toml': No such file or directory",
                        hint: "name a file that can be read")))
    }

    /// Texts that others get wrong, read back by PyYAML from all that is YAML.
    @Test func anyTextComesBack() throws {
        let hard = [
            "", " ", "yes", "0777", "1e3", "null", "~", "---", "...", "a: b", "- a", "#", "{{ .Values.x }}", "{{", "}}",
            "{{{", "$x", "${x}", "\\", "\"", "'", "`", "\n", "a\n b\n\n", "\t", "\r\n", "\u{0}", "\u{1B}[2J", "\u{7F}",
            "\u{85}", "\u{2028}", "\u{FEFF}", "\u{FFFF}", "😀", " a ", "*a", "&a", "!a", "%a", "@a", "<<", "=",
            String(repeating: "long ", count: 5000),
        ]
        let world = try ObjectsWorld()
        let files = try world.export(try HostileWorld.child, notes: hard)
        let script = """
            import json, sys, yaml
            given = json.load(sys.stdin)
            manifest, values = given["manifest"], given["values"]
            for loader in yaml.SafeLoader, yaml.CSafeLoader:
                data = next(yaml.load_all(manifest, loader))["data"]
                assert [data["note-%d" % i] for i in range(len(given["notes"]))] == given["notes"]
                assert yaml.load(values, loader)["notes"] == given["notes"]
            """
        let input: DocumentValue = [
            "notes": .strings(hard), "manifest": .string(files["objects.yaml"] ?? ""),
            "values": .string(files["chart/values.yaml"] ?? ""),
        ]
        let outcome = try Tool.run(["/usr/bin/python3", "-c", script], input: input.jsonBytes(.compact))
        #expect(outcome.code == 0, "\(outcome.errorText)")
    }
}
