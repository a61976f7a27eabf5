// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Testing

/// `--operator`: the object of the former operator, and its chart as a dependency. That chart cannot be had any more, so
/// Helm gets another of its name and version.
@Suite struct OperatorChartTests {
    @Test func dependsOnTheOperator() throws {
        let desk = try ExportDesk()
        let metadata = try desk.chart("acme/cache", "--operator", "--operator-version", "0.8.1").metadata()
        let dependency = metadata["dependencies"]?.array?.first
        #expect(dependency?["name"]?.string == "habitat-operator")
        #expect(dependency?["version"]?.string == "0.8.1")
        #expect(
            dependency?["repository"]?.string == "https://habitat-sh.github.io/habitat-operator/helm/charts/stable/")
        #expect(
            try desk.chart("acme/web", "--operator").metadata()["dependencies"]?.array?.first?["version"]?.string
                == "0.6.1")
    }

    @Test func objectIsThatOfTheOriginal() throws {
        let desk = try ExportDesk()
        try AtomicFile.write(Array("port = 4444".utf8), to: desk.work("user.toml"))
        let chart = try desk.chart(
            "acme/web", "--operator", "-n", "user.toml", "-r", "deltaechofoxtrot", "--storage",
            "10Gi:/foo/bar:standard",
            "-b", "cache:service1.group1", "-e", "FOO=bar", "--count", "3", "-g", "group1")
        try Directory.create(desk.file("home/habitat-operator"))
        try AtomicFile.write(
            Array("apiVersion: v2\nname: habitat-operator\nversion: 0.6.1\n".utf8),
            to: desk.file("home/habitat-operator/Chart.yaml"))
        _ = try Helm.output("package", desk.file("home/habitat-operator"), "--destination", "\(chart.path)/charts")
        let lint = try Helm.run("lint", "--strict", chart.path)
        #expect(lint.code == 0, "\(lint.text)\(lint.errorText)")
        #expect(try Golden.mismatch(try chart.rendered().text, "operator") == nil)
    }

    @Test func whatItHasNoPlaceForIsRefused() throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.helm("acme/cache", "-d", "--operator", "--ingress-host", "a.example")
        #expect(outcome.code == 64)
        #expect(outcome.errorText.contains("(option --ingress-host)"), "\(outcome.errorText)")
    }

    /// Nor does Helm pack a chart without what it depends on.
    @Test(arguments: [["--package"], ["--push", "oci://registry.example"]]) func isNotPacked(_ arguments: [String])
        throws
    {
        let desk = try ExportDesk()
        let outcome = try desk.bio.helm(["acme/cache", "-d", "--operator"] + arguments)
        #expect(outcome.code == 64)
        #expect(outcome.errorText.contains("(option --operator)"), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("helm dependency update"), "\(outcome.errorText)")
    }

    @Test func formerOptionChangesNothing() throws {
        let desk = try ExportDesk()
        let outcome = try desk.bio.helm("acme/cache", "-d", "--download-deps")
        #expect(outcome.code == 0)
        #expect(outcome.errorText.contains("helm dependency update"), "\(outcome.errorText)")
    }
}
