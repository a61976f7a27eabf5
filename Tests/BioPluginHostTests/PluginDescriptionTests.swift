// SPDX-License-Identifier: Apache-2.0

import BioDocument
import BioSystem
import BioTestSupport
import Glibc
import Testing

@testable import BioPluginHost

/// A description with one of everything.
func sampleDescription() -> PluginDescription {
    func option(_ id: String, _ kind: OptionDescription.Kind, default value: String = "") -> OptionDescription {
        OptionDescription(
            id: id, kind: kind, isHidden: false, isDeprecated: true, isRequired: false,
            isOperand: id == "file", summary: "Summary of \(id)", doc: "More", valueName: "VALUE", defaultValue: value,
            environment: "BIO_EXPORT_X", choices: [],
            aliases: ["old-\(id)"], minimum: 0, maximum: 0)
    }
    var choice = option("which", .choice, default: "one")
    choice.choices = [.init(value: "one", meaning: "the first"), .init(value: "two", meaning: "")]
    var number = option("count", .integer, default: "5")
    number.minimum = 1
    number.maximum = 10
    number.check = "is_small"
    return PluginDescription(
        abi: ABIVersion(rawValue: 0x1_0001), abiBuilt: ABIVersion(rawValue: 0x1_0001),
        abiNeeded: ABIVersion(rawValue: 0x1_0000),
        id: "org.example.thing", name: "thing", version: "1.0", vendor: "somebody", license: "MIT", url: "",
        formats: [
            FormatDescription(
                id: "thing", aliases: ["thingy"], summary: "Makes things", doc: "Long", isReproducible: true,
                isStreamable: true, isStreamed: true,
                options: [
                    option("flag", .flag), number, option("text", .string), option("file", .path), choice,
                    option("many", .list), option("compression", .compression, default: "zstd:3"),
                ], groups: ["bio.options.packages/1", "bio.options.image-name/1"],
                basePackages: [
                    .init(role: .shell, omitWhen: "flag"), .init(role: .cli, omitWhen: "which=two"),
                    .init(role: .launcher, omitWhen: ""),
                    .init(role: .other, omitWhen: "flag which=one", name: "jq", package: "jq-static"),
                ], artifactKinds: ["thing"], needs: ["bio.host.log/1"], tagPrefix: "thing-")
        ],
        functions: [
            FunctionDescription(name: "is_small", signature: "check(i64)", doc: "a small number"),
            FunctionDescription(name: "slug", signature: "s(s)", doc: ""),
            FunctionDescription(name: "any", signature: "*", doc: "whatever it is given"),
        ])
}

