// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioDocument
import BioTestSupport
import Testing

@Suite struct PackageGraphTests {
    private let packages: PackageWorld

    init() throws { packages = try PackageWorld() }

    @Test func aTreeIsTheDefault() throws {
        try packages.install()
        #expect(
            try packages.run("pkg", "graph", "acme/app") == """
                \(PackageWorld.app)
                └── \(PackageWorld.lib)
                    └── \(PackageWorld.base)

                """)
    }

    @Test func artifactsAndHolesAreMarked() throws {
        let path = try packages.artifacts()
        #expect(
            try packages.run("pkg", "graph", path) == """
                \(PackageWorld.app) (artifact)
                ├── \(PackageWorld.base) (transitive) (missing)
                └── \(PackageWorld.lib) (missing)

                """)
    }

    @Test func jsonHasPackagesDependenciesFirst() throws {
        try packages.install()
        let json = try DocumentValue(json: packages.run("pkg", "graph", "acme/app", "--format", "json"))
        #expect(json["roots"] == [.string(PackageWorld.app)])
        #expect(
            json["packages"]?.array?.map { $0["ident"]?.string } == [
                PackageWorld.base, PackageWorld.lib, PackageWorld.app,
            ])
        #expect(
            json["packages"]?.array?.last?["dependencies"]
                == [["ident": .string(PackageWorld.lib), "kind": "direct"]])
        #expect(json["packages"]?.array?.first?["presence"] == "installed")
    }

    /// Graphviz and a reader of SVG are the judges.
    @Test func otherProgramsReadTheDrawings() throws {
        try packages.install()
        let scratch = try Scratch()
        let dot = try scratch.write(
            Array(try packages.run("pkg", "graph", "acme/app", "--format", "dot").utf8), to: "a.dot")
        let plain = try Tool.run(["dot", "-Tplain", dot])
        #expect(plain.code == 0, "\(plain.errorText)")
        let lines = String(decoding: plain.output, as: UTF8.self).split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("node ") } == 3 && lines.count { $0.hasPrefix("edge ") } == 2)
        let svg = try scratch.write(
            Array(try packages.run("pkg", "graph", "acme/app", "--format", "svg").utf8), to: "a.svg")
        let drawn = try Tool.run(["rsvg-convert", "-o", scratch.file("a.png"), svg])
        #expect(drawn.code == 0, "\(drawn.errorText)")
    }

    @Test func unknownPackagesAreNotThere() {
        #expect(packages.refusal(.packageNotFound, "pkg", "graph", "acme/app").contains("neither installed"))
        #expect(
            packages.refusal(.usage, "pkg", "graph", "acme/app", "--format", "png").contains("tree, dot, svg, json"))
    }
}
