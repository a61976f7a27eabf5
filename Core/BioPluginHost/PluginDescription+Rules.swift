// SPDX-License-Identifier: Apache-2.0

import BioArchive
import BioPackage
import CBioExport

/// What a description must keep to before the host believes it.
extension PluginDescription {
    /// The first thing that is wrong, as a sentence about the plugin; nil when the description is sound.
    package var problem: String? {
        if let wrong = Self.wrongID(id) { return "its id '\(id)' \(wrong)" }
        for text in [name, version, vendor, license, url] where !text.isPlain() {
            return "it holds characters that steer a terminal"
        }
        if name.isEmpty { return "its name is empty" }
        if version.isEmpty { return "its version is empty" }
        if abiNeeded > abiBuilt { return "it needs ABI \(abiNeeded), more than the \(abiBuilt) it was built with" }
        if formats.isEmpty { return "it offers no format" }
        var names = Set<String>()
        for function in functions {
            if let problem = function.problem { return "function '\(function.name.shown)': \(problem)" }
            if !names.insert(function.name).inserted { return "it has the function '\(function.name)' twice" }
        }
        var words = Set<String>()
        for format in formats {
            for word in [format.id] + format.aliases where !words.insert(word).inserted {
                return "it offers the format '\(word)' twice"
            }
            if let problem = format.problem { return "format '\(format.id)': \(problem)" }
            if let problem = checkProblem(of: format) { return "format '\(format.id)': \(problem)" }
        }
        return nil
    }

    /// A check is a function of the plugin that takes what the option's values are.
    private func checkProblem(of format: FormatDescription) -> String? {
        for option in format.options where !option.check.isEmpty {
            let place = "option '\(option.id)'"
            guard option.kind != .flag else { return "\(place): a flag has no check" }
            guard let type = function(named: option.check)?.type else {
                return "\(place): its check '\(option.check.shown)' is no function of the plugin"
            }
            guard type.checks(option.kind) else {
                let wanted = option.kind == .integer ? "check(i64)" : "check(s)"
                return "\(place): its check '\(option.check)' is \(type), which is neither \(wanted) nor *"
            }
        }
        return nil
    }

    /// Ids are reverse domains: pieces of `[a-z0-9-]` joined by dots.
    package static func wrongID(_ id: String) -> String? {
        let pieces = id.split(separator: ".", omittingEmptySubsequences: false)
        guard pieces.count >= 2, id.utf8.count <= 128, pieces.allSatisfy({ FormatDescription.isWord($0, limit: 64) })
        else {
            return "is not a reverse domain such as org.example.thing"
        }
        return nil
    }
}

extension String {
    /// Whether it shows as it is: no control characters (line feeds only if allowed), none that turn the reading
    /// direction.
    func isPlain(allowingLines: Bool = false) -> Bool {
        unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x0A: allowingLines
            case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
            default: true
            }
        }
    }
}

extension FormatDescription {
    /// BIO_GROUP_PACKAGES
    package static let packagesGroup = "bio.options.packages/1"
    /// BIO_GROUP_IMAGE_NAME
    package static let imageNameGroup = "bio.options.image-name/1"
    /// BIO_GROUP_IMAGE
    package static let imageGroup = "bio.options.image/1"

    /// Whether it makes images itself; the options of images of one that does not are for its child exports.
    package var makesImages: Bool { groups.contains(Self.imageGroup) && needs.contains(BIO_EXT_OCI) }

    private static let groups = [packagesGroup, imageNameGroup, imageGroup]

