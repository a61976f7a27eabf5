// SPDX-License-Identifier: Apache-2.0

import BioPackage
import Testing

@testable import BioGraph

/// `name` is core/name/1.0/20260101000000, `name@2` another release of it.
private func ident(_ short: String) -> QualifiedIdent {
    let parts = short.split(separator: "@")
    let release = parts.count > 1 ? "2026010100000\(parts[1])" : "20260101000000"
    return try! QualifiedIdent(parsing: "core/\(parts[0])/1.0/\(release)")
}

/// Packages by short name: direct dependencies; TDEPS is their transitive closure, unless given.
private struct World {
    var nodes: [QualifiedIdent: PackageNode] = [:]

    init(_ deps: KeyValuePairs<String, [String]>, tdeps: [String: [String]] = [:]) {
        let table = Dictionary(uniqueKeysWithValues: deps.map { ($0.key, $0.value) })
        func closure(_ name: String, _ seen: inout [String]) {
            for dependency in table[name] ?? [] where !seen.contains(dependency) {
                seen.append(dependency)
                closure(dependency, &seen)
            }
        }
        for (name, direct) in deps {
            var all: [String] = []
            closure(name, &all)
            let node = PackageNode(
                ident: ident(name), deps: direct.map(ident), tdeps: (tdeps[name] ?? all).map(ident))
            nodes[node.ident] = node
        }
    }

    func resolve(_ roots: [String], base: [String] = []) throws -> DependencyGraph {
        try DependencyGraph.resolve(roots: roots.map(ident), base: base.map(ident)) { nodes[$0] }
    }
}

extension DependencyGraph {
    fileprivate var names: [String] { packages.map(\.ident.name) }
}

@Suite struct DependencyGraphTests {
    fileprivate static let redis = World([
        "redis": ["openssl", "glibc"], "openssl": ["glibc"], "glibc": ["linux"], "linux": [],
        "busybox": ["musl"], "musl": [], "other": ["glibc"],
    ])

    @Test func ordersDependenciesBeforeDependents() throws {
        let graph = try Self.redis.resolve(["redis"])
        #expect(graph.names == ["linux", "glibc", "openssl", "redis"])
        #expect(graph.roots == [3])
        #expect(graph.packages.map(\.isRoot) == [false, false, false, true])
        #expect(graph.warnings.isEmpty)
    }

    @Test func putsTheClosureOfBasePackagesFirst() throws {
        let graph = try Self.redis.resolve(["redis"], base: ["busybox"])
        #expect(graph.names == ["musl", "busybox", "linux", "glibc", "openssl", "redis"])
        #expect(graph.packages.map(\.isBase) == [true, true, false, false, false, false])
    }

    @Test func countsWhatBaseAndUserShareAsBase() throws {
        let graph = try Self.redis.resolve(["redis"], base: ["other"])
        #expect(graph.names == ["linux", "glibc", "other", "openssl", "redis"])
        #expect(graph.packages.map(\.isBase) == [true, true, true, false, false])
    }

    @Test func keepsEveryOtherPlaceWhenOneReleaseChanges() throws {
        let before = try Self.redis.resolve(["redis"])
        let world = World(
            ["redis@9": ["openssl", "glibc"], "openssl": ["glibc"], "glibc": ["linux"], "linux": []])
        let after = try world.resolve(["redis@9"])
        #expect(before.packages.dropLast() == after.packages.dropLast())
        #expect(after.packages.last?.ident == ident("redis@9"))
    }

    @Test func doesNotDependOnTheOrderOfRoots() throws {
        let one = try Self.redis.resolve(["redis", "other"])
        let two = try Self.redis.resolve(["other", "redis"])
        #expect(one.packages == two.packages)
        #expect(one.roots == two.roots.reversed())
    }

    @Test func namesARootOnceWhenAskedTwice() throws {
        #expect(try Self.redis.resolve(["redis", "redis"]).roots == [3])
    }

    @Test func drawsTransitiveEdgesOnlyWhereDepsDoNotLead() throws {
        let world = World(["a": ["b"], "b": ["c"], "c": [], "d": []], tdeps: ["a": ["b", "c", "d"]])
        let graph = try world.resolve(["a"])
        let a = try #require(graph.packages.last)
        let targets = a.edges.map { "\(graph.packages[$0.to].ident.name) \($0.kind)" }
        #expect(targets == ["b direct", "d transitive"] || targets == ["d transitive", "b direct"])
    }

