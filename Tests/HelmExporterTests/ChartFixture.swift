// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport

/// Services that the tests make charts of.
enum ChartFixture {
    static let cache = service(
        "acme/cache/7.2.1/20260102030405", ["EXPORTS": "port=port\nhost=host\n", "EXPOSES": "6379 16379\n"])
    /// Binds to cache.
    static let web = service(
        "acme/web/2.0/20260103000000", ["EXPORTS": "http=http\n", "EXPOSES": "8080\n", "BINDS": "cache=port host\n"])
    /// No ports, and root.
    static let root = service("acme/root/1.0.0/20260103000000", ["SVC_USER": "root\n", "SVC_GROUP": "root\n"])
    /// Not a name that charts have, nor a version, nor a label's value.
    static let odd = service("acme/7_Odd--Name_/1.0+'x'&{{y}}/20260103000000", ["EXPOSES": "7000\n"])
    static let long = service("acme/\(String(repeating: "long-name-", count: 5))end/1.0/20260103000000", [:])
    /// What chart's own objects end with, and two that are one to a cluster.
    static let namesakes = ["headless", "a_b", "a-b"].map { service("acme/\($0)/1.0/20260103000000", [:]) }
    static let tool = PackageFixture("acme/tool/1.0/20260103000000")

    /// Versions of packages, and what Helm is told.
    static let versions: [(package: String, chart: String)] = [
        ("1.2.3", "1.2.3"), ("4.0", "4.0.0"), ("9", "9.0.0"), ("1.1.1w", "1.1.1+w"), ("1.2.3.4", "1.2.3+4"),
        ("2.0-rc1", "2.0.0-rc1"), ("1.0.0-alpha.1", "1.0.0-alpha.1"), ("2024.01.02", "2024.1.2"), ("v3.1", "3.1.0"),
        ("master", "0.0.1+master"), ("1.0.0-01", "1.0.0-1"), ("99999999999999999999.1", "0.0.1+99999999999999999999.1"),
        ("1..2", "1.0.0+2"), ("1.2.3_4", "1.2.3+4"),
    ]
    static let versioned = versions.enumerated().map { service("acme/version\($0)/\($1.package)/20260103000000", [:]) }

    static let shared = Result { try ExportWorld([cache, web, root, odd, long, tool] + namesakes + versioned) }

    private static func service(_ ident: String, _ metafiles: [String: String?]) -> PackageFixture {
        var package = PackageFixture(ident, files: [.init("hooks/run", "#!/bin/sh\nexec sleep 1\n", mode: 0o755)])
        package.metafiles = ["SVC_USER": "hab\n", "SVC_GROUP": "hab\n"].merging(metafiles) { $1 }
        return package
    }
}

extension BuiltBio {
    /// `bio pkg export helm …`
    func helm(_ arguments: [String]) throws -> Outcome { try run(["pkg", "export", "helm"] + arguments) }
    func helm(_ arguments: String...) throws -> Outcome { try helm(arguments) }
}

extension ExportDesk {
    init() throws { try self.init(try ChartFixture.shared.get()) }

    /// The chart without an image, which must be made, in the working directory.
    borrowing func chart(_ arguments: String...) throws -> Chart { try chart(arguments) }

    borrowing func chart(_ arguments: [String]) throws -> Chart {
        let outcome = try bio.helm(arguments + ["--no-docker-image"])
        guard outcome.code == 0 else { throw BuiltBio.Missing(description: "no chart: \(outcome.errorText)") }
        return Chart(path: work(String(outcome.text.dropLast())), errorText: outcome.errorText)
    }
}

/// A chart, as Helm reads it: a directory or a packed one.
struct Chart {
    let path: String
    let errorText: String

    init(path: String, errorText: String = "") {
        self.path = path
        self.errorText = errorText
    }

    /// The paths of its files.
    func files() throws -> [String] {
        String(decoding: try tool("find", path, "-type", "f", "-printf", "%P\\n"), as: UTF8.self)
            .split(separator: "\n").map(String.init).sorted()
    }

    func text(_ name: String) throws -> String { String(decoding: try contents(of: "\(path)/\(name)"), as: UTF8.self) }

    /// `Chart.yaml`, as Helm shows it.
    func metadata() throws -> DocumentValue { try Self.documents(try Helm.output("show", "chart", path)).first ?? [:] }

    func values() throws -> DocumentValue { try Self.documents(try Helm.output("show", "values", path)).first ?? [:] }

    /// `helm template RELEASE` with these values.
    func rendered(_ arguments: String..., release: String = "my") throws -> Rendered {
        try Rendered(try Helm.output(["template", release, path] + arguments))
    }

    /// YAML, as Python reads it.
    static func documents(_ text: String) throws -> [DocumentValue] {
        try DocumentValue(json: try Rendered.judge("json", text).text).array ?? []
    }
}

/// The objects of a release, as Python reads them.
struct Rendered {
    let text: String
    let objects: [DocumentValue]

    init(_ text: String) throws {
        self.text = text
        objects = try Chart.documents(text)
    }

    /// What the oldest and the newest schemas of Kubernetes, and its servers, would refuse.
    func faults() throws -> String {
        try ["validate", "check"].map { try Self.judge($0, text) }.map { $0.text + $0.errorText }.joined()
    }

    /// Its kind and its name.
    var names: [String] {
        objects.map { "\($0["kind"]?.string ?? "?") \($0["metadata"]?["name"]?.string ?? "?")" }.sorted()
    }

    func object(_ kind: String, _ name: String) -> DocumentValue? {
        objects.first { $0["kind"]?.string == kind && $0["metadata"]?["name"]?.string == name }
    }

    func pod(_ name: String) -> DocumentValue? { object("StatefulSet", name)?["spec"]?["template"]?["spec"] }
    func container(_ name: String) -> DocumentValue? { pod(name)?["containers"]?.array?.first }
    /// Variables of the container, but for those that make the supervisor answer probes.
    func variables(_ name: String) -> [DocumentValue] {
        (container(name)?["env"]?.array ?? []).filter {
            !["HAB_LISTEN_HTTP", "BIO_HTTP_OPEN_HEALTH"].contains($0["name"]?.string)
        }
    }
    func words(_ name: String) -> [String] { container(name)?["args"]?.array?.compactMap(\.string) ?? [] }

    /// Runs the reader of Kubernetes' objects.
    static func judge(_ command: String, _ text: String) throws -> Tool.Outcome {
        let scratch = try Scratch()
        let path = try scratch.write(Array(text.utf8), to: "objects.yaml")
        return try Tool.run(
            ["python3", Repository.path("Tests/KubernetesExporterTests/judge.py"), command, path])
    }
}
