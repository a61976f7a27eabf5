// SPDX-License-Identifier: Apache-2.0

import BioSystem
import BioTestSupport
import Glibc
import Testing

/// Types the commands of a page's transcripts, as a reader would.
enum PageShell {
    static let environment = [
        "PATH": "\(SourceTree.root)/dist/bin:/usr/bin:/bin", "HAB_NONINTERACTIVE": "true", "LC_ALL": "C.UTF-8",
        "FS_ROOT": "", "HAB_CACHE_KEY_PATH": "", "BIO_PLUGIN_PATH": "", "BIO_PLUGIN_POLICY": "",
        "SOURCE_DATE_EPOCH": "", "XDG_DATA_HOME": "", "XDG_CONFIG_HOME": "", "XDG_STATE_HOME": "",
        "BIO_PLUGINS_DISABLE": "", "BIO_PLUGINS_ALLOW": "",
    ]

    /// What a terminal shows of each command, both streams together; `directory` is there `/home/you`. Each of them has to
    /// succeed.
    static func shown(by commands: [String], in directory: String, _ variables: [String: String]) throws -> [String] {
        var script = "set -euo pipefail\ncd '\(directory)'\nexport HOME=$PWD/.home\nmkdir -p .home\n"
        for (number, command) in commands.enumerated() {
            script += "{ \(command)\n} >'\(directory)/.line-\(number)' 2>&1\n"
        }
        let outcome = try Tool.run(
            ["bash", "-c", script], environment: environment.merging(variables) { $1 })
        let shown = try commands.indices.map { number -> String in
            let path = "\(directory)/.line-\(number)"
            guard try FileStatus.of(path) != nil else { return "" }
            return String(decoding: try contents(of: path), as: UTF8.self).replacing(directory, with: "/home/you")
        }
        #expect(outcome.code == 0, "\(outcome.errorText)\(shown.joined())")
        return shown
    }

    /// Runs the transcripts of a page and compares; with BIO_UPDATE_GOLDEN the page gets what was shown.
    ///
    /// - Parameter hosts: what a name of the page is here, as `registry.example` is `127.0.0.1:PORT`.
    static func check(
        _ path: String, in directory: String, _ variables: [String: String], hosts: [String: String] = [:]
    ) throws {
        let page = try Page(path)
        #expect(!page.transcript.isEmpty, "\(path) shows nothing")
        let commands = page.transcript.map { hosts.reduce($0.command) { $0.replacing($1.key, with: $1.value) } }
        let shown = try shown(by: commands, in: directory, variables)
            .map { hosts.reduce($0) { $0.replacing($1.value, with: $1.key) } }
        if getenv("BIO_UPDATE_GOLDEN") != nil {
            let text = Page.text(try SourceTree.lines(path), showing: shown)
            return try AtomicFile.write(Array(text.utf8), to: "\(SourceTree.root)/\(path)")
        }
        for (step, shown) in zip(page.transcript, shown) { #expect(shown == step.shown, "\(path): \(step.command)") }
    }
}

extension Page {
    /// The lines of a page with other results in its transcripts.
    static func text(_ lines: [Substring], showing results: [String]) -> String {
        var results = results[...]
        var text = ""
        var isTranscript = false
        for (number, line) in lines.enumerated() {
            if line.hasPrefix("```") { isTranscript = line == "```console" }
            if isTranscript, !line.hasPrefix("```"), !line.hasPrefix("$ ") { continue }
            text += line + (number + 1 < lines.count ? "\n" : "")
            if isTranscript, line.hasPrefix("$ ") { text += results.popFirst() ?? "" }
        }
        return text
    }
}
