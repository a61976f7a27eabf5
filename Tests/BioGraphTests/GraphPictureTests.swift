// SPDX-License-Identifier: Apache-2.0

import BioPackage
import Testing

@testable import BioGraph

@Suite struct GraphPictureTests {
    /// `a: b c` lines: what each package needs directly. TDEPS is what follows from them and `extra`.
    private func picture(
        _ needs: [String: [String]], root: String = "app", extra: [String] = [],
        absent: [String: GraphPicture.Presence] = [:]
    ) throws -> GraphPicture {
        func ident(_ name: String) throws -> QualifiedIdent {
            try QualifiedIdent(parsing: "acme/\(name)/1.0/20260101000000")
        }
        func closure(_ name: String) -> Set<String> {
            (needs[name] ?? []).reduce(into: []) {
                $0.formUnion([$1]); $0.formUnion(closure($1))
            }
        }
        let graph = try DependencyGraph.resolve(roots: [try ident(root)], base: []) { wanted throws -> PackageNode? in
            let all = closure(wanted.name).union(wanted.name == root ? extra : [])
            return PackageNode(
                ident: wanted, deps: try (needs[wanted.name] ?? []).map(ident), tdeps: try all.sorted().map(ident))
        }
        return GraphPicture(graph) { absent[$0.name] ?? .installed }
    }

    private static let diamond = ["app": ["left", "right"], "left": ["base"], "right": ["base"], "base": ["libc"]]

    @Test func aTreeShowsEachSubtreeOnce() throws {
        #expect(
            try picture(Self.diamond).treeLines()
                == [
                    "acme/app/1.0/20260101000000",
                    "├── acme/left/1.0/20260101000000",
                    "│   └── acme/base/1.0/20260101000000",
                    "│       └── acme/libc/1.0/20260101000000",
                    "└── acme/right/1.0/20260101000000",
                    "    └── acme/base/1.0/20260101000000 (*)",
                ])
    }

    @Test func aTreeMarksWhatIsNotInstalledAndWhatOnlyTdepsTells() throws {
        let lines = try picture(
            ["app": ["lib"]], extra: ["odd"], absent: ["lib": .artifact, "odd": .missing]
        ).treeLines()
        #expect(
            lines == [
                "acme/app/1.0/20260101000000", "├── acme/lib/1.0/20260101000000 (artifact)",
                "└── acme/odd/1.0/20260101000000 (transitive) (missing)",
            ])
    }

    @Test func aChainOfTenThousandPackagesIsATree() throws {
        let count = 10_000
        var packages: [QualifiedIdent] = []
        for index in 0..<count { packages.append(try QualifiedIdent(parsing: "acme/p\(index)/1/20260101000000")) }
        var places: [QualifiedIdent: Int] = [:]
        for (index, ident) in packages.enumerated() { places[ident] = index }
        let graph = try DependencyGraph.resolve(roots: [packages[0]], base: []) { ident -> PackageNode? in
            let index = places[ident] ?? 0
            return PackageNode(
                ident: ident, deps: index + 1 < count ? [packages[index + 1]] : [],
                tdeps: index == 0 ? Array(packages.dropFirst()) : [])
        }
        #expect(GraphPicture(graph) { _ in .installed }.treeLines().count == count)
    }

    @Test func dotNamesPackagesAndEdges() throws {
        let text = try picture(["app": ["lib"]], extra: ["odd"], absent: ["odd": .missing]).dotText()
        #expect(text.hasPrefix("digraph packages {\n") && text.hasSuffix("}\n"))
        #expect(
            text.contains("\"acme/lib/1.0/20260101000000\" [label=\"acme/lib\\n1.0/20260101000000\"];\n"))
        #expect(text.contains("\"acme/app/1.0/20260101000000\" -> \"acme/lib/1.0/20260101000000\";\n"))
        #expect(text.contains("\"acme/app/1.0/20260101000000\" -> \"acme/odd/1.0/20260101000000\" [style=dashed];\n"))
        #expect(text.contains("color=red"))
    }

    @Test func dotEscapesWhatVersionsMayHold() throws {
        let ident = try QualifiedIdent(parsing: "acme/x/1\"]\\/20260101000000")
        let graph = try DependencyGraph.resolve(roots: [ident], base: []) { (ident: QualifiedIdent) -> PackageNode? in
            PackageNode(ident: ident, deps: [], tdeps: [])
        }
        let picture = GraphPicture(graph) { _ in .installed }
        #expect(picture.dotText().contains("\"acme/x/1\\\"]\\\\/20260101000000\" [label="))
        #expect(picture.svgText()?.contains("acme/x/1&quot;]\\/20260101000000</title>") == true)
    }

    @Test func theDrawingHasABoxForEachPackageAndACurveForEachEdge() throws {
        let text = try #require(try picture(Self.diamond, absent: ["libc": .missing]).svgText())
        #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\"") && text.hasSuffix("</svg>\n"))
        #expect(text.components("<g class=") == 5 && text.components("<path") == 5)
        #expect(text.components("class=\"root installed\"") == 1 && text.components("class=\"missing\"") == 1)
    }

    @Test func edgesThatFollowFromOthersAreFaint() throws {
        let text = try #require(try picture(["app": ["lib", "libc"], "lib": ["libc"]]).svgText())
        // From app past the row of lib to libc.
        #expect(text.components("<path class=\"implied\"") == 2 && text.components("<path d=") == 2)
    }

    @Test func pictureIsTheSameEachTime() throws {
        #expect(try picture(Self.diamond).svgText() == picture(Self.diamond).svgText())
    }
}

extension String {
    /// How often `part` is in this text.
    fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
