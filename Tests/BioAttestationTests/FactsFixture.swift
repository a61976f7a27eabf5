// SPDX-License-Identifier: Apache-2.0

import BioCrypto
import BioDocument
import BioGraph
import BioOCI
import BioPackage
import BioSystem
import BioTestSupport

@testable import BioAttestation

/// Four packages that differ in all that a document may say of them, and what was made of them.
enum FactsFixture {
    static let zlib = "core/zlib/1.2.11/20180608050617"
    static let shell = "core/busybox-static/1.36.1/20260101000000"
    static let library = "acme/lib_x/1.0/20260102000000"
    static let app = "acme/app/2.0/20260103000000"

    static func manifest(
        licence: String, homepage: String? = nil, source: String? = nil, sha: String? = nil, summary: String = ""
    ) -> String {
        """
        # core / x
        \(summary)

        * __Maintainer__: Somebody <somebody@example.com>
        * __Version__: 1.2.11
        * __Upstream URL__: \(homepage.map { "[\($0)](\($0))" } ?? "upstream project's website or home page is not defined")
        * __License__: \(licence) 
        * __Source__: \(source.map { "[\($0)](\($0))" } ?? "source URL not provided or required")
        * __SHA__: \(sha.map { "`\($0)`" } ?? "SHA256 checksum not provided or required")

        # Plan

        * __License__: this is the plan's own text
        """
    }

    private static func package(_ ident: String, manifest: String?, isService: Bool = false, isKnown: Bool = true)
        throws
        -> ExportFacts.Package
    {
        ExportFacts.Package(
            ident: try QualifiedIdent(parsing: ident), target: .x86_64Linux, isService: isService,
            origin: isKnown
                ? .init(
                    artifact: .blake2b256(of: Array(ident.utf8)), signer: "core-20180119235000",
                    signature: ident == zlib ? [UInt8](repeating: 7, count: 128) : nil) : nil, manifest: manifest)
    }

    private static func packages() throws -> [String: ExportFacts.Package] {
        let digest = Digest.sha256(of: [1]).hex
        return [
            zlib: try package(
                zlib,
                manifest: manifest(
                    licence: "Zlib", homepage: "http://www.zlib.net/", source: "http://zlib.net/zlib-1.2.11.tar.gz",
                    sha: digest, summary: "Compression \"Library\" – small")),
            shell: try package(shell, manifest: manifest(licence: "gplv2+ Apache-2.0", homepage: "not an address")),
            library: try package(library, manifest: nil, isKnown: false),
            app: try package(
                app, manifest: manifest(licence: "MIT BSD-3-Clause", source: "https://user:pw@example.com/a"),
                isService: true),
        ]
    }

    static func facts(_ result: ExportFacts.Result? = nil) throws -> ExportFacts {
        let needs = [app: [library, zlib], library: [zlib], zlib: [], shell: []]
        let graph = try DependencyGraph.resolve(
            roots: [try QualifiedIdent(parsing: app)], base: [try QualifiedIdent(parsing: shell)]
        ) { ident -> PackageNode? in
            let deps = try (needs["\(ident)"] ?? []).map { try QualifiedIdent(parsing: $0) }
            return PackageNode(ident: ident, deps: deps, tdeps: deps)
        }
        let known = try packages()
        return ExportFacts(
            result: try result ?? image(), packages: graph.packages.compactMap { known["\($0.ident)"] }, graph: graph,
            maker: .init(
                version: "0.1.0", format: "docker", pluginID: "org.biome.docker", pluginVersion: "0.1.0",
                parameters: [(name: "max-layers", value: 3), (name: "runtime", value: "none")]),
            created: "2026-01-03T00:00:00Z")
    }

    static let manifestDigest = Digest.sha256(of: Array("manifest".utf8))
    static let imageID = Digest.sha256(of: Array("configuration".utf8))

    static func image() throws -> ExportFacts.Result {
        func layer(_ title: String, _ packages: [Int]) -> ExportFacts.Layer {
            .init(
                title: title, packages: packages, diffID: .sha256(of: Array(title.utf8)),
                blob: .init(digest: .sha256(of: Array("gzip \(title)".utf8)), mediaType: .ociLayerGzip))
        }
        return ExportFacts.Result(
            name: "registry.example:5000/acme/app:2.0", version: "2.0",
            image: .init(
                platform: Platform(os: "linux", architecture: "amd64"),
                reference: try ImageReference(parsing: "acme/app:2.0"),
                pushed: try ImageReference(parsing: "registry.example:5000/acme/app"), manifest: manifestDigest,
                layers: [
                    layer("base packages", [0]), layer("small packages", [1, 2]), layer(app, [3]),
                    layer("root filesystem", []),
                ]),
            subjects: [
                .init(name: "acme/app:2.0", sha256: manifestDigest),
                .init(name: "acme/app:2.0 (configuration)", sha256: imageID),
            ])
    }

    /// A tar: no image, no layers.
    static func file() -> ExportFacts.Result {
        .init(
            name: "acme-app-2.0.tar.gz", version: "2.0",
            subjects: [.init(name: "acme-app-2.0.tar.gz", sha256: .sha256(of: [2]))])
    }

    /// What the judge says of a document: one line for each thing that is wrong.
    static func judged(_ judge: String, _ document: DocumentValue) throws -> String {
        let scratch = try Scratch()
        // The validator of SPDX goes by the ending.
        return try judged([judge, try scratch.write(document.jsonBytes(.pretty), to: "document.json")])
    }

    static func judged(_ arguments: [String]) throws -> String {
        let outcome = try Tool.run(
            ["python3", "\(SourceTree.root)/Tests/Support/attestations/judge.py"] + arguments,
            environment: ["PYTHONDONTWRITEBYTECODE": "1"])
        return outcome.code == 0 ? outcome.text : "judge.py failed: \(outcome.errorText)"
    }
}
