// SPDX-License-Identifier: Apache-2.0

package import BioDocument

/// A template that has been read: Handlebars as Habitat uses it (docs/reference/templates.md), nothing escaped.
package struct Template: Sendable {
    /// What stands for a name that is not there.
    package enum Mode: Hashable, Sendable {
        /// Nothing, as in Habitat's hooks and configuration.
        case lenient
        /// An error with the place and the nearest name.
        case strict
    }

    /// Bounds of one rendering, so that a hostile template cannot eat the machine.
    package struct Limits: Hashable, Sendable {
        /// Bytes of the result, and of what one function may be given.
        package var output: Int
        /// Partials inside each other.
        package var partials: Int
        /// Nodes rendered and values walked.
        package var steps: Int

        package init(output: Int = 16 << 20, partials: Int = 64, steps: Int = 4_000_000) {
            self.output = output
            self.partials = partials
            self.steps = steps
        }
    }

    /// A line that `{{log}}` wrote.
    package struct LogLine: Hashable, Sendable {
        /// `debug`, `info`, `warn`, `error` or what the template says.
        package let level: String
        package let text: String
        package let file: String
        package let position: DocumentPosition
    }

    /// The most bytes of a template.
    package static let maximumLength = 4 << 20
    /// The most blocks inside each other.
    package static let maximumNesting = 64
    /// The most blocks and partials inside each other when rendering.
    package static let maximumDepth = 200

    let source: TemplateSource
    let body: TemplateBody
    let partials: [String: Template]

    /// Reads `text`. Errors show `name`, such as `hooks/install`. `partials` are what `{{> key}}` means, here and in
    /// each of them.
    package init(
        parsing text: String, name: String, partials: [String: Template] = [:]
    ) throws(TemplateError) {
        source = TemplateSource(name: name, bytes: Array(text.utf8))
        guard source.bytes.count <= Self.maximumLength else {
            throw TemplateSource(name: name, bytes: []).error(.templateTooLong(limit: Self.maximumLength), at: 0)
        }
        var parser = TemplateParser(source: source)
        body = try parser.parse()
        self.partials = partials
    }

    /// Reads the bytes of a file; they must be UTF-8.
    package init(
        parsing bytes: [UInt8], name: String, partials: [String: Template] = [:]
    ) throws(TemplateError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw TemplateSource(name: name, bytes: bytes).error(.notUTF8, at: Self.validLength(of: bytes))
        }
        try self.init(parsing: text, name: name, partials: partials)
    }

    /// The name given with the text.
    package var name: String { source.name }

    /// The text with `context` filled in. The same template, context and functions give the same text always.
    package func render(
        _ context: DocumentValue, functions: TemplateFunctions = .standard, mode: Mode = .lenient,
        limits: Limits = Limits(), log: ((LogLine) -> Void)? = nil
    ) throws(TemplateError) -> String {
        var renderer = TemplateRenderer(
            template: self, context: context, functions: functions, mode: mode, limits: limits, log: log)
        try renderer.render(body)
        return String(decoding: renderer.output, as: UTF8.self)
    }

    /// How many bytes at the beginning are UTF-8.
    private static func validLength(of bytes: [UInt8]) -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var length = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { length += UTF8.width(scalar) }
        return length
    }
}