    /// `[a-z][a-z0-9-]*`, at most `limit` characters.
    static func isWord(_ text: some StringProtocol, limit: Int = 32) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= limit else { return false }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard letters.contains(first) || (limit > 32 && digits.contains(first)) else { return false }
        return text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
    }

    var problem: String? {
        for word in [id] + aliases where !Self.isWord(word) || word.utf8.count < 2 {
            return "'\(word)' is no format name: lower-case letters, digits and dashes, 2 to 32 of them"
        }
        for text in [summary] + artifactKinds + needs where !text.isPlain() {
            return "it holds characters that steer a terminal"
        }
        if !doc.isPlain(allowingLines: true) { return "its doc holds characters that steer a terminal" }
        for group in groups where !Self.groups.contains(group) {
            return "it includes the option group '\(group)', which this host does not have"
        }
        if !basePackages.isEmpty && !groups.contains(Self.packagesGroup) {
            return "it wants base packages, but does not include '\(Self.packagesGroup)', which finds them"
        }
        if summary.isEmpty { return "it has no summary" }
        if artifactKinds.isEmpty { return "it names no kind of artifact" }
        if isStreamed && !isStreamable { return "it is streamed, but not streamable" }
        if let problem = tagPrefixProblem { return problem }
        if options.count(where: \.isOperand) > 1 { return "more than one option is an operand" }
        var spellings = Set<String>()
        for option in options {
            for word in [option.id] + option.aliases where !spellings.insert(word).inserted {
                return "the option '\(word)' stands twice"
            }
            if let problem = option.problem { return "option '\(option.id)': \(problem)" }
        }
        for base in basePackages {
            for omission in base.omissions {
                if let problem = problem(of: omission) { return problem }
            }
            if let problem = base.problem { return problem }
            if base.role == .other, !spellings.insert(base.optionName).inserted {
                return "the option '\(base.optionName)' stands twice"
            }
        }
        return nil
    }

    /// It begins a tag, so it is one itself (`[A-Za-z0-9_][A-Za-z0-9._-]*`).
    private var tagPrefixProblem: String? {
        if tagPrefix.isEmpty { return nil }
        guard groups.contains(Self.imageNameGroup) else {
            return "it has a tag prefix, but does not include '\(Self.imageNameGroup)', which makes tags"
        }
        let letters = tagPrefix.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
        guard letters, tagPrefix.utf8.count <= 32, tagPrefix.utf8.first != 0x2D, tagPrefix.utf8.first != 0x2E else {
            return "'\(tagPrefix)' cannot begin a tag"
        }
        return nil
    }

    /// `option` names a flag, `option=value` an option that can have the value.
    private func problem(of omission: BasePackageDescription.Omission) -> String? {
        guard let option = options.first(where: { $0.id == omission.option }) else {
            return "a base package is omitted by the option '\(omission.option)', which it does not have"
        }
        switch (option.kind, omission.value) {
        case (.flag, nil), (.string, _?), (.path, _?), (.integer, _?), (.compression, _?): return nil
        case (.choice, let value?) where option.choices.contains { $0.value == value }: return nil
        default: return "a base package is omitted by '\(omission)', which the option '\(option.id)' can never be"
        }
    }
}

extension BasePackageDescription {
    /// Of another: what the user chooses another with, without the two dashes.
    package var optionName: String { "\(name)-pkg" }

    var problem: String? {
        guard role == .other else {
            return name.isEmpty && package.isEmpty
                ? nil : "a base package of the role \(role.word) has a name of its own, which only others have"
        }
        guard FormatDescription.isWord(name, limit: 28) else {
            return "'\(name)' is no name of a base package: lower-case letters, digits and dashes, at most 28"
        }
        // The options of the other roles, and what they were called before.
        guard !["bio", "hab", "sup", "launcher"].contains(name) else {
            return "another base package is called '\(name)'"
        }
        guard (try? PackageIdent(parsing: package.contains("/") ? package : "core/\(package)")) != nil else {
            return "the base package '\(name)' is '\(package)', which is neither a package's name nor an ident"
        }
        return nil
    }
}

extension OptionDescription {
    var problem: String? {
        let texts = [summary, valueName, defaultValue, environment] + choices.flatMap { [$0.value, $0.meaning] }
        if !texts.allSatisfy({ $0.isPlain() }) || !doc.isPlain(allowingLines: true) {
            return "it holds characters that steer a terminal"
        }
        for word in [id] + aliases where !FormatDescription.isWord(word, limit: 32) {
            return "'\(word)' is no option name: lower-case letters, digits and dashes, at most 32"
        }
        if summary.isEmpty { return "it has no summary" }
        if !environment.isEmpty && !Self.isVariable(environment) {
            return "the variable '\(environment)' is not its to read: names of such begin with BIO_EXPORT_"
        }
        if isOperand {
            if kind == .flag || kind == .list { return "an operand is one value, which no \(kind.word) is" }
            if valueName.isEmpty || valueName == "PKG" { return "an operand has a value name, which is not PKG" }
        }
        switch kind {
        case .flag:
            if !defaultValue.isEmpty { return "a flag has no default" }
        case .choice:
            if choices.isEmpty { return "it has no choices" }
            if !defaultValue.isEmpty && !choices.contains(where: { $0.value == defaultValue }) {
                return "its default '\(defaultValue)' is none of its choices"
            }
        case .integer:
            if minimum > maximum { return "its minimum is above its maximum" }
            if !defaultValue.isEmpty && Int64(defaultValue) == nil {
                return "its default '\(defaultValue)' is no number"
            }
        case .compression:
            if !defaultValue.isEmpty && (try? Compression(parsing: defaultValue)) == nil {
                return "its default '\(defaultValue)' is no compression"
            }
        case .path:
            // What it may read the user says, nobody else.
            if !defaultValue.isEmpty { return "a path has no default" }
        case .string, .list: break
        }
        return nil
    }

    /// Those of the exporters that scripts were written for.
    private static let formerVariables = ["SIGN", "SIGN_ARGS", "CPU", "MEM", "DISK", "INSTANCES"]

    /// Other variables may hold credentials.
    private static func isVariable(_ name: String) -> Bool {
        ["BIO_EXPORT_", "HAB_PKG_EXPORT_"].contains { name.hasPrefix($0) && name != $0 }
            || formerVariables.contains(name)
    }
}
