// SPDX-License-Identifier: Apache-2.0

import BioDocument
package import BioOCI
package import BioPackage
package import BioTemplate

/// How the user wants images called (docs/reference/image-options.md). What can be wrong before any package is known
/// is refused when this is made.
package struct ImageNaming: Sendable {
    package struct Tags: Hashable, Sendable {
        package var latest = true
        package var version = true
        package var versionRelease = true
        /// A template.
        package var custom: String?

        package init() {}
    }

    package static let standardName = "{{pkg_origin}}/{{pkg_name}}"
    package static let variables = ["pkg_origin", "pkg_name", "pkg_version", "pkg_release", "channel"]

    /// What a template means by itself: no function of a plugin has such a name.
    package static let ownWords = TemplateFunctions.blocks.union(TemplateFunctions.standard.names).union(variables)
        .union(["lookup", "log", "else", "this", "true", "false", "null"])

    private let name: Template
    private let custom: Template?
    private let functions: TemplateFunctions
    private let tags: Tags
    private let registry: String?
    private let tagPrefix: String

    /// - Parameters:
    ///   - nameText: a template for what stands before the tag.
    ///   - registry: what stands before the name, or nil.
    ///   - tagPrefix: what stands before every tag.
    ///   - functions: what templates may call.
    ///   - rehearsal: functions of the same names that need no package; nil: the same.
    package init(
        name nameText: String = standardName, tags: Tags = Tags(), registry: String? = nil, tagPrefix: String = "",
        functions: TemplateFunctions = .standard, rehearsal: TemplateFunctions? = nil
    ) throws(ImageNamingError) {
        self.functions = functions
        let name = try Self.template(nameText, of: "image-name", functions)
        let custom = try tags.custom.map { (text) throws(ImageNamingError) in
            try Self.template(text, of: "tag-custom", functions)
        }
        (self.name, self.custom) = (name, custom)
        self.tags = tags
        self.tagPrefix = tagPrefix
        self.registry = registry.map { Self.isHub($0) ? "docker.io" : $0.lowercased() }
        if let registry, !Self.isHub(registry) { try Self.check(registry) }
        // A package whose parts are called as the variables are: templates cannot compare, so what fails for it fails
        // for every package. Functions of plugins can: they see real packages alone.
        _ = try references(Self.variables, rehearsal ?? functions)
    }

    private static func template(
        _ text: String, of option: String, _ functions: TemplateFunctions
    ) throws(ImageNamingError) -> Template {
        do throws(TemplateError) {
            let template = try Template(parsing: text, name: "--\(option)")
            try template.check(variables: variables, functions: functions)
            return template
        } catch { throw .template(error) }
    }

    /// What upstream calls Docker Hub: the address of a protocol that is gone, which no name of an image can begin with.
    private static func isHub(_ registry: String) -> Bool {
        let name = registry.lowercased().utf8.split(separator: UInt8(ascii: "/")).map {
            String(decoding: Array($0), as: UTF8.self)
        }
        return (name.first == "https:" ? Array(name.dropFirst()) : name) == ["index.docker.io", "v1"]
    }

    private static func check(_ registry: String) throws(ImageNamingError) {
        do throws(ImageReference.ParseError) {
            _ = try ImageReference(name: registry.lowercased() + "/x", tag: String?.none)
        } catch {
            if case .scheme(let scheme) = error.problem {
                let rest = String(decoding: registry.utf8.dropFirst(scheme.utf8.count + 3), as: UTF8.self)
                let host = rest.split(separator: "@").last.map(String.init) ?? rest
                throw .registryScheme(registry, use: host.utf8.last == 0x2F ? String(host.dropLast()) : host)
            }
            throw .registry(registry, error)
        }
    }

    /// The references of an image of `package`, the first first: latest, version, version and release, custom. Without
    /// any tag it is the bare name.
    package func references(for package: QualifiedIdent, channel: String) throws(ImageNamingError) -> [ImageReference] {
        try references([package.origin, package.name, package.version, package.release, channel], functions)
    }

    /// `values` are those of the variables.
    private func references(_ values: [String], _ functions: TemplateFunctions) throws(ImageNamingError)
        -> [ImageReference]
    {
        var context = DocumentObject()
        for (variable, value) in zip(Self.variables, values) { context.append(variable, .string(value)) }
        let short = try rendered(name, .object(context), functions)
        let full = registry.map { "\($0)/\(short)" } ?? short
        var wanted: [(tag: String?, option: ImageNamingError.Option)] = []
        if tags.latest { wanted.append(("latest", .imageName)) }
        if tags.version { wanted.append((values[2], .tagVersion)) }
        if tags.versionRelease { wanted.append(("\(values[2])-\(values[3])", .tagVersionRelease)) }
        if let custom { wanted.append((try rendered(custom, .object(context), functions), .tagCustom)) }
        if wanted.isEmpty { wanted = [(nil, .imageName)] }
        var references: [ImageReference] = []
        for (tag, option) in wanted {
            let reference: ImageReference
            do throws(ImageReference.ParseError) {
                reference = try ImageReference(name: full, tag: tag.map { tagPrefix + $0 })
            } catch {
                throw .reference(error, error.isOfTag ? option : .imageName)
            }
            if !references.contains(reference) { references.append(reference) }
        }
        return references
    }

    private func rendered(
        _ template: Template, _ context: DocumentValue, _ functions: TemplateFunctions
    ) throws(ImageNamingError) -> String {
        do throws(TemplateError) {
            return try template.render(context, functions: functions, mode: .strict).lowercased()
        } catch {
            throw .template(error)
        }
    }
}

/// Why an image cannot be called as the user wants.
package enum ImageNamingError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Option: String, Hashable, Sendable {
        case imageName = "--image-name"
        case tagVersion = "--tag-version"
        case tagVersionRelease = "--tag-version-release"
        case tagCustom = "--tag-custom"
    }

    case template(TemplateError)
    /// `--registry-url` with `https://` before it.
    case registryScheme(String, use: String)
    case registry(String, ImageReference.ParseError)
    /// What a name or tag came to be, and the option that made it.
    case reference(ImageReference.ParseError, Option)
    /// Both `--tag-latest` and `--no-tag-latest`.
    case contradiction(String)

    package var description: String {
        switch self {
        case .template(let error): error.description
        case .registryScheme(let text, _):
            "--registry-url: '\(text.withoutUserInformation)' is a URL, and names of images have no scheme"
        case .registry(_, let error): "--registry-url: \(error)"
        case .reference(let error, let option): "\(option.rawValue): \(error)"
        case .contradiction(let tag): "--\(tag) and --no-\(tag) contradict each other"
        }
    }

    package var hint: String? {
        switch self {
        case .template(let error): error.hint
        case .registryScheme(_, let use): "write --registry-url \(use)"
        case .registry(_, let error): error.hint
        case .reference(_, .tagVersion): "leave the tag out with --no-tag-version, or give one with --tag-custom"
        case .reference(_, .tagVersionRelease):
            "leave the tag out with --no-tag-version-release, or give one with --tag-custom"
        case .reference(let error, _): error.hint
        case .contradiction(let tag): "give one of them; without any, --\(tag) holds"
        }
    }
}
