// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// `--package`, `--push` and places.
@Suite struct ChartPackingTests {
    @Test func packsWhatTheDirectoryHolds() throws {
        let desk = try ExportDesk()
        let directory = try desk.chart("acme/cache")
        let packed = try desk.chart("acme/cache", "--package")
        #expect(packed.path == desk.work("cache-7.2.1.tgz"))
        #expect(try packed.rendered().text == directory.rendered().text)
        try tool("tar", "-xzf", packed.path, "-C", desk.file("home"))
        try tool("diff", "-r", directory.path, desk.file("home/cache"))
    }

    /// Helm's own packing has the same members, but for the time of day.
    @Test func hasTheMembersThatHelmPacks() throws {
        let desk = try ExportDesk()
        let directory = try desk.chart("acme/cache")
        let packed = try desk.chart("acme/cache", "--package")
        _ = try Helm.output("package", directory.path, "--destination", desk.file("home"))
        func members(_ path: String) throws -> [String] {
            String(decoding: try tool("tar", "-tzf", path), as: UTF8.self).split(separator: "\n").map(String.init)
                .filter { !$0.hasSuffix("/") }.sorted()
        }
        #expect(try members(packed.path) == members(desk.file("home/cache-7.2.1.tgz")))
    }

    @Test func isReproducible() throws {
        let desk = try ExportDesk()
        _ = try desk.chart("acme/cache", "--package")
        _ = try desk.chart("acme/cache", "--package", "-o", "again.tgz", "--threads", "1")
        try tool("cmp", desk.work("cache-7.2.1.tgz"), desk.work("again.tgz"))
    }

    @Test func goesToStandardOutput() throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.helm("acme/cache", "-d", "--package", "-o", "-")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let path = desk.file("home/c.tgz")
        try AtomicFile.write(outcome.output, to: path)
        #expect(try Chart(path: path).metadata()["name"]?.string == "cache")
        #expect(try desk.bio.helm("acme/cache", "-d", "-o", "-").code != 0)
    }

    @Test func goesWhereTheUserSays() throws {
        let desk = try ExportDesk()
        #expect(try desk.chart("acme/cache", "-o", "mine").metadata()["name"]?.string == "cache")
        try Directory.create(desk.work("charts"))
        #expect(try desk.chart("acme/cache", "-o", "charts").path == desk.work("charts/cache"))
        let again = try desk.bio.helm("acme/cache", "-d", "-o", "charts")
        #expect(again.code == 1)
        #expect(again.errorText.contains("'charts/cache' is in the way of the output"), "\(again.errorText)")
    }

    @Test func aLongConfigurationIsForDirectories() throws {
        let desk = try ExportDesk()
        let text = "a = \"\(String(repeating: "x", count: 60_000))\"\n"
        try AtomicFile.write(Array(text.utf8), to: desk.work("user.toml"))
        let outcome = try desk.bio.helm("acme/cache", "-d", "--config", "user.toml", "--package")
        #expect(outcome.code == 64)
        #expect(outcome.errorText.contains("(option --config)"), "\(outcome.errorText)")
        let chart = try desk.chart("acme/cache", "--config", "user.toml")
        #expect(try Helm.run("lint", "--strict", chart.path).code == 0)
    }

    @Test func dryRunMakesNothing() throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.helm("acme/cache", "-d", "--package", "--dry-run")
        #expect(outcome.text == "cache-7.2.1.tgz\n")
        #expect(try desk.names() == [])
    }

    /// What is pushed is what Helm itself pushes and pulls.
    @Test(arguments: ["1.2.3", "1.2.3-rc.1+b.7"]) func pushesWhatHelmPulls(_ version: String) throws {
        let desk = try ExportDesk()
        let registry = try TestRegistry.shared(.plain)
        let place = "oci://\(registry.host)/charts-\(version.utf8.count)"
        let outcome = try desk.bio.helm(
            "acme/cache", "-d", "--chart-version", version, "--push", place)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let tag = version.replacing("+", with: "_")
        let reference = "\(place.dropFirst("oci://".count))/cache"
        #expect(outcome.text.contains("\(reference)@sha256:"), "\(outcome.text)")

        _ = try Helm.output(
            "pull", "\(place)/cache", "--version", version, "--plain-http", "--destination", desk.file("home"))
        let name = "cache-\(version).tgz"
        try tool("cmp", desk.work(name), desk.file("home/\(name)"))
        _ = try Helm.output("template", "my", "\(place)/cache", "--version", version, "--plain-http")

        // The manifest is the one that Helm makes, but for the time of day.
        _ = try Helm.output("push", desk.work(name), "\(place)-helm", "--plain-http")
        let ours = try DocumentValue(json: try registry.skopeoManifest("\(reference):\(tag)").text)
        let theirs = try DocumentValue(
            json: try registry.skopeoManifest("\(place.dropFirst("oci://".count))-helm/cache:\(tag)").text)
        for key in ["config", "layers"] {
            let types = [ours, theirs].map { manifest in
                (manifest[key]?.array ?? [manifest[key] ?? [:]]).map { $0["mediaType"]?.string }
            }
            #expect(types[0] == types[1])
        }
        #expect(ours["layers"]?.array?.first?["digest"] == theirs["layers"]?.array?.first?["digest"])
    }

    static let places = ["registry.example/charts", "oci://", "oci://Registry/Upper Case", "https://registry.example"]

    @Test(arguments: places) func refusesPlacesThatAreNone(_ place: String) throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.helm("acme/cache", "-d", "--push", place)
        #expect(outcome.code == 64)
        #expect(outcome.errorText.contains("--push"), "\(outcome.errorText)")
        #expect(try desk.names() == [])
    }
}
