// SPDX-License-Identifier: Apache-2.0

import Workload

/// The files of a chart that are for people and for Helm itself: texts, not documents. The name of a chart is safe in all
/// of them (`ClusterName`).
enum ChartFiles {
    static let ignored = """
        # What 'helm package' leaves out.
        .DS_Store
        .git/
        .gitignore
        .idea/
        .vscode/
        *.bak
        *.orig
        *.swp
        *~

        """

    /// What `helm install` prints at its end.
    /// - Parameters:
    ///   - services: the first first.
    ///   - isTested: whether the chart has a test.
    static func notes(_ services: [ChartService], _ runtime: WorkloadRuntime, isTested: Bool) -> String {
        let names = services.map { "(include \"\($0.template).fullname\" .)" }
        let check = """
            {{- $names := list \(names.joined(separator: " ")) }}
            {{- if ne (len $names) (len (uniq $names)) }}{{ fail "two services have one metadataName" }}{{ end -}}

            """
        let namespace = "--namespace {{ .Values.namespace | default .Release.Namespace }}"
        let test = """

            Let the chart test it:

              helm test {{ .Release.Name }} --namespace {{ .Release.Namespace }}

            """
        let supervisor = """

            Ask its supervisor \(runtime == .alone ? "how it is" : "what runs"):

              kubectl \(namespace) port-forward statefulset/{{ include "\(services.first?.template ?? "").fullname" . }} 9631 &
              curl http://127.0.0.1:9631/\(runtime == .alone ? healthPath(services.first) : "services")

            """
        return (names.count > 1 ? check : "") + """
            {{ .Chart.Name }} {{ .Chart.AppVersion }} is installed as {{ .Release.Name }}.

            See its pods:

              kubectl \(namespace) get pods --selector app.kubernetes.io/instance={{ .Release.Name }}

            """ + (runtime == .direct ? "" : supervisor) + (isTested ? test : "")
    }

    /// What a supervisor tells everybody.
    private static func healthPath(_ service: ChartService?) -> String {
        guard let service else { return "" }
        return "services/\(service.package.name)/{{ \(service.path).serviceGroup }}/health"
    }

    /// - Parameter values: what `values.yaml` holds.
    static func readMe(
        _ metadata: ChartMetadata, packages: [String], values: [ChartValue], _ runtime: WorkloadRuntime, isTested: Bool
    ) -> String {
        let name = metadata.name
        let list = packages.map { "- `\($0)`\n" }.joined()
        let rows = ChartValue.rows(values)
        return """
            # \(name)

            A chart of these packages, \(runtime == .direct ? "configured in their images" : "each of which runs under its supervisor"):

            \(list)
            ```sh
            helm install my-\(name) .\(isTested ? "\nhelm test my-\(name)" : "")
            ```

            ## Values

            `values.yaml` has what they are without you; `values.schema.json` says what they may be, and Helm refuses others.

            | value | meaning |
            |---|---|
            \(rows)
            """
    }
}
