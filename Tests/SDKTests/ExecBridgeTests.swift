// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioPluginHost
import BioSystem
import BioTestSupport
import Glibc
import Testing

/// The bridge of `exec` plugins with programs that answer, fail, lie, flood and hang.
@Suite(.timeLimit(.minutes(15))) struct ExecBridgeTests {
    /// A plugin whose program is this shell script.
    private func plugin(_ desk: borrowing ExportDesk, _ script: String, mode: UInt32 = 0o755) throws -> String {
        let project = try desk.project(.exec, "script")
        try Workshop.make(project)
        try AtomicFile.write(Array(script.utf8), to: "\(project)/out/export.py", mode: mode)
        return "\(project)/out"
    }

    private static let artifact = #"{"artifacts": [{"path": "a.txt", "kind": "package-list"}]}"#
    private static let honest = """
        #!/bin/sh
        [ "$BIO_PHASE" != run ] || echo made >"$BIO_OUT_DIR/a.txt"
        echo '\(artifact)'

        """

    @Test func aShellScriptIsAFormat() throws {
        let desk = try ExportDesk()
        let directory = try plugin(desk, Self.honest)
        let outcome = try desk.export("script", with: directory)
        #expect(outcome.text == "made\n", "\(outcome.errorText)")
        let sample = try desk.project(.exec, "sample")
        try Workshop.make(sample)
        try tool("sed", "-i", "s/export.py/export.sh/", "\(sample)/out/plugin.toml")
        let listed = try desk.export("sample", with: "\(sample)/out", ["--heading", "by sh"])
        #expect(listed.text == "by sh\n\(Workshop.library.ident)\n\(Workshop.app.ident)\n", "\(listed.errorText)")
    }

    @Test func standardErrorIsTheLogAndVariablesNameThePlaces() throws {
        let desk = try ExportDesk()
        let directory = try plugin(
            desk,
            """
            #!/bin/sh
            echo "$BIO_PHASE of $BIO_FORMAT, heading $BIO_OPTION_HEADING" >&2
            [ "$(pwd)" = "$BIO_SCRATCH_DIR" ] && [ -d "$BIO_OUT_DIR" ] && [ -f "$BIO_PLUGIN_DIR/plugin.toml" ] || exit 1
            [ "$BIO_PHASE" != run ] || cat >"$BIO_OUT_DIR/a.txt"
            echo '\(Self.artifact)'

            """)
        let outcome = try desk.export("script", with: directory)
        #expect(outcome.code == 0, "\(outcome.errorText)")
        for phase in ["validate", "plan", "run"] {
            #expect(outcome.errorText.contains("\(phase) of script, heading packages"), "\(outcome.errorText)")
        }
        let request = try document(outcome.output, at: desk.file("request.json"))
        let answer = try document(Array(Self.artifact.utf8), at: desk.file("answer.json"))
        let judged = try Tool.run([
            Repository.path("Tests/Support/json-schema"), Repository.path("docs/reference/json"),
            "exec-request.schema.json", request, "exec-answer.schema.json", answer,
        ])
        #expect(judged.code == 0, "\(judged.text)")
    }

    /// Writes bytes for a judge; gives the path.
    private func document(_ bytes: [UInt8], at path: String) throws -> String {
        try AtomicFile.write(bytes, to: path)
        return path
    }

    /// What the format does not promise, its artifacts do not.
    @Test(arguments: [true, false]) func theReportKnowsWhatLasts(_ isReproducible: Bool) throws {
        let desk = try ExportDesk()
        let directory = try plugin(desk, Self.honest)
        let line = "reproducible = \(isReproducible)"
        try tool("sed", "-i", "s/^streamable = true/streamable = true\\n\(line)/", "\(directory)/plugin.toml")
        var bio = desk.bio
        bio.environment["BIO_PLUGIN_PATH"] = directory
        let outcome = try bio.run("pkg", "export", "script", "acme/app", "--base-pkgs", "none", "--format", "json")
        #expect(outcome.code == 0, "\(outcome.errorText)")
        let artifacts = try DocumentValue(json: outcome.output)["artifacts"]?.array
        #expect(artifacts?.map { $0["reproducible"]?.bool } == [isReproducible])
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: String
        var mode: UInt32 = 0o755
        var code: Int32 = 5
        let says: [String]
    }

    static let faults = [
        Fault(
            testDescription: "not executable", script: honest, mode: 0o644,
            says: ["'./export.py' cannot be run: Permission denied", "hint: it must be there, executable"]),
        Fault(
            testDescription: "no interpreter", script: "#!/nowhere/sh\n",
            says: ["'./export.py' cannot be run: No such file"]),
        Fault(
            testDescription: "exit code and last line",
            script: "#!/bin/sh\necho one >&2\nprintf 'no disk' >&2\nexit 8\n",
            says: ["failed in 'validate' with exit code 8: no disk"]),
        // What curl ends with when it cannot connect is the code of a user who has asked to stop.
        Fault(
            testDescription: "a tool's exit code", script: "#!/bin/sh\necho refused >&2\nexit 7\n",
            says: ["failed in 'validate' with exit code 7: refused"]),
        Fault(
            testDescription: "an error with a code of the ABI",
            script:
                "#!/bin/sh\necho '{\"error\": {\"message\": \"no such thing\"}}'\nexit 2\n", code: 64,
            says: ["no such thing"]),
        Fault(
            testDescription: "signal", script: "#!/bin/sh\nkill -11 $$\n", says: ["ended by signal 11 in 'validate'"]),
        Fault(
            testDescription: "no program", script: "#!/bin/sh\nno-such-program-here\n",
            says: ["found no program to run", "no-such-program-here"]),
        Fault(
            testDescription: "an error with a code",
            script: "#!/bin/sh\necho '{\"error\": {\"message\": \"it is late\"}}'\nexit 100\n",
            says: ["it is late", "(code 100)"]),
        Fault(
            testDescription: "no JSON", script: "#!/bin/sh\necho hello\n",
            says: ["answered 'validate' with what is no JSON"]),
        Fault(testDescription: "no answer", script: "#!/bin/sh\n", says: ["answered 'plan' with no list 'artifacts'"]),
        Fault(
            testDescription: "no objects", script: "#!/bin/sh\necho '{\"artifacts\": [1]}'\n",
            says: ["answered 'plan' with an artifact that is no object"]),
        Fault(
            testDescription: "no texts", script: "#!/bin/sh\necho '{\"artifacts\": [{\"path\": 1}]}'\n",
            says: ["answered 'plan' with an artifact that holds no texts"]),
        Fault(
            testDescription: "no form",
            script: "#!/bin/sh\necho '{\"artifacts\": [{\"path\": \"a\", \"form\": \"cube\"}]}'\n",
            says: ["an artifact whose form is neither file nor directory"]),
        Fault(
            testDescription: "an artifact outside",
            script: "#!/bin/sh\necho '{\"artifacts\": [{\"path\": \"../a\", \"kind\": \"package-list\"}]}'\n",
            says: ["../a"]),
        Fault(
            testDescription: "nothing made", script: "#!/bin/sh\necho '\(artifact)'\n", says: ["a.txt"]),
        Fault(
            testDescription: "a flood", script: "#!/bin/sh\nyes\n",
            says: ["wrote more than 4 MiB to its standard output"]),
    ]

    @Test(arguments: faults) func aProgramThatFailsIsAnErrorThatNamesThePlugin(_ fault: Fault) throws {
        let desk = try ExportDesk()
        let directory = try plugin(desk, fault.script, mode: fault.mode)
        let outcome = try desk.export("script", with: directory)
        #expect(outcome.code == fault.code)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorText.contains("org.example.script"), "\(outcome.errorText)")
        for text in fault.says { #expect(outcome.errorText.contains(text), "\(outcome.errorText)") }
        #expect(try desk.temporaryNames().isEmpty)
    }

    /// The request of a large closure does not fit into a pipe; a program that never reads it is no fault.
    @Test func aProgramNeedNotReadTheRequest() throws {
        let desk = try ExportDesk()
        let directory = try plugin(desk, "#!/bin/sh\nexec <&-\n" + Self.honest)
        let outcome = try desk.export("script", with: directory)
        #expect(outcome.text == "made\n", "\(outcome.errorText)")
    }

    @Test func aSignalEndsTheProgram() throws {
        let desk = try ExportDesk()
        let directory = try plugin(
            desk, "#!/bin/sh\n[ \"$BIO_PHASE\" != run ] || { echo here >&2; sleep 600; }\n" + Self.honest)
        var bio = desk.bio
        bio.environment["BIO_PLUGIN_PATH"] = directory
        let running = try bio.start(
            ["pkg", "export", "script", "acme/app", "--base-pkgs", "none"], errors: desk.file("err"))
        let end = Process.milliseconds() + 600_000
        while !String(decoding: (try? contents(of: desk.file("err"))) ?? [], as: UTF8.self).contains("here"),
            Process.milliseconds() < end
        { usleep(10_000) }
        let children = try Process.children(of: running.pid)
        let programs = try children.flatMap { try Process.children(of: $0) }
        #expect(children.count == 1 && programs.count == 1)
        running.kill(SIGINT)
        #expect(running.wait() == 130)
        #expect((children + programs).allSatisfy { !Process.isAlive($0) })
        #expect(try desk.names() == ["script"])
    }

    @Test(arguments: [
        ("s|^id = \"script\"|other = 1|", "'id' in [[exec.format]] is missing"),
        ("s|kind = \"string\"|kind = \"tower\"|", "'kind' in [[exec.format.option]] is none of bool"),
        ("s|streamable = true|streamable = 1|", "'streamable' in [[exec.format]] is neither true nor false"),
        ("s|groups = .*|groups = [1]|", "'groups' in [[exec.format]] is not a list"),
        ("s|command = .*|command = []|", "'exec.command' is no list of a program and its arguments"),
        ("s|^summary = \"Begin.*|summary = 1|", "'summary' in [[exec.format.option]] is no text"),
    ])
    func aDescriptionThatIsWrongIsSaid(change: String, says: String) throws {
        let desk = try ExportDesk()
        let directory = try plugin(desk, Self.honest)
        try tool("sed", "-i", change, "\(directory)/plugin.toml")
        let outcome = try desk.bio.run("plugin", "describe", directory)
        #expect(outcome.code == 5)
        #expect(outcome.errorText.contains(says), "\(outcome.errorText)")
    }
}
