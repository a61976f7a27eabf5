// SPDX-License-Identifier: Apache-2.0

import BioCLI
import BioSystem
import BioTestSupport
import Testing

/// Every `--format json` has a schema in docs/reference/json, and what the program prints fits it.
@Suite(.timeLimit(.minutes(15))) struct SchemaTests {
    static let directory = "docs/reference/json"

    /// Command lines for each command, run one after the other in `SignedWorld`; `HART` and `PLUGIN` stand for an
    /// artifact and a plugin's directory, `IMAGE` and `OTHER-IMAGE` for images of the layout `IMAGES`, `COPY` for a place.
    static let runs: [(command: String, lines: [String])] = [
        ("image inspect", ["image inspect IMAGE"]),
        ("image ls", ["image ls IMAGES"]),
        ("image copy", ["image copy IMAGE COPY --dry-run", "image copy IMAGE COPY"]),
        (
            "image diff",
            ["image diff IMAGE IMAGE", "image diff IMAGE OTHER-IMAGE --files", "image diff OTHER-IMAGE IMAGE --files"]
        ),
        ("image verify", ["image verify IMAGE", "image verify OTHER-IMAGE --recompute"]),
        ("pkg install", ["pkg install HART", "pkg install acme/app"]),
        ("pkg list", ["pkg list", "pkg list nobody/nothing", "pkg list --origin acme", "pkg list --cached"]),
        ("pkg path", ["pkg path acme/app"]),
        (
            "pkg dependencies",
            ["pkg dependencies acme/app", "pkg dependencies HART -t", "pkg dependencies acme/lib -r"]
        ),
        ("pkg env", ["pkg env acme/app"]),
        ("pkg provides", ["pkg provides IDENT"]),
        ("pkg search", ["pkg search acme", "pkg search nothing", "pkg search acme --limit 1"]),
        ("pkg graph", ["pkg graph acme/app", "pkg graph HART"]),
        ("pkg info", ["pkg info acme/app", "pkg info HART", "pkg info acme/lib"]),
        ("pkg hash", ["pkg hash HART", "pkg hash HART HART"]),
        ("pkg header", ["pkg header HART"]),
        ("pkg verify", ["pkg verify HART"]),
        ("pkg export", ["pkg export --list"]),
        (
            "pkg export FORMAT",
            [
                "pkg export tar acme/app --base-pkgs none -o OUT --results OUT",
                "pkg export tar acme/app --base-pkgs none --dry-run",
                "pkg export docker acme/app --runtime none --entrypoint /x -o OUT --results OUT --size-report",
                "pkg export docker acme/app --runtime none --entrypoint /x --to IMAGES --size-report --against IMAGE",
            ]
        ),
        ("origin key list", ["origin key list", "origin key list acme", "origin key list nobody"]),
        ("plugin list", ["plugin list"]),
        ("plugin explain", ["plugin explain tar", "plugin explain PLUGIN", "plugin explain tar --safe-mode"]),
        ("plugin info", ["plugin info tar", "plugin info PLUGIN"]),
        ("plugin describe", ["plugin describe PLUGIN"]), ("plugin check", ["plugin check PLUGIN"]),
        ("plugin install", ["plugin install PLUGIN --yes --allow-unsigned"]),
        ("plugin update", ["plugin update PLUGIN --yes --allow-unsigned"]),
        ("plugin verify", ["plugin verify INSTALLED"]),
        ("cache list", ["cache list", "cache list --layer-cache OUT"]), ("cache verify", ["cache verify"]),
        ("cache prune", ["cache prune", "cache prune --all --dryrun", "cache prune --keep-size 1G"]),
        ("svc status", ["svc status", "svc status one"]),
        ("plugin disable", ["plugin disable com.acme.x --reason why", "plugin disable com.acme.x --reason other"]),
        ("plugin enable", ["plugin enable com.acme.x", "plugin enable com.acme.x"]),
        ("plugin allow", ["plugin allow com.acme.* --key acme", "plugin allow com.acme.x --unsigned"]),
        ("plugin require-signature", ["plugin require-signature com.acme.y"]),
        ("plugin pin", ["plugin pin com.acme.y --digest blake2b-256:\(String(repeating: "0a", count: 32))"]),
        ("plugin clear", ["plugin clear tar"]),
        ("pkg uninstall", ["pkg uninstall acme/app --dryrun", "pkg uninstall acme/app --no-deps"]),
    ]

    /// Those that write a rule say the same of it.
    private static let ofRules = [
        "plugin enable", "plugin disable", "plugin allow", "plugin require-signature", "plugin pin",
    ]

    private static func schema(_ command: String) -> String {
        if ofRules.contains(command) { return "plugin-rule.schema.json" }
        return command.lowercased().replacing(" ", with: "-") + ".schema.json"
    }

    /// Commands with `--format json`, by the tables.
    private static func commands(_ command: CommandSpec, _ words: [String]) -> [String] {
        var found: [String] = []
        for option in command.options where option.name == "format" {
            if case .choice(_, let choices) = option.kind, choices.contains(where: { $0.name == "json" }) {
                found.append(words.joined(separator: " "))
            }
        }
        for child in command.subcommands where !child.isHidden { found += commands(child, words + [child.name]) }
        return found
    }

    @Test func everyCommandWithJSONHasASchemaAndARun() throws {
        let commands = Self.commands(CommandTree.root, []) + ["pkg export FORMAT"]
        for command in commands {
            let path = "\(SourceTree.root)/\(Self.directory)/\(Self.schema(command))"
            #expect(try FileStatus.of(path) != nil, "'bio \(command)' has --format json, and no \(path)")
            #expect(
                Self.runs.contains { $0.command == command }, "'bio \(command)' has --format json: add how to run it")
        }
        for (command, _) in Self.runs { #expect(commands.contains(command), "'bio \(command)' is not there any more") }
        let others = ["plugin-description.schema.json", "exec-request.schema.json", "exec-answer.schema.json"]
        let named = Set(commands.map(Self.schema) + others)
        for path in try SourceTree.files(Self.directory, ".json") {
            let name = path.split(separator: "/").last.map(String.init) ?? ""
            #expect(named.contains(name), "\(path) is of no command")
            #expect(try FileStatus.of("\(SourceTree.root)/dist/share/bio/schema/\(name)") != nil, "\(name)")
        }
    }

    @Test func thePageNamesEverySchema() throws {
        let page = try SourceTree.text("docs/reference/json.md")
        for name in try Directory.names("\(SourceTree.root)/\(Self.directory)") {
            let name = String(decoding: name, as: UTF8.self)
            #expect(page.contains("(json/\(name))"), "\(name)")
        }
    }

    @Test func schemasAndOutputsAreValid() throws {
        let world = try SignedWorld()
        // What is asked of a supervisor that runs.
        let desk = try SupervisorDesk([.service("one"), .service("two", metafiles: ["BINDS": "x=y\n"])])
        try desk.start("acme/one")
        #expect(try desk.bio.run("svc", "load", "acme/two", "--bind", "x:nobody.default").code == 0)
        try desk.wait("one", toBe: "up")
        try desk.wait("two", toBe: "waiting")
        var pairs: [String] = []
        for (command, lines) in Self.runs {
            for line in lines {
                let words = line.split(separator: " ").map { world.word(String($0)) } + ["--format", "json"]
                let outcome =
                    command == "svc status" ? try desk.outcome(words) : try world.bio.run(words) { _ in }
                let isDifference = line.hasPrefix("image diff") && outcome.code == ExitCode.different.rawValue
                let isRefusal = line.hasPrefix("image verify") && outcome.code == ExitCode.trustRefused.rawValue
                let isBroken = line.hasPrefix("plugin check") && outcome.code == ExitCode.pluginUnusable.rawValue
                #expect(outcome.code == 0 || isDifference || isRefusal || isBroken, "\(line): \(outcome.errors)")
                let file = world.file("document-\(pairs.count).json")
                try AtomicFile.write(Array(outcome.output.utf8), to: file)
                pairs += [Self.schema(command), file]
            }
        }
        #expect(desk.end() == 0)
        let judge = "\(SourceTree.root)/Tests/Support/json-schema"
        let outcome = try Tool.run([judge, "\(SourceTree.root)/\(Self.directory)"] + pairs)
        #expect(outcome.code == 0, "\(outcome.text)\(outcome.errorText)")
    }

    /// The judge judges: a document that lacks a key, or has one too many, is refused.
    @Test(arguments: [
        "{}", #"{"schema_version": 1, "packages": [], "more": 1}"#, #"{"schema_version": 2, "packages": []}"#,
    ])
    func whatDoesNotFitIsRefused(_ document: String) throws {
        let scratch = try Scratch()
        let file = try scratch.write(Array(document.utf8), to: "document")
        let judge = "\(SourceTree.root)/Tests/Support/json-schema"
        let outcome = try Tool.run([judge, "\(SourceTree.root)/\(Self.directory)", "pkg-list.schema.json", file])
        #expect(outcome.code == 1, "\(outcome.text)")
    }
}
