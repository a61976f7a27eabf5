// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// A description as JSON: the file `description.json` beside the manifest, and `bio plugin info --format json`.
extension PluginDescription {
    package static let fileName = "description.json"

    package var document: DocumentValue {
        [
            "description": 1,
            "id": .string(id), "name": .string(name), "version": .string(version), "vendor": .string(vendor),
            "license": .string(license), "url": .string(url),
            "abi": ["used": .string("\(abi)"), "built": .string("\(abiBuilt)"), "needed": .string("\(abiNeeded)")],
            "formats": .array(formats.map(\.document)), "functions": .array(functions.map(\.document)),
        ]
    }

    /// Reads what `document` wrote; nil for anything else. Such a file is a cache: the library is the truth, and a
    /// description that differs from it is refused when the plugin runs.
    package init?(_ document: DocumentValue) {
        guard document["description"]?.int == 1,
            let id = document["id"]?.string, let name = document["name"]?.string,
            let version = document["version"]?.string, let vendor = document["vendor"]?.string,
            let license = document["license"]?.string, let url = document["url"]?.string,
            let used = document["abi"]?["used"]?.string.flatMap({ ABIVersion(parsing: $0) }),
            let built = document["abi"]?["built"]?.string.flatMap({ ABIVersion(parsing: $0) }),
            let needed = document["abi"]?["needed"]?.string.flatMap({ ABIVersion(parsing: $0) }),
            let list = document["formats"]?.array, let functionList = document["functions"]?.array
        else { return nil }
        let formats = list.compactMap { FormatDescription($0) }
        let functions = functionList.compactMap { FunctionDescription($0) }
        guard formats.count == list.count, functions.count == functionList.count else { return nil }
        self.init(
            abi: used, abiBuilt: built, abiNeeded: needed, id: id, name: name, version: version, vendor: vendor,
            license: license, url: url, formats: formats, functions: functions)
    }
}

extension FormatDescription {
    package var document: DocumentValue {
        [
            "id": .string(id), "aliases": .strings(aliases), "summary": .string(summary), "doc": .string(doc),
            "reproducible": .bool(isReproducible), "streamable": .bool(isStreamable),
            "streamed": .bool(isStreamed), "tag_prefix": .string(tagPrefix),
            "options": .array(options.map(\.document)), "option_groups": .strings(groups),
            "base_packages": .array(
                basePackages.map {
                    [
                        "role": .string($0.role.word), "omit_when": .string($0.omitWhen), "name": .string($0.name),
                        "package": .string($0.package),
                    ]
                }),
            "artifact_kinds": .strings(artifactKinds), "needs": .strings(needs),
        ]
    }

    init?(_ document: DocumentValue) {
        guard let id = document["id"]?.string, let aliases = document["aliases"]?.strings,
            let summary = document["summary"]?.string, let doc = document["doc"]?.string,
            let isReproducible = document["reproducible"]?.bool, let isStreamable = document["streamable"]?.bool,
            let isStreamed = document["streamed"]?.bool, let tagPrefix = document["tag_prefix"]?.string,
            let options = document["options"]?.array, let groups = document["option_groups"]?.strings,
            let bases = document["base_packages"]?.array, let kinds = document["artifact_kinds"]?.strings,
            let needs = document["needs"]?.strings
        else { return nil }
        let parsedOptions = options.compactMap { OptionDescription($0) }
        let parsedBases = bases.compactMap { base -> BasePackageDescription? in
            guard let role = base["role"]?.string.flatMap({ BasePackageDescription.Role(word: $0) }),
                let omitWhen = base["omit_when"]?.string, let name = base["name"]?.string,
                let package = base["package"]?.string
            else { return nil }
            return BasePackageDescription(role: role, omitWhen: omitWhen, name: name, package: package)
        }
        guard parsedOptions.count == options.count, parsedBases.count == bases.count else { return nil }
        self.init(
            id: id, aliases: aliases, summary: summary, doc: doc, isReproducible: isReproducible,
            isStreamable: isStreamable, isStreamed: isStreamed, options: parsedOptions, groups: groups,
            basePackages: parsedBases, artifactKinds: kinds, needs: needs, tagPrefix: tagPrefix)
    }
}

extension OptionDescription {
    package var document: DocumentValue {
        [
            "id": .string(id), "kind": .string(kind.word), "hidden": .bool(isHidden), "deprecated": .bool(isDeprecated),
            "required": .bool(isRequired), "operand": .bool(isOperand),
            "summary": .string(summary), "doc": .string(doc),
            "value_name": .string(valueName), "default": .string(defaultValue), "environment": .string(environment),
            "choices": .array(choices.map { ["value": .string($0.value), "meaning": .string($0.meaning)] }),
            "aliases": .strings(aliases), "minimum": .integer(minimum), "maximum": .integer(maximum),
            "check": .string(check),
        ]
    }

    init?(_ document: DocumentValue) {
        guard let id = document["id"]?.string,
            let kind = document["kind"]?.string.flatMap({ Kind(word: $0) }), let isHidden = document["hidden"]?.bool,
            let isDeprecated = document["deprecated"]?.bool, let isRequired = document["required"]?.bool,
            let isOperand = document["operand"]?.bool,
            let summary = document["summary"]?.string, let doc = document["doc"]?.string,
            let valueName = document["value_name"]?.string, let defaultValue = document["default"]?.string,
            let environment = document["environment"]?.string, let choices = document["choices"]?.array,
            let aliases = document["aliases"]?.strings, let minimum = document["minimum"]?.int,
            let maximum = document["maximum"]?.int, let check = document["check"]?.string
        else { return nil }
        let parsed = choices.compactMap { choice -> Choice? in
            guard let value = choice["value"]?.string, let meaning = choice["meaning"]?.string else { return nil }
            return Choice(value: value, meaning: meaning)
        }
        guard parsed.count == choices.count else { return nil }
        self.init(
            id: id, kind: kind, isHidden: isHidden, isDeprecated: isDeprecated, isRequired: isRequired,
            isOperand: isOperand, summary: summary, doc: doc, valueName: valueName, defaultValue: defaultValue,
            environment: environment,
            choices: parsed, aliases: aliases, minimum: Int64(minimum), maximum: Int64(maximum),
            check: check)
    }
}

extension FunctionDescription {
    package var document: DocumentValue {
        ["name": .string(name), "signature": .string(signature), "doc": .string(doc)]
    }

    init?(_ document: DocumentValue) {
        guard let name = document["name"]?.string, let signature = document["signature"]?.string,
            let doc = document["doc"]?.string
        else { return nil }
        self.init(name: name, signature: signature, doc: doc)
    }
}

extension DocumentValue {
    /// An array of nothing but strings.
    fileprivate var strings: [String]? {
        guard let array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }
}