    @Test func whatADirectNeedReachesThroughItsTdepsIsReached() throws {
        let world = World(
            ["a": ["b"], "b": [], "c": ["d"], "d": []], tdeps: ["a": ["b", "c", "d"], "b": ["c", "d"]])
        let graph = try world.resolve(["a"])
        let edges = graph.packages.map { package in
            package.edges.map { "\(graph.packages[$0.to].ident.name) \($0.kind)" }
        }
        #expect(graph.names == ["d", "c", "b", "a"])
        #expect(edges == [[], ["d direct"], ["d transitive", "c transitive"], ["b direct"]])
    }

    @Test func warnsOfADependencyThatTdepsLacks() throws {
        let world = World(["a": ["b", "c"], "b": [], "c": []], tdeps: ["a": ["b"]])
        let graph = try world.resolve(["a"])
        #expect(graph.names == ["b", "a"])
        #expect(graph.warnings == [.dependencyNotTransitive(ident: ident("a"), dependency: ident("c"))])
    }

    @Test func acceptsTwoReleasesAcrossRoots() throws {
        let world = World(["a": ["lib"], "b": ["lib@2"], "lib": [], "lib@2": []])
        #expect(try world.resolve(["a", "b"]).packages.count == 4)
    }

    @Test func refusesTwoReleasesInsideOneClosure() throws {
        let world = World(["a": ["b", "lib"], "b": ["lib@2"], "lib": [], "lib@2": []])
        let error = #expect(throws: GraphError.self) { try world.resolve(["a"]) }
        #expect(
            error
                == .conflict(
                    root: ident("a"), .init(ident: ident("lib@2"), neededBy: ident("b")),
                    .init(ident: ident("lib"), neededBy: ident("a"))))
        #expect(error?.description.contains("core/lib/1.0/20260101000002") == true)
    }

    @Test func tellsEveryHoleAtOnce() throws {
        let world = World(["a": ["b"], "b": []], tdeps: ["a": ["b", "x", "y"]])
        let error = #expect(throws: GraphError.self) { try world.resolve(["a", "z"]) }
        #expect(
            error
                == .missing([
                    .init(ident: ident("x"), neededBy: ident("a")), .init(ident: ident("y"), neededBy: ident("a")),
                    .init(ident: ident("z"), neededBy: ident("z")),
                ]))
    }

    @Test func refusesACircleAndTellsIt() throws {
        let world = World(["a": ["b"], "b": ["c"], "c": ["b"]])
        let error = #expect(throws: GraphError.self) { try world.resolve(["a"]) }
        #expect(error == .cycle([ident("b"), ident("c")]))
    }

    @Test func refusesAPackageThatNeedsItself() throws {
        let world = World(["a": []], tdeps: ["a": ["a"]])
        let error = #expect(throws: GraphError.self) { try world.resolve(["a"]) }
        #expect(error == .cycle([ident("a")]))
    }

    @Test func ordersAChainOfTenThousandPackages() throws {
        var nodes: [QualifiedIdent: PackageNode] = [:]
        let chain = (0..<10_000).map { ident("p\($0)") }
        for (index, link) in chain.enumerated() {
            let next = index + 1 < chain.count ? [chain[index + 1]] : []
            nodes[link] = PackageNode(ident: link, deps: next, tdeps: index == 0 ? Array(chain.dropFirst()) : next)
        }
        let graph = try DependencyGraph.resolve(roots: [chain[0]], base: []) { nodes[$0] }
        #expect(graph.packages.map(\.ident) == chain.reversed())
    }

    /// Families of twenty, each a chain with whole TDEPS, and a root over all.
    @Test func drawsOneEdgeALinkInTenThousandPackages() throws {
        var nodes: [QualifiedIdent: PackageNode] = [:]
        let all = (0..<10_000).map { ident("p\($0)") }
        for (index, link) in all.enumerated() {
            let before = Array(all[(index - index % 20)..<index].reversed())
            nodes[link] = PackageNode(ident: link, deps: Array(before.prefix(1)), tdeps: before)
        }
        let root = ident("root")
        nodes[root] = PackageNode(ident: root, deps: all, tdeps: all)
        let graph = try DependencyGraph.resolve(roots: [root], base: []) { nodes[$0] }
        #expect(graph.packages.count == 10_001)
        #expect(
            graph.packages.dropLast().allSatisfy { $0.edges.count <= 1 && $0.edges.allSatisfy { $0.kind == .direct } })
        #expect(graph.packages.last?.edges.count == 10_000)
    }
}