@Suite struct PluginDescriptionTests {
    @Test func aSoundOneHasNoProblem() { #expect(sampleDescription().problem == nil) }

    @Test func formatsAreFoundByNameAndAlias() {
        let description = sampleDescription()
        #expect(description.format(named: "thing")?.id == "thing")
        #expect(description.format(named: "thingy")?.id == "thing")
        #expect(description.format(named: "things") == nil)
    }

    @Test(arguments: [("0.9", UInt32(9)), ("1.2", 0x1_0002), ("65535.65535", .max)])
    func versionsAreReadAndWritten(_ text: String, _ raw: UInt32) {
        #expect(ABIVersion(parsing: text)?.rawValue == raw)
        #expect("\(ABIVersion(rawValue: raw))" == text)
    }

    @Test(arguments: ["", "1", "1.", ".1", "1.2.3", "a.b", "70000.1", "-1.2"])
    func whatIsNoVersionIsRefused(_ text: String) { #expect(ABIVersion(parsing: text) == nil) }

    @Test func versionsAreOrderedByMajorThenMinor() {
        #expect(ABIVersion(rawValue: 10) < ABIVersion(rawValue: 0x1_0000))
    }

    // MARK: - Variables

    @Test(arguments: ["", "BIO_EXPORT_THING", "HAB_PKG_EXPORT_CONTAINER_ENGINE", "SIGN", "SIGN_ARGS", "CPU"])
    func aVariableOfExportsMayGiveAValue(_ name: String) {
        var description = sampleDescription()
        description.formats[0].options[2].environment = name
        #expect(description.problem == nil)
    }

    /// What may hold a secret, or a place that only looks like the user's choice.
    @Test(arguments: [
        "GITHUB_TOKEN", "AWS_SECRET_ACCESS_KEY", "HAB_AUTH_TOKEN", "SSH_AUTH_SOCK", "HOME", "BIO_REGISTRY_PASSWORD",
        "BIO_EXPORT_", "HAB_PKG_EXPORT_", "SIGNER", "bio_export_x", " BIO_EXPORT_X",
    ])
    func anyOtherVariableIsNotItsToRead(_ name: String) {
        var description = sampleDescription()
        description.formats[0].options[2].environment = name
        #expect(
            description.problem
                == "format 'thing': option 'text': the variable '\(name)' is not its to read: names of such begin "
                + "with BIO_EXPORT_")
    }

    // MARK: - Rules

    typealias Change = @Sendable (inout PluginDescription) -> Void

    static let breaches: [(String, Change)] = [
        ("its id 'thing' is not a reverse domain such as org.example.thing", { $0.id = "thing" }),
        ("its id 'org..x' is not a reverse domain such as org.example.thing", { $0.id = "org..x" }),
        ("its name is empty", { $0.name = "" }), ("its version is empty", { $0.version = "" }),
        (
            "it needs ABI 1.2, more than the 1.1 it was built with",
            { $0.abiNeeded = ABIVersion(rawValue: 0x1_0002) }
        ),
        ("it offers no format", { $0.formats = [] }),
        ("it offers the format 'thing' twice", { $0.formats.append($0.formats[0]) }),
        ("it offers the format 'thing' twice", { $0.formats[0].aliases = ["thing"] }),
    ]

    static let formatBreaches: [(String, Change)] = [
        (
            "format 'x': 'x' is no format name: lower-case letters, digits and dashes, 2 to 32 of them",
            { $0.formats[0].id = "x" }
        ),
        (
            "format 'thing': 'no no' is no format name: lower-case letters, digits and dashes, 2 to 32 of them",
            { $0.formats[0].aliases = ["no no"] }
        ),
        ("format 'thing': it has no summary", { $0.formats[0].summary = "" }),
        ("format 'thing': it names no kind of artifact", { $0.formats[0].artifactKinds = [] }),
        (
            "format 'thing': the option 'old-flag' stands twice",
            { $0.formats[0].options[1].aliases = ["old-flag"] }
        ),
        (
            "format 'thing': a base package is omitted by the option 'nope', which it does not have",
            { $0.formats[0].basePackages[0].omitWhen = "nope" }
        ),
        (
            "format 'thing': a base package is omitted by 'flag=yes', which the option 'flag' can never be",
            { $0.formats[0].basePackages[0].omitWhen = "flag=yes" }
        ),
        (
            "format 'thing': a base package is omitted by 'which=three', which the option 'which' can never be",
            { $0.formats[0].basePackages[0].omitWhen = "which=three" }
        ),
        (
            "format 'thing': a base package is omitted by the option '', which it does not have",
            { $0.formats[0].basePackages[0].omitWhen = "=x" }
        ),
    ]

    static let seamBreaches: [(String, Change)] = [
        ("it is streamed, but not streamable", { $0.formats[0].isStreamable = false }),
        (
            "it has a tag prefix, but does not include 'bio.options.image-name/1', which makes tags",
            { $0.formats[0].groups.removeLast() }
        ),
        ("'-x' cannot begin a tag", { $0.formats[0].tagPrefix = "-x" }),
        ("'a b' cannot begin a tag", { $0.formats[0].tagPrefix = "a b" }),
        ("more than one option is an operand", { $0.formats[0].options[2].isOperand = true }),
        (
            "option 'many': an operand is one value, which no list is",
            {
                $0.formats[0].options[3].isOperand = false; $0.formats[0].options[5].isOperand = true
            }
        ),
        (
            "option 'file': an operand has a value name, which is not PKG",
            { $0.formats[0].options[3].valueName = "PKG" }
        ),
        (
            "a base package is omitted by 'which=three', which the option 'which' can never be",
            { $0.formats[0].basePackages[3].omitWhen = "flag which=three" }
        ),
        (
            "a base package of the role shell has a name of its own, which only others have",
            { $0.formats[0].basePackages[0].name = "sh" }
        ),
        (
            "'J q' is no name of a base package: lower-case letters, digits and dashes, at most 28",
            { $0.formats[0].basePackages[3].name = "J q" }
        ),
        ("another base package is called 'sup'", { $0.formats[0].basePackages[3].name = "sup" }),
        (
            "the base package 'jq' is 'a/b/', which is neither a package's name nor an ident",
            { $0.formats[0].basePackages[3].package = "a/b/" }
        ),
        ("the option 'jq-pkg' stands twice", { $0.formats[0].basePackages.append($0.formats[0].basePackages[3]) }),
        ("the option 'jq-pkg' stands twice", { $0.formats[0].options[2].aliases = ["jq-pkg"] }),
    ]

    static let optionBreaches: [(String, Change)] = [
        (
            "option 'Flag': 'Flag' is no option name: lower-case letters, digits and dashes, at most 32",
            {
                $0.formats[0].options[0].id = "Flag"; $0.formats[0].basePackages = []
            }
        ),
        ("option 'flag': it has no summary", { $0.formats[0].options[0].summary = "" }),
        ("option 'flag': a flag has no default", { $0.formats[0].options[0].defaultValue = "true" }),
        ("option 'file': a path has no default", { $0.formats[0].options[3].defaultValue = "/" }),
        ("option 'file': a path has no default", { $0.formats[0].options[3].defaultValue = "user.toml" }),
        ("option 'count': its minimum is above its maximum", { $0.formats[0].options[1].minimum = 11 }),
        ("option 'count': its default 'few' is no number", { $0.formats[0].options[1].defaultValue = "few" }),
        ("option 'which': it has no choices", { $0.formats[0].options[4].choices = [] }),
        (
            "option 'which': its default 'three' is none of its choices",
            { $0.formats[0].options[4].defaultValue = "three" }
        ),
        (
            "option 'compression': its default 'lzma' is no compression",
            { $0.formats[0].options[6].defaultValue = "lzma" }
        ),
    ]

    static let functionBreaches: [(String, Change)] = [
        (
            "function 'Slug': 'Slug' is no function name: lower-case letters, digits and _, at most 32",
            { $0.functions[1].name = "Slug" }
        ),
        ("function 'pkg_name': templates have that name by themselves", { $0.functions[1].name = "pkg_name" }),
        ("function 'if': templates have that name by themselves", { $0.functions[1].name = "if" }),
        ("function 'slug': it holds characters that steer a terminal", { $0.functions[1].doc = "a\nb" }),
        (
            "function 'slug': its signature 's(text)' is none: 'text' is no type at column 3",
            { $0.functions[1].signature = "s(text)" }
        ),
        ("it has the function 'slug' twice", { $0.functions.append($0.functions[1]) }),
        (
            "format 'thing': option 'count': its check 'nobody' is no function of the plugin",
            { $0.formats[0].options[1].check = "nobody" }
        ),
        (
            "format 'thing': option 'count': its check 'slug' is s(s), which is neither check(i64) nor *",
            { $0.formats[0].options[1].check = "slug" }
        ),
        (
            "format 'thing': option 'text': its check 'is_small' is check(i64), which is neither check(s) nor *",
            { $0.formats[0].options[2].check = "is_small" }
        ),
        ("format 'thing': option 'flag': a flag has no check", { $0.formats[0].options[0].check = "any" }),
    ]

    @Test(
        arguments: breaches + functionBreaches + formatBreaches
            + (seamBreaches + optionBreaches).map { ("format 'thing': " + $0.0, $0.1) }
    )
    func aBreachIsNamed(_ text: String, _ change: Change) {
        var description = sampleDescription()
        change(&description)
        #expect(description.problem == text)
    }

    // MARK: - JSON and frames

    @Test func comesBackFromJSON() throws {
        let document = try DocumentValue(json: sampleDescription().document.jsonBytes(.pretty))
        #expect(PluginDescription(document) == sampleDescription())
    }

    @Test func aDocumentThatLacksAnythingIsNone() throws {
        func strip(_ value: DocumentValue, _ path: [String]) -> [(String, DocumentValue)] {
            switch value {
            case .object(let object):
                var found: [(String, DocumentValue)] = []
                for member in object.members {
                    var without = DocumentObject()
                    for other in object.members where other.key != member.key { without.append(other.key, other.value) }
                    found.append(((path + [member.key]).joined(separator: "."), .object(without)))
                    for (name, changed) in strip(member.value, path + [member.key]) {
                        var with = DocumentObject()
                        for other in object.members {
                            with.append(other.key, other.key == member.key ? changed : other.value)
                        }
                        found.append((name, .object(with)))
                    }
                }
                return found
            case .array(let items):
                return items.indices.flatMap { index in
                    strip(items[index], path + ["\(index)"]).map { name, changed in
                        var copy = items
                        copy[index] = changed
                        return (name, .array(copy))
                    }
                }
            default: return []
            }
        }
        let variants = strip(sampleDescription().document, [])
        #expect(variants.count > 100)
        for (name, document) in variants {
            #expect(PluginDescription(document) == nil, "without \(name)")
        }
    }

    @Test func aFileBesideTheManifestIsUsedOnlyWhenItIsSound() throws {
        let scratch = try Scratch()
        // Waiting for a writer would be waiting for ever.
        mkfifo(scratch.file(PluginDescription.fileName), 0o600)
        #expect(DescriptionFile.read(in: scratch.path) == nil)
        unlink(scratch.file(PluginDescription.fileName))
        #expect(DescriptionFile.read(in: scratch.path) == nil)
        try DescriptionFile.write(sampleDescription(), in: scratch.path)
        #expect(DescriptionFile.read(in: scratch.path) == sampleDescription())
        var unsound = sampleDescription()
        unsound.formats = []
        try DescriptionFile.write(unsound, in: scratch.path)
        #expect(DescriptionFile.read(in: scratch.path) == nil)
        _ = try scratch.write(Array("{".utf8), to: "description.json")
        #expect(DescriptionFile.read(in: scratch.path) == nil)
    }

    @Test func comesBackFromAFrame() throws {
        var writer = FrameWriter()
        sampleDescription().write(to: &writer)
        #expect(try parse(writer.bytes) == sampleDescription())
    }

    @Test func nothingElseIsReadFromAFrame() {
        var writer = FrameWriter()
        sampleDescription().write(to: &writer)
        FrameAssault.cut(writer.bytes) { (bytes) throws(FrameError) in try parse(bytes) }
        FrameAssault.flip(writer.bytes) { (bytes) throws(FrameError) in try parse(bytes) }
    }

    private func parse(_ bytes: [UInt8]) throws(FrameError) -> PluginDescription {
        var reader = FrameReader(bytes)
        let description = try PluginDescription(from: &reader)
        try reader.end()
        return description
    }
}
