// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// What the pages tell a reader to type works, and shows what they say.
@Suite struct RunnablePageTests {
    /// Runs the steps of `pages`, one after the other in one shell, and returns what each showed on standard output.
    private func run(
        _ pages: [Page], in directory: String, before head: String = "", then tail: String = "",
        _ variables: [String: String] = [:]
    ) throws -> Tool.Outcome {
        var script = "set -euo pipefail\ncd '\(directory)'\nexport HOME=$PWD/home\nmkdir -p home\n\(head)"
        var number = 0
        for step in pages.flatMap(\.steps) {
            script += "exec 3>'\(directory)/.shown-\(number)'\n{\n\(step.script)\n} >&3\n"
            number += 1
        }
        return try Tool.run(
            ["bash", "-c", script + tail], environment: PageShell.environment.merging(variables) { $1 })
    }

    @Test(arguments: [
        ["docs/tutorial/first-export.md"],
        ["docs/tutorial/first-export.md", "docs/tutorial/first-plugin.md"],
        ["docs/tutorial/first-export.md", "docs/how-to/declare-options.md"],
        ["docs/tutorial/first-export.md", "docs/how-to/make-output-reproducible.md"],
        ["docs/tutorial/first-export.md", "docs/how-to/build-on-another-format.md"],
        ["docs/tutorial/first-export.md", "docs/how-to/install-a-plugin.md"],
        ["docs/tutorial/first-export.md", "docs/how-to/decide-which-plugins-run.md"],
        ["docs/tutorial/first-export.md", "docs/explanation/why-is-my-plugin-not-used.md"],
        ["docs/tutorial/first-export.md", "docs/how-to/test-a-plugin.md"],
        ["docs/tutorial/first-export.md", "docs/how-to/export-a-container-image.md"],
        ["docs/tutorial/first-export.md", "docs/how-to/attest-an-export.md"],
        ["docs/tutorial/first-export.md", "docs/how-to/verify-an-image.md"],
        ["docs/tutorial/first-export.md", "docs/reference/exit-codes.md"],
    ])
    func everyStepShowsWhatThePageSays(paths: [String]) throws {
        let scratch = try Scratch()
        let pages = try paths.map { try Page($0) }
        let outcome = try run(pages, in: scratch.path)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        #expect(pages.flatMap(\.steps).count { $0.output != nil } >= 5 || paths.count > 1)
        try check(pages, in: scratch.path)
    }

    private func check(_ pages: [Page], in directory: String) throws {
        for (number, step) in pages.flatMap(\.steps).enumerated() {
            guard let expected = step.output else { continue }
            let shown = String(decoding: try contents(of: "\(directory)/.shown-\(number)"), as: UTF8.self)
            #expect(shown == expected, "\(step.script)")
        }
    }

    /// Pages about services, which are installed, with all base packages.
    @Test(arguments: [
        "docs/how-to/run-a-service-on-mesos.md", "docs/how-to/make-an-app-container-image.md",
        "docs/how-to/run-on-cloud-foundry.md",
        "docs/how-to/run-on-kubernetes.md", "docs/how-to/make-a-helm-chart.md",
    ])
    func everyStepForAPlatformShowsWhatThePageSays(path: String) throws {
        let scratch = try Scratch()
        let world = try PlatformWorld.shared.get()
        let page = try Page(path)
        #expect(page.steps.contains { $0.output != nil })
        let outcome = try run(
            [page], in: scratch.path, ["FS_ROOT": world.root, "HAB_CACHE_KEY_PATH": world.keyDirectory])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try check([page], in: scratch.path)
    }

    /// The page about the supervisor, with two services that any machine can run.
    @Test func everyStepWithServicesShowsWhatThePageSays() throws {
        let scratch = try Scratch()
        let page = try Page("docs/how-to/run-services.md")
        let root = scratch.file("root")
        let script = "trap 'exit 0' TERM; echo %; while :; do sleep 0.05; done"
        func service(_ name: String, _ text: String, _ metafiles: [String: String]) -> PackageFixture {
            var fixture = PackageFixture(
                "demo/\(name)/1.0/20260101000000",
                files: [
                    .init("hooks/run", "#!/bin/sh\n\(script.replacing("%", with: text))\n"),
                    .init("default.toml", name == "store" ? "port = 6379\n" : ""),
                ])
            fixture.metafiles = metafiles.mapValues { $0 }
            if geteuid() == 0 { fixture.metafiles.merge(["SVC_USER": "root\n", "SVC_GROUP": "root\n"]) { $1 } }
            return fixture
        }
        _ = try ExportFixture(
            [
                service("store", "ready", ["EXPORTS": "port=port\n"]),
                service("shop", "selling from port {{bind.store.first.cfg.port}}", ["BINDS": "store=port\n"]),
            ], in: root)
        let guarded = "trap 'kill \"${supervisor:-}\" 2>/dev/null || :' EXIT\n"
        let outcome = try run([page], in: scratch.path, before: guarded, ["FS_ROOT": root])
        #expect(outcome.code == 0, "\(outcome.errorText)")
        try check([page], in: scratch.path)
    }

    /// The transcript of the README is what a terminal shows, both streams together.
    @Test func theReadmeTellsTheTruth() throws {
        let scratch = try Scratch()
        let tutorial = try Page("docs/tutorial/first-export.md")
        let readme = try Page("README.md")
        #expect(readme.transcript.count >= 3)
        var tail = """
            rm -rf "$FS_ROOT/hab/pkgs" "$FS_ROOT/hab/receipts" "$FS_ROOT/hab/cache/artifacts" *.tar.gz
            """
        for (number, step) in readme.transcript.enumerated() {
            tail += "\n{ \(step.command)\n} >'\(scratch.path)/.line-\(number)' 2>&1"
        }
        let outcome = try run([tutorial], in: scratch.path, then: tail)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        for (number, step) in readme.transcript.enumerated() {
            let shown = String(decoding: try contents(of: scratch.file(".line-\(number)")), as: UTF8.self)
                .replacing(scratch.path, with: "/home/you")
            #expect(shown == step.shown, "\(step.command)")
        }
    }
}
